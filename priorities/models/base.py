"""What every row of the domain has: a moment of recording, a provenance, a place in the event log.

The *logged form* of a row is a plain dict of JSON values: dates as ISO text, decimals as
normalized text, related items as their codes. The event log stores it, ``queries`` reads it and
``verify_history`` compares it with the tables, so the three cannot drift apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import Provenance

Json = str | int | bool | list[Any] | dict[str, Any] | None

#: What the log keeps of a person; never a password, not even its hash.
LOGGED_OF_PERSON = ("email", "name", "is_active", "is_staff", "is_superuser")


class Recorded(models.Model):
    """A row that the event log knows.

    ``LOGGED`` names the fields that go into the log, many-to-many fields included. ``CODE`` names
    the lookups whose values, joined by ``/``, are the item's code: what stands for the row in
    the log, in URLs and wherever another row refers to it.
    """

    ITEM_TYPE: ClassVar[str]
    LOGGED: ClassVar[tuple[str, ...]]
    CODE: ClassVar[tuple[str, ...]] = ("code",)
    #: Columns too long for the log, each with the column of its SHA-256, which the log keeps.
    SEALED: ClassVar[Mapping[str, str]] = {}

    recorded_at = models.DateTimeField(_("recorded at"), editable=False)
    provenance = models.CharField(
        _("provenance"),
        max_length=20,
        choices=labels.choices(Provenance),
        default=Provenance.RECORDED.value,
        help_text=_("How far this can be trusted; shown to the public unless recorded."),
    )

    class Meta:
        abstract = True

    @property
    def item_code(self) -> str:
        """The code that stands for this row: "ita-2022-2023/myla311-replacement"."""
        return "/".join(str(follow(self, path)) for path in self.CODE)

    @property
    def plan_code(self) -> str:
        """The plan this row belongs to; empty for what all plans share."""
        return ""

    @property
    def subject(self) -> tuple[str, str]:
        """(type, code) of the item whose public page tells of this row."""
        return self.ITEM_TYPE, self.item_code

    @property
    def is_public(self) -> bool:
        """May a change of this row be told to the public?"""
        return True


class FactQuerySet(models.QuerySet[Any]):
    """Facts are added, never changed in bulk and never deleted."""

    def published(self, moment: dt.datetime) -> FactQuerySet:
        """Facts the public knew at that moment."""
        return self.filter(published_at__lte=moment)

    def delete(self) -> NoReturn:
        """Refuse: a correction is a new row."""
        raise TypeError("A fact is never deleted; record a correction that supersedes it.")


class Fact(Recorded):
    """A statement about a domain date, known since a recorded date.

    Once published it never changes: triggers in the database refuse it (migration 0002).
    """

    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    recorded_by = models.CharField(_("recorded by"), max_length=200, editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        """A fact is public from the moment it is published."""
        return self.published_at is not None


def encode(value: object) -> Json:
    """One value in its logged form.

    >>> encode(Decimal("99.900")), encode(dt.date(2022, 6, 30)), encode(Decimal("0.00"))
    ('99.9', '2022-06-30', '0')
    >>> encode(Decimal("-0.00")), encode(("es", "ko")), encode([{"weight": 1.5}])
    ('0', ['es', 'ko'], [{'weight': '1.5'}])
    >>> encode(dt.datetime(2022, 6, 30, 9, tzinfo=dt.UTC))
    '2022-06-30T09:00:00+00:00'
    """
    match value:
        case None | bool() | int():
            return value
        case list() | tuple():
            return [encode(part) for part in value]
        case dict():
            return {str(name): encode(part) for name, part in value.items()}
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date():
            return value.isoformat()
        case Decimal():
            text = f"{value:f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
            return "0" if text in ("", "-0") else text
        case _:
            return str(value)


def follow(row: models.Model, path: str) -> object:
    """The value at the end of a lookup such as ``plan__code``."""
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value


def reference(related: models.Model) -> str:
    """What stands for a related row: an item's code, a person's e-mail address."""
    return related.item_code if isinstance(related, Recorded) else str(follow(related, "email"))


def logged_form(row: Recorded, names: tuple[str, ...] | None = None) -> dict[str, Json]:
    """A row as the event log holds it.

    Queries: one for each relation that is not loaded yet.
    """
    form: dict[str, Json] = {}
    for name in row.LOGGED if names is None else names:
        field = row._meta.get_field(name)
        if isinstance(field, models.ManyToManyField):
            form[name] = sorted(item.item_code for item in getattr(row, name).all())
        elif isinstance(field, models.ForeignKey):
            related = getattr(row, name)
            form[name] = None if related is None else reference(related)
        elif isinstance(field, models.Field):
            form[name] = encode(field.to_python(getattr(row, field.attname)))
    return form
