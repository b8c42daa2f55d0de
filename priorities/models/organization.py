"""The agency and its divisions."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from priorities.models.base import Recorded


class Organization(Recorded):
    """The agency whose plans these are: one row in an installation."""

    ITEM_TYPE: ClassVar[str] = "organization"
    LOGGED = (
        "code",
        "name",
        "short_name",
        "owner",
        "reviewing_body",
        "time_zone",
        "fiscal_year_start_month",
        "languages",
        "contact_email",
        "notice",
        "provenance",
    )

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    owner = models.CharField(
        _("government"),
        max_length=200,
        blank=True,
        help_text=_("The government the agency belongs to, first in the page header."),
    )
    reviewing_body = models.CharField(
        _("reviewing body"),
        max_length=200,
        blank=True,
        help_text=_(
            "Who reviews progress, e.g. a council committee. Earlier names stay on record."
        ),
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default="America/Los_Angeles")
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        _("fiscal year starts in month"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    notice = models.TextField(
        _("notice"), blank=True, help_text=_("Shown at the top of every public page.")
    )

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.CheckConstraint(
                name="organization_fiscal_month_in_year",
                condition=models.Q(fiscal_year_start_month__range=(1, 12)),
                violation_error_message=_("The fiscal year starts in a month from 1 to 12."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name


class Division(Recorded):
    """A part of the agency; divisions form a tree by ``parent``."""

    ITEM_TYPE: ClassVar[str] = "division"
    LOGGED = ("code", "name", "short_name", "parent", "purpose", "ended_on", "provenance")

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    purpose = models.TextField(_("purpose"), blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="division_not_its_own_parent",
                condition=~models.Q(parent=models.F("id")),
                violation_error_message=_("A division cannot be part of itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
