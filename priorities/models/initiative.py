"""An initiative and its milestones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import Calendar, DatePrecision, Visibility
from priorities.models.base import Recorded


class Initiative(Recorded):
    """Work under a strategic priority."""

    ITEM_TYPE: ClassVar[str] = "initiative"
    CODE = ("plan__code", "code")
    LOGGED = (
        "code",
        "plan",
        "priority",
        "related_priorities",
        "order",
        "name",
        "summary",
        "description",
        "lead_division",
        "supporting_divisions",
        "start",
        "start_precision",
        "end",
        "end_precision",
        "ongoing",
        "districts",
        "citywide",
        "tags",
        "links",
        "source_url",
        "visibility",
        "cadence",
        "carried_from",
        "provenance",
    )

    code = models.SlugField(_("code"), max_length=80)
    plan = models.ForeignKey(
        "Plan", verbose_name=_("plan"), on_delete=models.PROTECT, related_name="initiatives"
    )
    priority = models.ForeignKey(
        "Priority",
        verbose_name=_("strategic priority"),
        on_delete=models.PROTECT,
        related_name="initiatives",
    )
    related_priorities = models.ManyToManyField(
        "priorities.Priority",
        verbose_name=_("related priorities"),
        blank=True,
        related_name="related",
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    name = models.CharField(_("name"), max_length=200)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    description = models.TextField(
        _("description"), blank=True, help_text=_("Markdown; raw HTML is not shown.")
    )
    lead_division = models.ForeignKey(
        "Division",
        verbose_name=_("lead division"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
    )
    supporting_divisions = models.ManyToManyField(
        "priorities.Division",
        verbose_name=_("supporting divisions"),
        blank=True,
        related_name="supports",
    )
    start = models.DateField(_("start"), null=True, blank=True)
    start_precision = models.CharField(
        _("start is exact to"),
        max_length=10,
        choices=labels.choices(DatePrecision),
        default=DatePrecision.DAY.value,
    )
    end = models.DateField(_("end"), null=True, blank=True)
    end_precision = models.CharField(
        _("end is exact to"),
        max_length=10,
        choices=labels.choices(DatePrecision),
        default=DatePrecision.DAY.value,
    )
    ongoing = models.BooleanField(_("ongoing, without an end"), default=False)
    districts = models.JSONField(
        _("council districts"), default=list, blank=True, help_text=_("Numbers, e.g. [1, 14].")
    )
    citywide = models.BooleanField(_("citywide"), default=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    links = models.JSONField(
        _("links"),
        default=list,
        blank=True,
        help_text=_('A list of {"label": …, "url": …}.'),
    )
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=labels.choices(Visibility),
        default=Visibility.PUBLIC.value,
    )
    cadence = models.CharField(
        _("reporting cadence"),
        max_length=20,
        choices=labels.choices(Calendar),
        default=Calendar.QUARTER.value,
    )
    carried_from = models.ForeignKey(
        "self",
        verbose_name=_("carried over from"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
    )

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ("plan", "priority__order", "order", "code")
        constraints = [
            models.UniqueConstraint(
                "plan",
                "code",
                name="initiative_code_once_in_plan",
                violation_error_message=_("This plan has an initiative with that code already."),
            ),
            models.CheckConstraint(
                name="initiative_dates_in_order",
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gte=F("start")),
                violation_error_message=_("The initiative ends before it starts."),
            ),
            models.CheckConstraint(
                name="initiative_ongoing_has_no_end",
                condition=Q(ongoing=False) | Q(end__isnull=True),
                violation_error_message=_("An ongoing initiative has no end date."),
            ),
        ]
        indexes = [models.Index("plan", "priority", "order", "code", name="initiative_in_plan")]

    def __str__(self) -> str:
        return self.name

    @property
    def plan_code(self) -> str:
        return self.plan.code

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC and self.plan.is_public


class Milestone(Recorded):
    """A dated step of an initiative; the first promised date is kept for good."""

    ITEM_TYPE: ClassVar[str] = "milestone"
    CODE = ("initiative__plan__code", "initiative__code", "pk")
    LOGGED = (
        "initiative",
        "name",
        "due_on",
        "due_precision",
        "original_due_on",
        "done_on",
        "dropped_on",
        "source_url",
        "provenance",
    )

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="milestones",
    )
    name = models.CharField(_("name"), max_length=200)
    due_on = models.DateField(_("due on"))
    due_precision = models.CharField(
        _("due date is exact to"),
        max_length=10,
        choices=labels.choices(DatePrecision),
        default=DatePrecision.DAY.value,
    )
    original_due_on = models.DateField(_("originally due on"), editable=False)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    dropped_on = models.DateField(_("dropped on"), null=True, blank=True)
    source_url = models.URLField(_("source"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ("initiative", "due_on", "id")
        constraints = [
            models.CheckConstraint(
                name="milestone_done_or_dropped",
                condition=Q(done_on__isnull=True) | Q(dropped_on__isnull=True),
                violation_error_message=_("A milestone is done or dropped, not both."),
            ),
        ]
        indexes = [models.Index("due_on", name="milestone_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def plan_code(self) -> str:
        return self.initiative.plan.code

    @property
    def subject(self) -> tuple[str, str]:
        return Initiative.ITEM_TYPE, self.initiative.item_code

    @property
    def is_public(self) -> bool:
        return self.initiative.is_public
