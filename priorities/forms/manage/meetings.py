"""A meeting at which a plan is reviewed: what is asked."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities.forms.manage.base import Group, ItemForm, drawn, reason_field
from priorities.models import Meeting


class MeetingForm(ItemForm):
    """When a meeting is, who meets, and whether it is called off; a change of the day says why."""

    ONCE: ClassVar[tuple[str, ...]] = ()
    LATER = ("called_off", "reason")
    groups = (
        Group(
            gettext_lazy("Meeting"),
            ("held_on", "name", "agenda_url"),
            gettext_lazy(
                "The public reads it on the plan’s page. “Since the last meeting” counts from the "
                "end of its day."
            ),
        ),
        Group(
            gettext_lazy("Call off"),
            ("called_off",),
            gettext_lazy("To move the meeting, change its day above instead."),
        ),
        Group(gettext_lazy("Why"), ("reason",)),
    )
    reason = reason_field(
        help_text=gettext_lazy(
            "Needed when the meeting is moved or called off. The public reads it, for example "
            "“No quorum”."
        )
    )

    class Meta:
        model = Meeting
        formfield_callback = drawn
        fields = ("held_on", "name", "agenda_url", "called_off")

    def clean(self) -> dict[str, Any]:
        """A meeting that is moved, called off or taken up again says why."""
        cleaned = super().clean()
        moved = {"held_on", "called_off"}.intersection(self.changed_data)
        if "reason" in self.fields and moved and not cleaned.get("reason"):
            self.add_error("reason", _("Say why the meeting is moved or called off."))
        return cleaned
