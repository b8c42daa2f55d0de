"""One run of the reminders, and the notices that cannot wait for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from priorities import spelling
from priorities.actions.mailing import claim_notice
from priorities.assessment.periods import AsOf
from priorities.enums import MailKind, UpdateState
from priorities.models import Assignment, Mailing, StatusUpdate
from priorities.notifications import links, questions
from priorities.notifications.digest import Digest, digests
from priorities.notifications.letter import Letter, Line, Section
from priorities.notifications.mail import (
    FAILURES,
    Outcome,
    deliver,
    keep_for_later,
    open_connection,
    rendered,
    send_digest,
)
from priorities.permissions import Permission, can
from priorities.queries.head import head
from priorities.queries.questions import OpenQuestion, open_questions
from priorities.queries.reminders import Reminding, reminding
from priorities.queries.workload import due_items


@dataclass(slots=True)
class Run:
    """What a run did. ``down``: what the mail server said when it could not be reached."""

    outcomes: list[Outcome] = field(default_factory=list)
    waiting: int = 0
    down: str = ""

    def counted(self, state: str) -> int:
        """How many mails ended so."""
        return sum(outcome.state == state for outcome in self.outcomes)


def due_digests(as_of: AsOf) -> tuple[Digest, ...]:
    """Who is to be reminded today. Queries: those of round, reminders and questions, no more."""
    return _due(as_of, reminding(as_of.day), open_questions())


def _due(as_of: AsOf, facts: Reminding, waiting: tuple[OpenQuestion, ...]) -> tuple[Digest, ...]:
    items = due_items(as_of=as_of)
    return digests(items=items, facts=facts, day=as_of.day, questions=waiting)


def send_all(
    *, as_of: AsOf, now: dt.datetime, tell: Callable[[Digest, Outcome], None] | None = None
) -> Run:
    """Send every reminder of the day, and every notice that was refused before or is new to them.

    New to them is a question that waits for who got its item only after it was asked.
    When the mail server cannot be reached nobody waits for it once more for each mail: all of
    them are kept with what it said, for the next run.
    """
    run, facts, waiting = Run(), reminding(as_of.day), open_questions()
    due, untold = _due(as_of, facts, waiting), questions.untold(waiting, facts)
    notices = refused_notices()
    if not due and not notices and not untold:
        return run
    try:
        connection = open_connection()
    except FAILURES as error:
        run.down = f"{type(error).__name__}: {error}"
        run.waiting = len(due) + len(notices) + len(untold)
        for digest in due:
            keep_for_later(digest, error=run.down, now=now)
        return run
    try:
        for digest in due:
            outcome = send_digest(digest, now=now, connection=connection)
            run.outcomes.append(outcome)
            if tell is not None:
                tell(digest, outcome)
        for mailing in notices:
            if (outcome_ := _send_again(mailing, now)) is not None:
                run.outcomes.append(outcome_)
        for about, person_pk in untold:
            if (outcome_ := questions.send_asked(about, person_pk, now)) is not None:
                run.outcomes.append(outcome_)
    finally:
        connection.close()
    return run


# ── An update was returned ───────────────────────────────────────────────────────────────────


def notify_returned(update: StatusUpdate, *, now: dt.datetime) -> None:
    """Tell the author of a returned update, after the transaction has ended well.

    A mail server that is down never hinders the review: the next run of the reminders tells them.
    """
    about = f"update:{update.pk}@{now.isoformat()}"
    for person in authors_of(update):
        send = partial(_send_returned, about, person.pk, now)
        transaction.on_commit(send, robust=True)


def authors_of(update: StatusUpdate) -> list[User]:
    """Who wrote an update: the active person of that name who may report it; else who answers.

    The record keeps authors by name, which two people may share.
    """
    named = [
        person
        for person in User.objects.filter(is_active=True).order_by("pk")
        if str(person) == update.recorded_by and can(person, Permission.REPORT, update)
    ]
    if named:
        return named
    rows = Assignment.objects.answering().filter(initiative=update.initiative_id)
    return [row.person for row in rows.select_related("person").order_by("pk")]


def refused_notices() -> list[Mailing]:
    """Notices that the mail server has not taken yet. Queries: one."""
    waiting = Mailing.objects.filter(
        kind__in=list(RESENT), sent_at__isnull=True, claimed_at__isnull=True
    )
    return list(waiting.order_by("pk"))


def _send_again(mailing: Mailing, now: dt.datetime) -> Outcome | None:
    """Send a notice that was refused, if what it tells is still so."""
    return RESENT[MailKind(mailing.kind)](mailing.about, mailing.person_id, now)


def _send_returned(about: str, person_pk: int, now: dt.datetime) -> Outcome | None:
    """Send one person the notice of one return, once.

    Nothing if it was taken up meanwhile, and nothing to who may not read it any more.
    """
    pk = int(about.partition(":")[2].partition("@")[0])
    update = StatusUpdate.objects.select_related("initiative", "period").get(pk=pk)
    person = User.objects.get(pk=person_pk)
    if update.state != UpdateState.RETURNED or not can(person, Permission.READ, update):
        return None
    content = rendered(returned_letter(update, person), open_url=links.opening_url(person.pk))
    day = now.astimezone(head().zone).date()
    mailing = claim_notice(
        person_pk=person_pk, kind=MailKind.RETURNED, about=about, day=day, now=now
    )
    if mailing is None:
        return None
    return deliver(mailing, to=(str(person), person.email), content=content, now=now)


def returned_letter(update: StatusUpdate, person: User) -> Letter:
    """The words of the notice: which update, and what its reviewer asks for."""
    item = update.initiative.name
    period = spelling.period(update.period.start, update.period.end)
    # A header and a greeting are one line, whatever stands in a name.
    line = " ".join(item.split())
    return Letter(
        subject=_("Your update was returned: %(item)s") % {"item": line},
        greeting=_("Hello %(name)s,") % {"name": " ".join(str(person).split())},
        intro=_("Your update is not published yet. Its reviewer asks for a change:"),
        sections=(
            Section(
                _("%(item)s, %(period)s") % {"item": item, "period": period},
                (Line(update.return_comment, ""),),
            ),
        ),
        button=_("Open my updates"),
        why=_("You get this because you wrote the update. What you typed is still there."),
    )


#: How a notice is sent that the mail server has refused before, by its kind.
RESENT: Mapping[MailKind, Callable[[str, int, dt.datetime], Outcome | None]] = {
    MailKind.RETURNED: _send_returned,
    MailKind.QUESTION: questions.send_asked,
    MailKind.ANSWER: questions.send_answered,
}
