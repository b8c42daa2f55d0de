"""A question about the portfolio that somebody asks again and again, under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """Filters, order and columns of one page, as the address carries them.

    No fact and not part of the record: it says nothing of the plan. So it may change, and no event
    tells of it. It keeps the question alone: who opens it sees what they may see, today.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="saved_views",
    )
    name = models.CharField(_("name"), max_length=80)
    page = models.CharField(
        _("page"), max_length=20, help_text=_("Which page of review it shows, e.g. table.")
    )
    query = models.CharField(_("question"), max_length=1000, blank=True)
    shared = models.BooleanField(
        _("shared"), default=False, help_text=_("Everyone who may review sees it.")
    )
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("person", "name"),
                name="saved_view_once_a_name",
                violation_error_message=_("You have a view of that name. Choose another name."),
            ),
            models.CheckConstraint(
                name="saved_view_has_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the view a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
