"""The event log: every write, in order, chained by hashes.

No foreign keys, so that history never blocks a change and never vanishes with one.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import EventKind
from priorities.models.base import encode

GENESIS = "0" * 64

#: Who of the staff it was, and what editor and author say to each other: told to nobody. The
#: fields of this set are sealed, so it is part of every hash: it must never lose a name, and may
#: only gain one that no public event holds yet.
SEALED = frozenset({"recorded_by", "reviewer", "asker", "author", "person", "return_comment"})


def canonical_json(value: Any) -> str:
    """A value as one line of JSON, keys sorted: the same text wherever it is made again."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    """The fingerprint of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


class ChangeEventQuerySet(models.QuerySet["ChangeEvent"]):
    """Events in the order of the chain."""

    def told(self) -> ChangeEventQuerySet:
        """Events that the public may read."""
        return self.filter(public=True)

    def delete(self) -> NoReturn:
        """Refuse: the log only grows."""
        raise TypeError("An event is never deleted.")


class ChangeEvent(models.Model):
    """One write: who changed what from which value to which, why, and when it took effect.

    ``at`` is the moment at which the change took effect and could be known; ``entered_at`` and
    ``entered_by`` tell when and by what door it was really entered (a loader of history enters
    today what was published years ago). ``fields`` maps a name to ``[old, new]`` in the logged
    form. ``subject`` is the item whose public page tells of the change.
    """

    CHAINED = (
        "sequence",
        "at",
        "entered_at",
        "entered_by",
        "actor",
        "actor_role",
        "kind",
        "item_type",
        "item_code",
        "item_id",
        "plan_code",
        "subject_type",
        "subject_code",
        "fields",
        "reason",
        "public",
        "salt",
    )

    sequence = models.BigIntegerField(_("sequence"), primary_key=True)
    at = models.DateTimeField(_("at"))
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.CharField(_("entered by"), max_length=60)
    actor = models.CharField(_("actor"), max_length=200)
    actor_role = models.CharField(_("role of the actor"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=labels.choices(EventKind))
    item_type = models.CharField(_("item type"), max_length=40)
    item_code = models.CharField(_("item code"), max_length=200)
    item_id = models.BigIntegerField(_("item id"))
    plan_code = models.CharField(_("plan"), max_length=60, blank=True)
    subject_type = models.CharField(_("subject type"), max_length=40)
    subject_code = models.CharField(_("subject code"), max_length=200)
    fields = models.JSONField(_("fields"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    public = models.BooleanField(_("public"))
    salt = models.CharField(_("salt"), max_length=32, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    objects = ChangeEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("change event")
        verbose_name_plural = _("event log")
        ordering = ("sequence",)
        indexes = [
            models.Index("item_type", "at", name="event_replay"),
            models.Index("item_type", "item_id", "sequence", name="event_of_item"),
            models.Index("subject_type", "subject_code", "sequence", name="event_of_subject"),
            models.Index("at", "sequence", name="event_in_time"),
            models.Index("plan_code", "sequence", name="event_of_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind} {self.item_type} {self.item_code}"

    def canonical(self) -> str:
        """The event as one line of JSON, without its hash: what its digest is made of."""
        return canonical_json(self.told_record() if self.is_sealed else self._record())

    @property
    def is_sealed(self) -> bool:
        """Can the event be shown without the names in it, and still be checked?

        Public events written before there were seals carry no salt.
        """
        return self.public and bool(self.salt)

    def told_record(self) -> dict[str, Any]:
        """A public event as anyone may read it: ``sealed`` stands for who of the staff it was.

        The seal is SHA-256 over the names and the salt, so that it binds them and tells nothing.
        """
        record = self._record()
        fields = record["fields"]
        kept = {"actor": record.pop("actor"), "salt": record.pop("salt")}
        kept["fields"] = {name: fields[name] for name in fields if name in SEALED}
        record["fields"] = {name: fields[name] for name in fields if name not in SEALED}
        return record | {"sealed": sha256(canonical_json(kept))}

    def _record(self) -> dict[str, Any]:
        """The event in its logged form."""
        record: dict[str, Any] = {
            name: encode(getattr(self, name)) for name in self.CHAINED if name != "fields"
        }
        return record | {"fields": self.fields}  # in its logged form already

    @property
    def digest(self) -> str:
        """What may stand for the event where it is not told."""
        return sha256(self.canonical())

    def chained_to(self, previous: str) -> str:
        """The hash that follows ``previous``: SHA-256(previous hash + digest of this event).

        The digest is SHA-256 of the canonical JSON, so a public copy of the log can name an
        internal event by its digest alone and still be checked from end to end (ADR 4).
        """
        return sha256(previous + self.digest)


class ChainHead(models.Model):
    """The newest link: one row, locked by whoever writes next.

    ``revision`` is the sequence of the newest public event: every public page is a function of
    it, of the day and of its address, which makes it the cache key.
    """

    sequence = models.BigIntegerField(_("sequence"), default=0)
    hash = models.CharField(_("hash"), max_length=64, default=GENESIS)
    at = models.DateTimeField(_("at"), null=True)
    revision = models.BigIntegerField(_("revision"), default=0)

    class Meta:
        verbose_name = _("head of the event log")
        verbose_name_plural = _("head of the event log")
        constraints = [
            models.CheckConstraint(
                name="chain_has_one_head",
                condition=models.Q(id=1),
                violation_error_message=_("There is one chain."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.sequence)
