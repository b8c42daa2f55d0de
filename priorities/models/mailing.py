"""Mail that the portal sends of its own accord: what was sent, and what a person wants of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import MailKind


class Mailing(models.Model):
    """One mail to one person: claimed before it is sent, so that nobody sends it twice.

    No fact of the plan, so no event tells of it; plan administrators see the list. A row that is
    claimed and neither sent nor failed was cut off in the middle: whether it arrived is unknown,
    and it is not sent again.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="mailings",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=labels.choices(MailKind))
    day = models.DateField(_("day"), help_text=_("The agency's day on which it was due."))
    round_end = models.DateField(
        _("round"), null=True, blank=True, help_text=_("The end of the newest period it is about.")
    )
    steps = models.JSONField(_("occasions"), default=list, blank=True)
    about = models.CharField(
        _("about"), max_length=100, blank=True, help_text=_("The one thing that a notice tells of.")
    )
    asked_by = models.CharField(
        _("asked for by"), max_length=200, blank=True, help_text=_("Who sent it by hand.")
    )
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ("-day", "-id")
        constraints = [
            models.UniqueConstraint(
                "person",
                "day",
                condition=Q(kind=MailKind.DIGEST.value),
                name="mailing_one_reminder_a_day",
                violation_error_message=_("This person has a reminder of that day already."),
            ),
            models.UniqueConstraint(
                "person",
                "about",
                condition=~Q(about=""),
                name="mailing_one_notice_of_a_thing",
                violation_error_message=_("This person was told of that already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.day}"


class MailPreference(models.Model):
    """Which optional mail a person wants; without a row, all of it."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="mail_preference",
    )
    early = models.BooleanField(
        _("Tell me when a round opens, and a week before it is due"), default=True
    )
    summary = models.BooleanField(
        _("Send me the weekly summary of my divisions, or of all"), default=True
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")

    def __str__(self) -> str:
        return str(self.person)
