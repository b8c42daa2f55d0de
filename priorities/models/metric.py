"""A metric, what it may be broken down by, and how it is to be judged."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import (
    Accumulation,
    Calendar,
    Direction,
    MetricKind,
    Stage,
    TargetPath,
    Visibility,
)
from priorities.models.base import Recorded


class Metric(Recorded):
    """A measured quantity. Metrics live across plans: a measure keeps its code for good."""

    ITEM_TYPE: ClassVar[str] = "metric"
    LOGGED = (
        "code",
        "order",
        "name",
        "definition",
        "unit",
        "unit_plural",
        "symbol",
        "kind",
        "decimals",
        "direction",
        "path",
        "accumulation",
        "calendar",
        "grace_days",
        "stage",
        "tolerance",
        "lead_division",
        "priorities",
        "initiatives",
        "headline",
        "source",
        "verification",
        "accuracy_needed",
        "known_limits",
        "limits_handling",
        "dimensions",
        "visibility",
        "started_on",
        "retired_on",
        "provenance",
    )

    code = models.SlugField(_("code"), max_length=80, unique=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    name = models.CharField(_("name"), max_length=200)
    definition = models.TextField(_("definition"), blank=True)
    unit = models.CharField(_("unit, singular"), max_length=60, blank=True)
    unit_plural = models.CharField(_("unit, plural"), max_length=60, blank=True)
    symbol = models.CharField(_("symbol"), max_length=10, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=labels.choices(MetricKind))
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    direction = models.CharField(
        _("direction"),
        max_length=20,
        choices=labels.choices(Direction),
        help_text=_("Which way is better. Stated, never guessed."),
    )
    path = models.CharField(
        _("between dated targets"),
        max_length=20,
        choices=labels.choices(TargetPath),
        default=TargetPath.STRAIGHT_LINE.value,
    )
    accumulation = models.CharField(
        _("accumulation"),
        max_length=20,
        choices=labels.choices(Accumulation),
        default=Accumulation.PERIOD.value,
    )
    calendar = models.CharField(_("calendar"), max_length=20, choices=labels.choices(Calendar))
    grace_days = models.PositiveSmallIntegerField(
        _("grace days"),
        default=15,
        help_text=_("Days after the end of a period until its value is due."),
    )
    stage = models.CharField(
        _("stage"), max_length=20, choices=labels.choices(Stage), default=Stage.OUTPUT.value
    )
    tolerance = models.DecimalField(
        _("tolerance"),
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("In the metric's unit. Empty: 10 % of the way from baseline to target."),
    )
    lead_division = models.ForeignKey(
        "Division",
        verbose_name=_("lead division"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="metrics",
    )
    priorities = models.ManyToManyField(
        "priorities.Priority",
        verbose_name=_("informs priorities"),
        blank=True,
        related_name="metrics",
    )
    initiatives = models.ManyToManyField(
        "priorities.Initiative",
        verbose_name=_("informs initiatives"),
        blank=True,
        related_name="metrics",
    )
    headline = models.BooleanField(_("headline metric"), default=False)
    source = models.TextField(_("source of the values"), blank=True)
    verification = models.TextField(_("how values are verified"), blank=True)
    accuracy_needed = models.TextField(_("accuracy needed"), blank=True)
    known_limits = models.TextField(_("known limits"), blank=True)
    limits_handling = models.TextField(_("how the limits are handled"), blank=True)
    dimensions = models.ManyToManyField(
        "priorities.Dimension", verbose_name=_("dimensions"), blank=True, related_name="metrics"
    )
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=labels.choices(Visibility),
        default=Visibility.PUBLIC.value,
    )
    started_on = models.DateField(
        _("reported since"),
        null=True,
        blank=True,
        help_text=_("No value is expected for a period that ended before this day."),
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        ordering = ("order", "code")
        constraints = [
            models.CheckConstraint(
                name="metric_tolerance_not_negative",
                condition=Q(tolerance__isnull=True) | Q(tolerance__gte=0),
                violation_error_message=_("A tolerance is zero or more."),
            ),
            models.CheckConstraint(
                name="metric_decimals_at_most_six",
                condition=Q(decimals__lte=6),
                violation_error_message=_("Values are kept to six decimals."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC


class Dimension(Recorded):
    """A way to break values down, e.g. by council district or language."""

    ITEM_TYPE: ClassVar[str] = "dimension"
    LOGGED = ("code", "name", "provenance")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Category(Recorded):
    """One value of a dimension, e.g. Council District 4."""

    ITEM_TYPE: ClassVar[str] = "category"
    CODE = ("dimension__code", "code")
    LOGGED = ("code", "dimension", "order", "name", "provenance")

    code = models.SlugField(_("code"), max_length=60)
    dimension = models.ForeignKey(
        Dimension,
        verbose_name=_("dimension"),
        on_delete=models.PROTECT,
        related_name="categories",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("dimension", "order", "code")
        constraints = [
            models.UniqueConstraint(
                "dimension",
                "code",
                name="category_code_once_in_dimension",
                violation_error_message=_("This dimension has a category with that code already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
