"""Claim a mail before it is sent, and keep what became of it. No facts, so no events.

A claim is a row, or a conditional update of one: the database lets one of two senders have it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from priorities.enums import MailKind, MailStep
from priorities.models import Mailing, MailPreference

#: Longest message of a mail server that is kept.
LONGEST_ERROR = 1000


def claim_reminder(
    *,
    person_pk: int,
    day: dt.date,
    round_end: dt.date | None,
    steps: Iterable[MailStep],
    asked_by: str = "",
    now: dt.datetime,
) -> Mailing | None:
    """Take the one reminder of a person and day for sending; none if somebody else has it.

    What was tried and refused is taken up again; what was cut off in the middle is not, since it
    may have arrived. Queries: one to insert; two more when there is a row.
    """
    told: dict[str, object] = {
        "round_end": round_end,
        "steps": [step.value for step in steps],
        "asked_by": asked_by,
        "claimed_at": now,
    }
    row: dict[str, object] = {"person_id": person_pk, "kind": MailKind.DIGEST.value, "day": day}
    return _claim(row, told)


def claim_notice(
    *, person_pk: int, kind: MailKind, about: str, day: dt.date, now: dt.datetime
) -> Mailing | None:
    """Take the notice of one thing for sending; none if it was sent or somebody else has it."""
    row: dict[str, object] = {"person_id": person_pk, "kind": kind.value, "about": about}
    return _claim(row, {"claimed_at": now}, day=day)


def _claim(row: dict[str, object], told: dict[str, object], **first: object) -> Mailing | None:
    try:
        with transaction.atomic():
            return Mailing.objects.create(**row, **told, **first, tries=1)
    except IntegrityError:
        free = Mailing.objects.filter(**row, sent_at__isnull=True, claimed_at__isnull=True)
        if not free.update(**told, tries=F("tries") + 1):
            return None
        return Mailing.objects.get(**row)


def mark_sent(
    *, mailing: Mailing, subject: str, text: str, note: str = "", now: dt.datetime
) -> None:
    """The mail server took it; ``note`` says so when there was none and it was only written."""
    Mailing.objects.filter(pk=mailing.pk).update(
        sent_at=now, claimed_at=None, subject=subject, text=text, error=note
    )


def mark_refused(*, mailing: Mailing, subject: str, text: str, error: str) -> None:
    """The mail server did not take it: free for the next run, with what it said."""
    Mailing.objects.filter(pk=mailing.pk).update(
        claimed_at=None, subject=subject, text=text, error=error[:LONGEST_ERROR]
    )


def keep_preference(*, person: User, early: bool, summary: bool, now: dt.datetime) -> None:
    """Keep which optional mail a person wants. Queries: two."""
    wants = {"early": early, "summary": summary, "changed_at": now}
    MailPreference.objects.update_or_create(person=person, defaults=wants)
