"""Text that somebody has typed and not yet handed in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """One form as one person left it; replaced with each save, deleted when it is handed in.

    No fact and not part of the record: nobody but its author ever sees it, and it says nothing
    of the plan. So it may change, and no event tells of it. See ADR 18.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="drafts",
    )
    form = models.CharField(
        _("form"),
        max_length=200,
        help_text=_("Which form, of which item and period, e.g. initiative:12:quarter:7."),
    )
    fields = models.JSONField(_("fields"), default=dict)
    seen = models.CharField(
        _("what it was typed over"),
        max_length=100,
        blank=True,
        help_text=_("The state of the item when the form was opened; another one is a conflict."),
    )
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=("person", "form"),
                name="draft_once_a_form",
                violation_error_message=_("There is a draft of this form already."),
            )
        ]

    def __str__(self) -> str:
        return self.form
