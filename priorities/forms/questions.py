"""Forms of reviewers' questions and ratings: what is asked, who may read it, by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities import labels
from priorities.enums import Health, Visibility
from priorities.forms.manage.base import day_input

#: Longest question, answer or reason that is taken.
LONGEST = 4000
#: How long an answer may usually take, and at most.
USUAL_DAYS, MOST_DAYS = 14, 366

Choices = list[tuple[str, str]]


class LimitedText(forms.CharField):
    """A text of several lines."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=LONGEST, widget=widget, **kwargs)


class ReadersField(forms.ChoiceField):
    """Who may read it: never chosen beforehand, so that nothing is public by accident."""

    def __init__(self, *, public: str | Promise, internal: str | Promise, **kwargs: Any) -> None:
        self.words = {Visibility.PUBLIC: public, Visibility.INTERNAL: internal}
        kwargs.setdefault("label", gettext_lazy("Who may read it"))
        super().__init__(
            choices=[(code.value, words) for code, words in self.words.items()],
            widget=forms.RadioSelect,
            error_messages=dict.fromkeys(
                ("required", "invalid_choice"), gettext_lazy("Choose who may read it.")
            ),
            **kwargs,
        )

    def only_internal(self) -> None:
        """The item is internal itself: what is said of it is, too."""
        words = _("Only staff and reviewers: the item is internal")
        self.choices = [(Visibility.INTERNAL.value, words)]
        self.initial = Visibility.INTERNAL.value
        # What was chosen before it became internal is chosen anew, by who knows that.
        self.error_messages["invalid_choice"] = _(
            "The item is internal now: choose again who may read it."
        )


class DueField(forms.DateField):
    """The day by which an answer is awaited."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Answer by"),
            widget=day_input(),
            error_messages={
                "required": gettext_lazy("Say by which day you need the answer."),
                "invalid": gettext_lazy("Write the day as year-month-day, for example 2023-07-21."),
            },
        )


class QuestionForm(forms.Form):
    """A question: about what of the item, its words, its readers, its day."""

    about = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "What you chose was corrected, or is not there any more: choose again."
            )
        },
    )
    text = LimitedText(
        label=gettext_lazy("Your question"),
        help_text=gettext_lazy("One question at a time is answered best."),
        error_messages={"required": gettext_lazy("Write the question.")},
    )
    visibility = ReadersField(
        public=gettext_lazy("Everyone: question and answer stand on the public page"),
        internal=gettext_lazy("Only staff and reviewers"),
    )
    answer_due_on = DueField()
    #: The choices say what staying empty means.
    say_optional = False

    def __init__(
        self,
        *args: Any,
        today: dt.date,
        about: Choices,
        inside: Collection[str] = (),
        public: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.inside = today, inside
        self.fields["about"].choices = about  # type: ignore[attr-defined]
        self.fields["answer_due_on"].initial = today + dt.timedelta(days=USUAL_DAYS)
        if len(about) == 1:
            self.fields["about"].widget = forms.HiddenInput()
        if not public:
            self.fields["visibility"].only_internal()  # type: ignore[attr-defined]

    def clean_answer_due_on(self) -> dt.date:
        """A day to come, and not too far off."""
        return due_day(self.cleaned_data["answer_due_on"], self.today)

    def clean(self) -> dict[str, Any]:
        """What is not public yet is asked about inside; ``inside`` names those choices."""
        data = super().clean() or {}
        if data.get("visibility") == Visibility.PUBLIC and data.get("about") in self.inside:
            words = _("That report is not public yet, so a question about it stays inside.")
            self.add_error("visibility", words)
        return data


class FollowUpForm(forms.Form):
    """A question that goes on from an answer: for the same readers, about the same."""

    text = LimitedText(
        label=gettext_lazy("What is still open?"),
        error_messages={"required": gettext_lazy("Write what is still open.")},
    )
    answer_due_on = DueField()

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["answer_due_on"].initial = today + dt.timedelta(days=USUAL_DAYS)

    def clean_answer_due_on(self) -> dt.date:
        """A day to come, and not too far off."""
        return due_day(self.cleaned_data["answer_due_on"], self.today)


class AnswerForm(forms.Form):
    """An answer: its words."""

    text = LimitedText(
        label=gettext_lazy("Your answer"),
        rows=7,
        error_messages={"required": gettext_lazy("Write the answer.")},
    )


class RatingForm(forms.Form):
    """A reviewer's own rating of a period, and why."""

    period_end = forms.ChoiceField(
        label=gettext_lazy("For which period?"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose the period.")
        ),
    )
    rating = forms.ChoiceField(
        label=gettext_lazy("Your rating"),
        choices=labels.choices(Health),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose your rating.")
        ),
    )
    reason = LimitedText(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("What you saw that the owner or the numbers do not say."),
        error_messages={
            "required": gettext_lazy("Say why: a rating without a reason helps nobody.")
        },
    )
    visibility = ReadersField(
        public=gettext_lazy("Everyone: rating and reason stand on the public page"),
        internal=gettext_lazy("Only staff and reviewers"),
    )

    def __init__(self, *args: Any, periods: Choices, public: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period_end"].choices = periods  # type: ignore[attr-defined]
        if not public:
            self.fields["visibility"].only_internal()  # type: ignore[attr-defined]


def due_day(day: dt.date, today: dt.date) -> dt.date:
    """The day, if an answer can be awaited by then.

    Errors: ``ValidationError`` for a day that is past, or more than a year away.
    """
    if day < today:
        raise ValidationError(_("The day is past. Choose today or a later day."))
    if (day - today).days > MOST_DAYS:
        raise ValidationError(_("The day is more than a year away."))
    return day
