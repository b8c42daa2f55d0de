"""A strategic plan, its priorities and its reporting periods."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import Calendar, PlanState
from priorities.models.base import Recorded


class Plan(Recorded):
    """One strategic plan of the agency."""

    ITEM_TYPE: ClassVar[str] = "plan"
    LOGGED = (
        "code",
        "organization",
        "title",
        "tagline",
        "vision",
        "mission",
        "period_start",
        "period_end",
        "adopted_on",
        "source_url",
        "state",
        "closed_on",
        "predecessor",
        "requires_review",
        "grace_days",
        "priority_label",
        "initiative_label",
        "note",
        "provenance",
    )

    code = models.SlugField(_("code"), max_length=60, unique=True)
    organization = models.ForeignKey(
        "Organization",
        verbose_name=_("organization"),
        on_delete=models.PROTECT,
        related_name="plans",
    )
    title = models.CharField(_("title"), max_length=200)
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    vision = models.TextField(_("vision"), blank=True)
    mission = models.TextField(_("mission"), blank=True)
    period_start = models.DateField(_("period start"))
    period_end = models.DateField(_("period end"))
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=labels.choices(PlanState),
        default=PlanState.DRAFT.value,
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    predecessor = models.ForeignKey(
        "self",
        verbose_name=_("predecessor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
    )
    requires_review = models.BooleanField(
        _("updates need review"),
        default=False,
        help_text=_("A status update is published by an editor, not by its author."),
    )
    grace_days = models.PositiveSmallIntegerField(
        _("grace days"),
        default=15,
        help_text=_("Days after the end of a period until its report is due."),
    )
    priority_label = models.CharField(
        _("name of the first level"), max_length=60, default="Strategic priority"
    )
    initiative_label = models.CharField(
        _("name of the second level"), max_length=60, default="Initiative"
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("What a reader must know of this plan's record.")
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ("-period_start", "code")
        constraints = [
            models.CheckConstraint(
                name="plan_period_in_order",
                condition=Q(period_end__gte=F("period_start")),
                violation_error_message=_("The period ends before it starts."),
            ),
            models.CheckConstraint(
                name="plan_closed_has_date",
                condition=~Q(state=PlanState.CLOSED.value) | Q(closed_on__isnull=False),
                violation_error_message=_("A closed plan needs the day on which it was closed."),
            ),
            models.CheckConstraint(
                name="plan_not_its_own_predecessor",
                condition=~Q(predecessor=F("id")),
                violation_error_message=_("A plan cannot succeed itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def plan_code(self) -> str:
        return self.code

    @property
    def is_public(self) -> bool:
        return self.state != PlanState.DRAFT


class Priority(Recorded):
    """The top level of a plan."""

    ITEM_TYPE: ClassVar[str] = "priority"
    CODE = ("plan__code", "code")
    LOGGED = ("code", "plan", "order", "name", "summary", "description", "retired_on", "provenance")

    code = models.SlugField(_("code"), max_length=60)
    plan = models.ForeignKey(
        Plan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="priorities"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = models.CharField(_("name"), max_length=200)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    description = models.TextField(
        _("description"), blank=True, help_text=_("Markdown; raw HTML is not shown.")
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    class Meta:
        verbose_name = _("strategic priority")
        verbose_name_plural = _("strategic priorities")
        ordering = ("plan", "order", "code")
        constraints = [
            models.UniqueConstraint(
                "plan",
                "code",
                name="priority_code_once_in_plan",
                violation_error_message=_("This plan has a priority with that code already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def plan_code(self) -> str:
        return self.plan.code

    @property
    def is_public(self) -> bool:
        return self.plan.is_public


class ReportingPeriod(Recorded):
    """A window of a plan's calendar in which its initiatives report."""

    ITEM_TYPE: ClassVar[str] = "reporting_period"
    CODE = ("plan__code", "calendar", "end")
    LOGGED = ("plan", "calendar", "start", "end", "opens_on", "due_on", "closes_on", "provenance")

    plan = models.ForeignKey(
        Plan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="periods"
    )
    calendar = models.CharField(
        _("calendar"),
        max_length=20,
        choices=labels.choices(Calendar),
        default=Calendar.QUARTER.value,
    )
    start = models.DateField(_("start"))
    end = models.DateField(_("end"))
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due on"))
    closes_on = models.DateField(_("closes on"), null=True, blank=True)

    class Meta:
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        ordering = ("plan", "calendar", "end")
        constraints = [
            models.UniqueConstraint(
                "plan",
                "calendar",
                "end",
                name="period_once_in_calendar",
                violation_error_message=_(
                    "This plan has a period of that calendar and end already."
                ),
            ),
            models.CheckConstraint(
                name="period_dates_in_order",
                condition=Q(end__gte=F("start"), due_on__gte=F("end"), opens_on__lte=F("due_on"))
                & (Q(closes_on__isnull=True) | Q(closes_on__gte=F("due_on"))),
                violation_error_message=_(
                    "The dates must run: start, end, due, closing; opening before due."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.code} {self.start}–{self.end}"

    @property
    def plan_code(self) -> str:
        return self.plan.code

    @property
    def subject(self) -> tuple[str, str]:
        return Plan.ITEM_TYPE, self.plan.code

    @property
    def is_public(self) -> bool:
        return self.plan.is_public


class Meeting(Recorded):
    """A day on which a plan is reviewed in public: what "since the last meeting" counts from."""

    ITEM_TYPE: ClassVar[str] = "meeting"
    CODE = ("plan__code", "pk")
    LOGGED = ("plan", "held_on", "name", "agenda_url", "called_off", "provenance")

    plan = models.ForeignKey(
        Plan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="meetings"
    )
    held_on = models.DateField(_("held on"))
    name = models.CharField(
        _("name"), max_length=200, help_text=_("Who meets, for example the committee's name.")
    )
    agenda_url = models.URLField(_("agenda"), max_length=500, blank=True)
    called_off = models.BooleanField(
        _("called off"), default=False, help_text=_("It stays in the record and counts no more.")
    )

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("plan", "held_on", "id")
        constraints = [
            models.UniqueConstraint(
                "plan",
                "held_on",
                name="meeting_once_a_day",
                condition=Q(called_off=False),
                violation_error_message=_("This plan has a meeting on that day already."),
            ),
            models.CheckConstraint(
                name="meeting_has_name",
                condition=~Q(name=""),
                violation_error_message=_("Say who meets."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.held_on}"

    @property
    def plan_code(self) -> str:
        return self.plan.code

    @property
    def subject(self) -> tuple[str, str]:
        return Plan.ITEM_TYPE, self.plan.code

    @property
    def is_public(self) -> bool:
        return self.plan.is_public
