"""How long a round takes a person: the measure of the promise that it takes minutes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RoundTiming(models.Model):
    """The time one person spent on one round: a measure of the portal, not of the person.

    No fact and not part of the record, so no event tells of it. It is shown to that person alone,
    and to others only as a median of several people. See ADR 18.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="round_timings",
    )
    period_end = models.DateField(
        _("period end"), help_text=_("The newest period that the round is about.")
    )
    opened_at = models.DateTimeField(_("opened at"))
    active_at = models.DateTimeField(
        _("last active at"), help_text=_("When the person was last seen to do something.")
    )
    saved_at = models.DateTimeField(_("last saved at"), null=True, blank=True)
    active_seconds = models.PositiveIntegerField(
        _("active seconds"), default=0, help_text=_("From the opening on, without idle gaps.")
    )
    counted_seconds = models.PositiveIntegerField(
        _("counted seconds"), default=0, help_text=_("The same, up to the last save.")
    )
    saves = models.PositiveSmallIntegerField(_("saves"), default=0)

    class Meta:
        verbose_name = _("time of a round")
        verbose_name_plural = _("times of rounds")
        constraints = [
            models.UniqueConstraint(
                fields=("person", "period_end"),
                name="round_timing_once",
                violation_error_message=_("The time of this round is measured already."),
            ),
            models.CheckConstraint(
                name="round_timing_saved_counts",
                condition=Q(saved_at__isnull=True, saves=0)
                | Q(saved_at__isnull=False, saves__gte=1),
                violation_error_message=_("A round with a save has its moment, no other has."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.period_end}"
