"""Append-only facts: what was said of an initiative or a metric, and when it became known.

A correction is a new row that supersedes the old one and says why. Once a row is published,
triggers in the database refuse to change it; they refuse every deletion.
"""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import (
    CLOSED_LIFECYCLES,
    BudgetKind,
    Health,
    Lifecycle,
    MissingReason,
    Quality,
    UpdateState,
)
from priorities.models.base import Fact
from priorities.models.initiative import Initiative
from priorities.models.metric import Metric

CLOSED = sorted(lifecycle.value for lifecycle in CLOSED_LIFECYCLES)
DIGITS, DECIMALS = 20, 6


class StatusUpdate(Fact):
    """What the owner says of an initiative for one reporting period."""

    ITEM_TYPE: ClassVar[str] = "status_update"
    CODE = ("initiative__plan__code", "initiative__code", "pk")
    LOGGED = (
        "initiative",
        "period",
        "period_end",
        "lifecycle",
        "health",
        "percent_complete",
        "narrative",
        "next_steps",
        "cause",
        "recovery_step",
        "recovery_on",
        "nothing_changed",
        "closed_on",
        "successor",
        "state",
        "return_comment",
        "supersedes",
        "recorded_by",
        "published_at",
        "provenance",
    )

    initiative = models.ForeignKey(
        "Initiative",
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="updates",
        db_index=False,
    )
    period = models.ForeignKey(
        "ReportingPeriod",
        verbose_name=_("reporting period"),
        on_delete=models.PROTECT,
        related_name="updates",
    )
    period_end = models.DateField(
        _("period end"),
        editable=False,
        help_text=_("The period's end, repeated for the index that finds the latest update."),
    )
    lifecycle = models.CharField(_("lifecycle"), max_length=20, choices=labels.choices(Lifecycle))
    health = models.CharField(
        _("health"), max_length=20, choices=labels.choices(Health), blank=True
    )
    percent_complete = models.PositiveSmallIntegerField(
        _("percent complete"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    narrative = models.TextField(_("what happened"), blank=True)
    next_steps = models.TextField(_("what is next"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    recovery_step = models.TextField(_("recovery step"), blank=True)
    recovery_on = models.DateField(_("recovery by"), null=True, blank=True)
    nothing_changed = models.BooleanField(_("nothing changed"), default=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    successor = models.ForeignKey(
        "Initiative",
        verbose_name=_("continued in"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="continues",
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=labels.choices(UpdateState),
        default=UpdateState.DRAFT.value,
    )
    return_comment = models.TextField(_("why it was returned"), blank=True)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("supersedes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )

    class Meta:
        verbose_name = _("status update")
        verbose_name_plural = _("status updates")
        ordering = ("-period_end", "-published_at", "-id")
        indexes = [
            models.Index(
                "initiative",
                F("period_end").desc(),
                F("published_at").desc(),
                F("id").desc(),
                name="status_update_latest",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="update_published_has_moment",
                condition=Q(state=UpdateState.PUBLISHED.value, published_at__isnull=False)
                | (~Q(state=UpdateState.PUBLISHED.value) & Q(published_at__isnull=True)),
                violation_error_message=_("A published update has its moment, no other has."),
            ),
            models.CheckConstraint(
                name="update_percent_to_hundred",
                condition=Q(percent_complete__isnull=True) | Q(percent_complete__lte=100),
                violation_error_message=_("Percent complete is from 0 to 100."),
            ),
            models.CheckConstraint(
                name="update_trouble_explained",
                condition=~Q(state=UpdateState.PUBLISHED.value)
                | Q(lifecycle__in=CLOSED)
                | Q(health__in=("", Health.ON_TRACK.value))
                | (~Q(cause="") & ~Q(recovery_step="") & Q(recovery_on__isnull=False)),
                violation_error_message=_(
                    "Say the cause, the recovery step and its date when it is not on track."
                ),
            ),
            models.CheckConstraint(
                name="update_open_has_health",
                condition=Q(lifecycle__in=[*CLOSED, Lifecycle.PAUSED.value])
                | ~Q(health="")
                | ~Q(state=UpdateState.PUBLISHED.value),
                violation_error_message=_("Say how the initiative stands."),
            ),
            models.CheckConstraint(
                name="update_closed_has_date",
                condition=(Q(lifecycle__in=CLOSED) & Q(closed_on__isnull=False))
                | (~Q(lifecycle__in=CLOSED) & Q(closed_on__isnull=True)),
                violation_error_message=_("A closed initiative has the day it was closed on."),
            ),
            models.CheckConstraint(
                name="update_successor_when_merged",
                condition=~Q(lifecycle__in=(Lifecycle.MERGED.value, Lifecycle.SUPERSEDED.value))
                | Q(successor__isnull=False),
                violation_error_message=_("Say which initiative continues the work."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} {self.period_end}"

    @property
    def plan_code(self) -> str:
        return self.initiative.plan.code

    @property
    def subject(self) -> tuple[str, str]:
        return Initiative.ITEM_TYPE, self.initiative.item_code

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.initiative.is_public


class MetricFact(Fact):
    """A fact about a metric."""

    metric: models.ForeignKey[Metric, Metric]

    class Meta:
        abstract = True

    @property
    def subject(self) -> tuple[str, str]:
        return Metric.ITEM_TYPE, self.metric.code

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.metric.is_public


class Observation(MetricFact):
    """The value of a metric for one period, or the reason why there is none."""

    ITEM_TYPE: ClassVar[str] = "observation"
    CODE = ("metric__code", "period_end", "pk")
    LOGGED = (
        "metric",
        "period_start",
        "period_end",
        "categories",
        "value",
        "missing_reason",
        "quality",
        "note",
        "source",
        "source_url",
        "reason",
        "supersedes",
        "recorded_by",
        "published_at",
        "provenance",
    )

    metric = models.ForeignKey(
        "Metric",
        verbose_name=_("metric"),
        on_delete=models.PROTECT,
        related_name="observations",
        db_index=False,
    )
    period_start = models.DateField(_("period start"))
    period_end = models.DateField(_("period end"))
    categories = models.CharField(
        _("categories"),
        max_length=200,
        blank=True,
        help_text=_('Empty for the total; else e.g. "district=4;language=es", in this order.'),
    )
    value = models.DecimalField(
        _("value"), max_digits=DIGITS, decimal_places=DECIMALS, null=True, blank=True
    )
    missing_reason = models.CharField(
        _("why there is no value"),
        max_length=20,
        choices=labels.choices(MissingReason),
        blank=True,
    )
    quality = models.CharField(
        _("quality"), max_length=20, choices=labels.choices(Quality), default=Quality.FINAL.value
    )
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    reason = models.TextField(_("reason for the correction"), blank=True)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("supersedes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ("metric", "-period_end", "-published_at", "-id")
        indexes = [
            models.Index(
                "metric",
                F("period_end").desc(),
                F("published_at").desc(),
                F("id").desc(),
                name="observation_latest",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="observation_value_or_reason",
                condition=(Q(value__isnull=False) & Q(missing_reason=""))
                | (Q(value__isnull=True) & ~Q(missing_reason="")),
                violation_error_message=_("Give a value, or the reason why there is none."),
            ),
            models.CheckConstraint(
                name="observation_period_in_order",
                condition=Q(period_end__gte=F("period_start")),
                violation_error_message=_("The period ends before it starts."),
            ),
            models.CheckConstraint(
                name="observation_correction_has_reason",
                condition=Q(supersedes__isnull=True) | ~Q(reason=""),
                violation_error_message=_("A correction says why."),
            ),
            models.CheckConstraint(
                name="observation_withdrawn_was_published",
                condition=Q(supersedes__isnull=False)
                | ~Q(missing_reason=MissingReason.WITHDRAWN.value),
                violation_error_message=_("Only what was published can be withdrawn."),
            ),
            models.UniqueConstraint(
                "metric",
                "period_start",
                "period_end",
                "categories",
                condition=Q(supersedes__isnull=True),
                name="observation_first_of_period_once",
                violation_error_message=_(
                    "This period has a value already; record a correction of it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.period_end}"


class Target(MetricFact):
    """What a metric should reach in a period, or by a date."""

    ITEM_TYPE: ClassVar[str] = "target"
    CODE = ("metric__code", "period_end", "pk")
    LOGGED = (
        "metric",
        "period_start",
        "period_end",
        "value",
        "low",
        "high",
        "adopted_on",
        "authority",
        "authority_url",
        "reason",
        "note",
        "supersedes",
        "recorded_by",
        "published_at",
        "provenance",
    )

    metric = models.ForeignKey(
        "Metric", verbose_name=_("metric"), on_delete=models.PROTECT, related_name="targets"
    )
    period_start = models.DateField(
        _("period start"), null=True, blank=True, help_text=_("Empty: a target by a date.")
    )
    period_end = models.DateField(_("period end, or date"))
    value = models.DecimalField(
        _("value"), max_digits=DIGITS, decimal_places=DECIMALS, null=True, blank=True
    )
    low = models.DecimalField(
        _("lowest"), max_digits=DIGITS, decimal_places=DECIMALS, null=True, blank=True
    )
    high = models.DecimalField(
        _("highest"), max_digits=DIGITS, decimal_places=DECIMALS, null=True, blank=True
    )
    adopted_on = models.DateField(_("adopted on"))
    authority = models.CharField(_("by authority of"), max_length=300)
    authority_url = models.URLField(_("address of the document"), max_length=500, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    note = models.TextField(_("note"), blank=True)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("supersedes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("metric", "-period_end", "-published_at", "-id")
        constraints = [
            models.CheckConstraint(
                name="target_value_or_range",
                condition=Q(value__isnull=False, low__isnull=True, high__isnull=True)
                | Q(value__isnull=True, low__isnull=False, high__isnull=False, high__gte=F("low")),
                violation_error_message=_("Give one value, or a lowest and a highest in order."),
            ),
            models.CheckConstraint(
                name="target_period_in_order",
                condition=Q(period_start__isnull=True) | Q(period_end__gte=F("period_start")),
                violation_error_message=_("The period ends before it starts."),
            ),
            models.CheckConstraint(
                name="target_change_has_reason",
                condition=Q(supersedes__isnull=True) | ~Q(reason=""),
                violation_error_message=_("A changed target says why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.period_end}"


class Baseline(MetricFact):
    """Where a metric stood before the work began; the newest one is in force."""

    ITEM_TYPE: ClassVar[str] = "baseline"
    CODE = ("metric__code", "on", "pk")
    LOGGED = (
        "metric",
        "on",
        "value",
        "source",
        "source_url",
        "note",
        "reason",
        "supersedes",
        "recorded_by",
        "published_at",
        "provenance",
    )

    metric = models.ForeignKey(
        "Metric", verbose_name=_("metric"), on_delete=models.PROTECT, related_name="baselines"
    )
    on = models.DateField(_("date"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6)
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    reason = models.TextField(_("reason for the change"), blank=True)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("supersedes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        ordering = ("metric", "-published_at", "-id")
        constraints = [
            models.CheckConstraint(
                name="baseline_change_has_reason",
                condition=Q(supersedes__isnull=True) | ~Q(reason=""),
                violation_error_message=_("A changed baseline says why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.on}"


class BudgetLine(Fact):
    """Money for an initiative in one fiscal year, in US dollars."""

    ITEM_TYPE: ClassVar[str] = "budget_line"
    CODE = ("initiative__plan__code", "initiative__code", "pk")
    LOGGED = (
        "initiative",
        "fiscal_year",
        "amount",
        "kind",
        "source",
        "source_url",
        "note",
        "reason",
        "supersedes",
        "recorded_by",
        "published_at",
        "provenance",
    )

    initiative = models.ForeignKey(
        "Initiative",
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="budget_lines",
    )
    fiscal_year = models.PositiveSmallIntegerField(
        _("fiscal year"), help_text=_("The calendar year in which it starts.")
    )
    amount = models.DecimalField(_("amount in US dollars"), max_digits=16, decimal_places=2)
    kind = models.CharField(_("kind"), max_length=20, choices=labels.choices(BudgetKind))
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    reason = models.TextField(_("reason for the correction"), blank=True)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("supersedes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ("initiative", "-fiscal_year", "id")
        constraints = [
            models.CheckConstraint(
                name="budget_line_correction_has_reason",
                condition=Q(supersedes__isnull=True) | ~Q(reason=""),
                violation_error_message=_("A correction says why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} {self.fiscal_year}"

    @property
    def plan_code(self) -> str:
        return self.initiative.plan.code

    @property
    def subject(self) -> tuple[str, str]:
        return Initiative.ITEM_TYPE, self.initiative.item_code

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.initiative.is_public
