"""A brief as it was delivered: its words and its paper, kept as they were."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import Visibility
from priorities.models.base import Fact
from priorities.models.plan import Plan

#: How many digits of the hash stand in the address.
CODE_DIGITS = 12


def fingerprint(content: str) -> str:
    """The SHA-256 of a brief's content: what stands in its address, and on its paper."""
    return hashlib.sha256(content.encode()).hexdigest()


class FrozenBrief(Fact):
    """A brief as delivered, under an address of its own. It never changes, not even a letter.

    ``content`` is the JSON that is downloaded, to the byte, and ``sha256`` is its hash; ``code``
    is how the hash begins. ``pdf`` is the paper that was set from it.
    """

    ITEM_TYPE: ClassVar[str] = "frozen_brief"
    CODE = ("plan__code", "code")
    SEALED = {"content": "sha256", "pdf": "pdf_sha256"}
    LOGGED = (
        "plan",
        "code",
        "since",
        "until",
        "visibility",
        "left_out",
        "note",
        "sha256",
        "pdf_sha256",
        "recorded_by",
        "published_at",
        "provenance",
    )

    plan = models.ForeignKey(
        Plan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="briefs"
    )
    code = models.CharField(_("code"), max_length=CODE_DIGITS)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=labels.choices(Visibility),
        default=Visibility.INTERNAL.value,
    )
    left_out = models.JSONField(_("sections left out"), default=list, blank=True)
    note = models.TextField(_("cover note"), blank=True)
    content = models.TextField(_("content"))
    sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    pdf = models.BinaryField(_("PDF"))
    pdf_sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64)

    class Meta:
        verbose_name = _("frozen brief")
        verbose_name_plural = _("frozen briefs")
        ordering = ("-recorded_at", "-id")
        constraints = [
            models.UniqueConstraint(
                "plan",
                "code",
                name="frozen_brief_code_once_in_plan",
                violation_error_message=_("This brief is frozen already."),
            ),
            models.CheckConstraint(
                name="frozen_brief_dates_in_order",
                condition=Q(since__lte=F("until")),
                violation_error_message=_("The first date is after the second."),
            ),
            models.CheckConstraint(
                name="frozen_brief_has_content",
                condition=~Q(content=""),
                violation_error_message=_("There is nothing to keep."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.since} – {self.until})"

    @property
    def plan_code(self) -> str:
        return self.plan.code

    @property
    def subject(self) -> tuple[str, str]:
        return Plan.ITEM_TYPE, self.plan.code

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC and self.plan.is_public
