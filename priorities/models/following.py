"""What a person follows by mail, how often they want it, and whether they have confirmed it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import FollowPace


class FollowChoice(models.Model):
    """How often a person is told of what they follow, and up to where they were told.

    No fact of the plan, so no event tells of it. Nothing is sent before ``confirmed_at``; the link
    that confirms belongs to ``asked_at``, and works for no other time of asking.
    ``told`` is the sequence of the newest event that a mail was sent of; ``told_on`` its day.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="follow_choice",
    )
    pace = models.CharField(
        _("How often"),
        max_length=10,
        choices=labels.choices(FollowPace),
        default=FollowPace.DAILY.value,
    )
    asked_at = models.DateTimeField(_("asked to confirm at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    told = models.BigIntegerField(_("told up to"), default=0)
    told_on = models.DateField(_("told on"), null=True, blank=True)

    class Meta:
        verbose_name = _("choice of following")
        verbose_name_plural = _("choices of following")

    def __str__(self) -> str:
        return str(self.person)


class Following(models.Model):
    """One plan, priority, initiative or metric that a person follows: named as events name it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="followings",
    )
    item_type = models.CharField(_("item type"), max_length=40)
    item_code = models.CharField(_("item code"), max_length=200)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("following")
        verbose_name_plural = _("followings")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                "person",
                "item_type",
                "item_code",
                name="following_once",
                violation_error_message=_("You follow that already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.item_type} {self.item_code}"
