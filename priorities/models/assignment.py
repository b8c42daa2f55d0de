"""Who answers for what, and who may do what."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import AssignmentRole, AssignmentState, Role
from priorities.models.base import Recorded


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Who answers for what, now."""

    def answering(self) -> AssignmentQuerySet:
        """Accepted by people whose accounts are active: nobody else answers for anything."""
        return self.filter(state=AssignmentState.ACCEPTED.value, person__is_active=True)

    def owning(self) -> AssignmentQuerySet:
        """The owners among them. An item without one here has no owner."""
        return self.answering().filter(role=AssignmentRole.OWNER.value)

    def ever_accepted(self) -> AssignmentQuerySet:
        """All that somebody accepted, from ``answered_on`` on and until ``ended_on``.

        What was given back is among them, what was only declined is not: that never began, so it
        has no end.
        """
        return self.filter(
            Q(state__in=(AssignmentState.ACCEPTED.value, AssignmentState.ENDED.value))
            | Q(state=AssignmentState.DECLINED.value, ended_on__isnull=False),
            answered_on__isnull=False,
        )

    def waiting(self) -> AssignmentQuerySet:
        """Offers that an active person has not answered yet."""
        return self.filter(state=AssignmentState.OFFERED.value, person__is_active=True)


class Assignment(Recorded):
    """A person answers for an initiative or a metric, once they have accepted."""

    ITEM_TYPE: ClassVar[str] = "assignment"
    CODE = ("pk",)
    LOGGED = (
        "person",
        "initiative",
        "metric",
        "role",
        "state",
        "offered_on",
        "answered_on",
        "ended_on",
        "reason",
        "replaces",
        "provenance",
    )

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    initiative = models.ForeignKey(
        "Initiative",
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
    )
    metric = models.ForeignKey(
        "Metric",
        verbose_name=_("metric"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
    )
    role = models.CharField(_("role"), max_length=20, choices=labels.choices(AssignmentRole))
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=labels.choices(AssignmentState),
        default=AssignmentState.OFFERED.value,
    )
    offered_on = models.DateField(_("offered on"))
    answered_on = models.DateField(_("accepted or declined on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    replaces = models.ForeignKey(
        "self",
        verbose_name=_("takes over from"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="handed_to",
        help_text=_("That assignment ends when this one is accepted."),
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("-offered_on", "id")
        constraints = [
            models.CheckConstraint(
                name="assignment_of_one_item",
                condition=Q(initiative__isnull=False, metric__isnull=True)
                | Q(initiative__isnull=True, metric__isnull=False),
                violation_error_message=_("Assign an initiative or a metric, one of them."),
            ),
            models.CheckConstraint(
                name="assignment_declined_has_reason",
                condition=~Q(state=AssignmentState.DECLINED.value) | ~Q(reason=""),
                violation_error_message=_("Say why it is declined."),
            ),
            models.UniqueConstraint(
                "initiative",
                condition=Q(role=AssignmentRole.OWNER.value, state=AssignmentState.ACCEPTED.value),
                name="initiative_has_one_owner",
                violation_error_message=_("This initiative has an owner already."),
            ),
            models.UniqueConstraint(
                "metric",
                condition=Q(role=AssignmentRole.OWNER.value, state=AssignmentState.ACCEPTED.value),
                name="metric_has_one_owner",
                violation_error_message=_("This metric has an owner already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.initiative or self.metric}"

    @property
    def is_public(self) -> bool:
        """Names of staff are not public."""
        return False

    @property
    def plan_code(self) -> str:
        return self.initiative.plan.code if self.initiative else ""

    @property
    def subject(self) -> tuple[str, str]:
        return self.initiative.subject if self.initiative else self.metric.subject  # type: ignore[union-attr]


class RoleGrant(Recorded):
    """A person has a role, in one division and below or everywhere."""

    ITEM_TYPE: ClassVar[str] = "role_grant"
    CODE = ("pk",)
    LOGGED = ("person", "role", "division", "granted_on", "revoked_on", "provenance")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="role_grants",
    )
    role = models.CharField(_("role"), max_length=20, choices=labels.choices(Role))
    division = models.ForeignKey(
        "Division",
        verbose_name=_("division"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_grants",
    )
    granted_on = models.DateField(_("granted on"))
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        ordering = ("person", "role")
        constraints = [
            models.CheckConstraint(
                name="role_division_for_editors",
                condition=Q(role=Role.DIVISION_EDITOR.value, division__isnull=False)
                | (~Q(role=Role.DIVISION_EDITOR.value) & Q(division__isnull=True)),
                violation_error_message=_("A division editor, and no other role, has a division."),
            ),
            models.UniqueConstraint(
                "person",
                "role",
                Coalesce("division", 0),
                condition=Q(revoked_on__isnull=True),
                name="role_granted_once",
                violation_error_message=_("This person has that role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"

    @property
    def is_public(self) -> bool:
        return False
