"""Forms of the handshake: a reason, the next person, several items for one person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from priorities import labels
from priorities.enums import AssignmentRole
from priorities.queries.ownership import people_who_can_answer

#: Longest reason that is taken.
LONGEST_REASON = 1000


class ReasonForm(forms.Form):
    """Why an item is declined or given back."""

    reason = forms.CharField(
        label=_("Why is it not yours?"),
        help_text=_(
            "Your division editor reads this and finds somebody else. If you know who it "
            "belongs to, say so."
        ),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why it is not yours.")},
    )


class EndForm(forms.Form):
    """Why somebody else's assignment or offer ends."""

    reason = forms.CharField(
        label=_("Why does it end?"),
        help_text=_("It stays on record with the assignment; the public does not see it."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why it ends.")},
    )


class HandOverForm(forms.Form):
    """Who is to take an item over."""

    person = forms.ModelChoiceField(
        label=_("Who takes it over?"),
        help_text=_("They are asked first. It stays with the present owner until they accept."),
        queryset=User.objects.none(),
        error_messages={"required": _("Choose who takes it over.")},
    )

    def __init__(self, *args: Any, without: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_who_can_answer().exclude(pk=without)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class OwnersForm(forms.Form):
    """Several items to be offered to one person."""

    items = forms.MultipleChoiceField(
        label=_("Items"),
        error_messages={"required": _("Tick at least one item.")},
    )
    person = forms.ModelChoiceField(
        label=_("Offer ownership to"),
        queryset=User.objects.none(),
        error_messages={"required": _("Choose a person.")},
    )

    def __init__(self, *args: Any, values: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [(value, value) for value in values]  # type: ignore[attr-defined]
        self.fields["person"].queryset = people_who_can_answer()  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    """One item to be offered to one person."""

    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.none(),
        error_messages={"required": _("Choose a person.")},
    )
    role = forms.ChoiceField(
        label=_("As"),
        choices=labels.choices(AssignmentRole),
        initial=AssignmentRole.OWNER.value,
        help_text=_("The owner answers for it; contributors may report it too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_who_can_answer()  # type: ignore[attr-defined]


class MailPreferenceForm(forms.Form):
    """Which optional mail a person wants; the rest is not asked."""

    early = forms.BooleanField(
        label=_("Tell me when a round opens, and a week before it is due"),
        required=False,
        initial=True,
    )
    summary = forms.BooleanField(
        label=_("Send me a weekly summary of what I look after"),
        help_text=_("For division editors and plan administrators."),
        required=False,
        initial=True,
    )
    #: A box that stays empty is an answer: nothing here is to be marked as optional.
    say_optional = False
