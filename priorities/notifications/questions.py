"""Mail about a reviewer's question: to whom it goes, and back to who asked.

Sent after the transaction of the write; what the mail server refuses waits for the next run of the
reminders, which also tells of questions that are due or late, and tells who got an item since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from priorities import spelling
from priorities.actions.mailing import claim_notice
from priorities.enums import MailKind, Visibility
from priorities.models import Answer, Mailing, Question
from priorities.notifications import links
from priorities.notifications.digest import chain
from priorities.notifications.letter import Letter, Line, Section
from priorities.notifications.mail import Outcome, deliver, rendered
from priorities.permissions import Permission, rights_of
from priorities.queries.head import head
from priorities.queries.questions import OpenQuestion, open_of_item
from priorities.queries.reminders import Correspondent, Reminding, reminding


def goes_to(
    question: OpenQuestion, day: dt.date, facts: Reminding | None = None
) -> tuple[Correspondent, ...]:
    """Who is to answer: the owner, or who stands in for one; by name. Queries: at most seven."""
    facts = facts or reminding(day)
    found = [facts.people[pk] for pk in chain(question, facts) if pk in facts.people]
    return tuple(sorted(found, key=lambda person: (person.name, person.pk)))


def url_of(question: Question) -> str:
    """The page of a question, for a mail."""
    return links.absolute(reverse("priorities:question", args=[question.pk]))


def notify_asked(question: Question, *, now: dt.datetime) -> None:
    """Tell who is to answer, after the transaction has ended well; nobody of their own question."""
    day = now.astimezone(head().zone).date()
    for person in goes_to(open_of_item(question), day):
        if person.pk == question.asker_id:
            continue
        send = partial(send_asked, _about(question.pk), person.pk, now)
        transaction.on_commit(send, robust=True)


def untold(questions: Collection[OpenQuestion], facts: Reminding) -> list[tuple[str, int]]:
    """Who is to answer a question and was never told of it in a mail, by notice and person.

    That is who got its item, or stands in for an owner, only after it was asked. Nobody is told of
    their own question. Queries: one, or none.
    """
    due = [
        (_about(question.pk), pk)
        for question in questions
        for pk in sorted(chain(question, facts).intersection(facts.people))
        if pk != question.asker_pk
    ]
    if not due:
        return []
    notices = Mailing.objects.filter(
        kind=MailKind.QUESTION.value, about__in={about for about, _pk in due}
    )
    told = set(notices.order_by().values_list("about", "person_id"))
    return [each for each in due if each not in told]


def _about(question_pk: int) -> str:
    """What a notice of a question is kept under."""
    return f"question:{question_pk}"


def notify_answered(answer: Answer, *, now: dt.datetime) -> None:
    """Tell who asked, after the transaction has ended well; not of their own answer."""
    asker = answer.question.asker_id
    if asker != answer.author_id:
        send = partial(send_answered, f"answer:{answer.pk}", asker, now)
        transaction.on_commit(send, robust=True)


def send_asked(about: str, person_pk: int, now: dt.datetime) -> Outcome | None:
    """Send one person the notice of one question, once.

    Nothing once it is answered or closed, and nothing to who is not to answer it any more.
    """
    rows = Question.objects.select_related("initiative", "metric", "asker")
    question = rows.get(pk=_pk(about))
    if question.closed_on is not None or question.answers.exists():
        return None
    day = now.astimezone(head().zone).date()
    if all(each.pk != person_pk for each in goes_to(open_of_item(question), day)):
        return None
    person = User.objects.get(pk=person_pk)
    letter = asked_letter(question, person)
    return _send(letter, MailKind.QUESTION, about, person, question, now)


def send_answered(about: str, person_pk: int, now: dt.datetime) -> Outcome | None:
    """Send one person the notice of one answer, once."""
    rows = Answer.objects.select_related("question__initiative", "question__metric", "author")
    answer = rows.get(pk=_pk(about))
    person = User.objects.get(pk=person_pk)
    letter = answered_letter(answer, person)
    return _send(letter, MailKind.ANSWER, about, person, answer.question, now)


def _pk(about: str) -> int:
    return int(about.partition(":")[2])


def _send(
    letter: Letter, kind: MailKind, about: str, person: User, question: Question, now: dt.datetime
) -> Outcome | None:
    """Write a notice, claim it, send it; nothing to who may not read it when it is sent."""
    if not _may_read(person, question):
        return None
    content = rendered(letter, open_url=url_of(question))
    day = now.astimezone(head().zone).date()
    mailing = claim_notice(person_pk=person.pk, kind=kind, about=about, day=day, now=now)
    if mailing is None:
        return None
    return deliver(mailing, to=(str(person), person.email), content=content, now=now)


def _may_read(person: User, question: Question) -> bool:
    """May the person read the question and its answers now? Nothing is sent to a closed account."""
    if not person.is_active:
        return False
    return question.is_public or rights_of(person).holds(Permission.READ_INTERNAL)


def asked_letter(question: Question, person: User) -> Letter:
    """The words of the notice: what was asked, by when, and who will read the answer."""
    item = _item(question)
    due = {"day": spelling.day(question.answer_due_on)}
    return Letter(
        subject=_("A question about %(item)s") % {"item": _line(item)},
        greeting=_("Hello %(name)s,") % {"name": _line(str(person))},
        intro=_("%(asker)s asks, and waits for your answer until %(day)s.")
        % (due | {"asker": _line(str(question.asker))}),
        sections=(Section(item, (Line(question.text, ""),), note=who_reads(question)),),
        button=_("Answer the question"),
        why=_("You get this because you answer for it, or because nobody else does."),
    )


def answered_letter(answer: Answer, person: User) -> Letter:
    """The words of the notice: the question, and the answer."""
    question, item = answer.question, _item(answer.question)
    author = {"author": _line(str(answer.author))}
    return Letter(
        subject=_("Your question about %(item)s is answered") % {"item": _line(item)},
        greeting=_("Hello %(name)s,") % {"name": _line(str(person))},
        intro=_("%(author)s answered. Close the question, or ask a follow-up.") % author,
        sections=(
            Section(_("You asked"), (Line(question.text, ""),)),
            Section(_("The answer"), (Line(answer.text, ""),)),
        ),
        button=_("Open the question"),
        why=_("You get this because you asked the question."),
    )


def who_reads(question: Question) -> str:
    """Who reads a question and its answers."""
    if question.visibility == Visibility.PUBLIC and not question.item.is_public:
        return _(
            "Internal for as long as the item is: then everyone reads the question and your answer."
        )
    if question.is_public:
        return _("Public: everyone reads the question and your answer.")
    return _("Internal: only staff and reviewers read the question and your answer.")


def _item(question: Question) -> str:
    item: Any = question.initiative or question.metric
    return str(item.name)


def _line(text: str) -> str:
    """A header and a greeting are one line, whatever stands in a name."""
    return " ".join(text.split())
