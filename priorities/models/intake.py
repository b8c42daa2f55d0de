"""How values come in from outside: files that are imported, tokens with which machines send."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import ImportKind, ImportState
from priorities.models.base import Recorded


class ImportRun(models.Model):
    """One file that somebody brought, from the upload to what became of it.

    No part of the record: what an import writes stands in the event log, row by row. This row
    holds the file as it was read and what became of each of its rows, packed.
    """

    kind = models.CharField(_("what it holds"), max_length=20, choices=labels.choices(ImportKind))
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=labels.choices(ImportState),
        default=ImportState.UPLOADED.value,
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="imports",
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    notes = models.JSONField(_("how it was read"), default=list)
    mapping = models.JSONField(_("columns"), default=dict)
    decimal_mark = models.CharField(_("decimal mark"), max_length=1, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    packed_table = models.BinaryField(_("the table"), default=bytes)
    packed_results = models.BinaryField(_("result by row"), default=bytes)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    message = models.TextField(_("message"), blank=True)
    beat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.CharField(_("undone by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-uploaded_at", "-id")

    def __str__(self) -> str:
        return self.file_name

    @property
    def table(self) -> list[list[str]]:
        """The file's rows as texts, the headers first."""
        return unpacked(self.packed_table)

    @property
    def results(self) -> list[dict[str, Any]]:
        """What becomes, or became, of each row."""
        return unpacked(self.packed_results)


def packed(rows: list[Any]) -> bytes:
    """Rows in little space.

    >>> unpacked(packed([["metric", "value"], ["calls", "89"]]))
    [['metric', 'value'], ['calls', '89']]
    >>> unpacked(b"")
    []
    """
    return gzip.compress(json.dumps(rows, ensure_ascii=False).encode(), compresslevel=5, mtime=0)


def unpacked(data: bytes | memoryview) -> list[Any]:
    """The rows that ``packed`` put away."""
    return json.loads(gzip.decompress(bytes(data))) if data else []


class IntakeToken(Recorded):
    """A key with which a machine may send the values of some metrics.

    The key itself is shown once and kept nowhere; what is kept is its hash.
    """

    ITEM_TYPE: ClassVar[str] = "intake_token"
    CODE = ("pk",)
    LOGGED = ("name", "metrics", "expires_on", "revoked_at", "provenance")

    name = models.CharField(
        _("name"), max_length=120, help_text=_("Who sends with it; stands in the event log.")
    )
    metrics = models.ManyToManyField(
        "priorities.Metric", verbose_name=_("for these metrics"), related_name="tokens"
    )
    expires_on = models.DateField(_("works until"), help_text=_("This day is its last."))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    hint = models.CharField(_("begins with"), max_length=12, editable=False)
    secret_hash = models.CharField(_("hash"), max_length=64, unique=True, editable=False)
    made_by = models.CharField(_("made by"), max_length=200, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = (F("revoked_at").desc(nulls_first=True), "name", "id")
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                condition=Q(revoked_at__isnull=True),
                name="token_name_once",
                violation_error_message=_("There is a token with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Who may send values is told to nobody outside."""
        return False

    def works_on(self, day: dt.date) -> bool:
        """Does it open anything on that day at the agency?"""
        return self.revoked_at is None and day <= self.expires_on
