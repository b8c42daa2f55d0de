"""Reviewers' questions: the list, each with its answers; the owner answers, the asker closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from priorities.actions import reviews
from priorities.enums import QuestionState, UpdateState, Visibility
from priorities.forms.questions import AnswerForm
from priorities.labels import label
from priorities.models import Answer, Question
from priorities.notifications.questions import notify_answered
from priorities.permissions import Permission, can
from priorities.queries.questions import (
    QuestionRow,
    all_questions,
    standing_of,
    tallies,
    tally,
    thread_of,
    with_facts,
)
from priorities.queries.value_grid import fiscal_start
from priorities.spelling import QUESTION_TONES, count, day, period_of, question_words
from priorities.views.doors import Act, staff_page
from priorities.views.handshake import say
from priorities.views.my_questions import my_questions
from priorities.views.steps import Ended, Looked, Steps, readers_of, run

#: Questions of one page.
PAGE_SIZE = 50
#: What may be asked for as the state: each state, and all that wait.
WAITING = "waiting"
#: And as the division: a name, or none.
NO_DIVISION = "none"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, as staff read it."""

    author: str
    on: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One question, as staff read it; ``tone`` is that of a status mark."""

    pk: int
    url: str
    text: str
    item: str
    about: str
    asker: str
    asked: str
    due: str
    is_public: bool
    state: str
    tone: str
    answers: tuple[Said, ...] = ()


# ── What is said of one question ─────────────────────────────────────────────────────────────


def rows() -> Any:
    """Questions with all that a page says of them."""
    return with_facts().select_related(
        "initiative__plan", "metric", "asker", "target__metric", "status_update__period"
    )


def found(pk: int) -> Question:
    """A question with all that a page says of it; 404 for none."""
    return get_object_or_404(rows().prefetch_related("answers__author"), pk=pk)


def question_of(pk: int) -> Question:
    """The question of an address; 404 for none."""
    return get_object_or_404(Question.objects.select_related("initiative", "metric"), pk=pk)


def own(pk: int, act: Act) -> Question:
    """One's own question: nobody closes or asks on for somebody else, whatever their rights."""
    question = question_of(pk)
    if question.asker_id != act.person.pk:
        raise PermissionDenied(_("Only the person who asked can do this."))
    return question


def public_url(item: Any) -> str:
    """Where the public reads of an item; nowhere while it is internal."""
    return str(item.get_absolute_url()) if item.is_public else ""


def entry_of(question: Any, act: Act, *, answers: bool = True) -> Entry:
    """A question in words; its answers must be fetched with it."""
    standing = standing_of(question, on=act.today, tz=act.tz)
    said = tuple(_said(each, act) for each in question.answers.all()) if answers else ()
    return Entry(
        pk=question.pk,
        url=reverse("priorities:question", args=[question.pk]),
        text=question.text,
        item=question.item.name,
        about=about_words(question),
        asker=str(question.asker),
        asked=day(question.recorded_at.astimezone(act.tz).date()),
        due=day(question.answer_due_on),
        is_public=question.visibility == Visibility.PUBLIC,
        state=question_words(standing),
        tone=QUESTION_TONES[standing.state],
        answers=said,
    )


def _said(answer: Answer, act: Act) -> Said:
    assert answer.published_at is not None  # noqa: S101 - the action always says it
    on = answer.published_at.astimezone(act.tz).date()
    return Said(str(answer.author), day(on), answer.text)


def about_words(question: Question) -> str:
    """The report or the target that a question is about; empty for the whole item."""
    if question.status_update is not None:
        period = period_of(question.status_update.period, fiscal_start_month=fiscal_start())
        words = _("the report for %(period)s")
        if question.status_update.state != UpdateState.PUBLISHED:
            words = _("the report for %(period)s, not published yet")
        return words % {"period": period}
    if question.target is not None:
        return _("the target by %(day)s") % {"day": day(question.target.period_end)}
    return ""


# ── The list ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the list."""

    state: str
    division: str
    who: str
    text: str

    def chooses(self, row: QuestionRow, act: Act, mine: frozenset[int]) -> bool:
        """Is a question among what is asked for?"""
        standing = row.standing
        is_in_state = (
            standing.is_waiting if self.state == WAITING else self.state in ("", standing.state)
        )
        is_whose = {"asked": row.asker_pk == act.person.pk, "answer": row.pk in mine}
        told = f"{row.text} {row.item_name}".casefold()
        return (
            is_in_state
            and self.division in ("", row.division or NO_DIVISION)
            and is_whose.get(self.who, True)
            and all(word in told for word in self.text.casefold().split())
        )

    def query(self, page: int) -> str:
        """The same question in an address, of another page."""
        asked = {"state": self.state, "division": self.division, "who": self.who, "q": self.text}
        kept = {name: value for name, value in asked.items() if value}
        return "?" + urlencode(kept | ({"page": str(page)} if page > 1 else {}))


@require_safe
@staff_page(Permission.READ_INTERNAL)
def question_list(request: HttpRequest, act: Act) -> HttpResponseBase:
    """All questions by whom they wait for, and how often answers were late.

    Errors: ``BadRequest`` for a value of a filter that does not exist.
    """
    known = all_questions(on=act.today, tz=act.tz)
    asked = _asked(request, known)
    mine = frozenset(each.pk for each in my_questions(request, act.as_of))
    chosen = [row for row in known if asked.chooses(row, act, mine)]
    pages = Paginator(chosen, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    shown = {row.pk: row for row in rows().filter(pk__in=[row.pk for row in page])}
    total = tally("", known)
    context = {
        "entries": [entry_of(shown[row.pk], act, answers=False) for row in page],
        "asked": asked,
        "is_filtered": any((asked.state, asked.division, asked.who, asked.text)),
        "found": len(chosen),
        "total": total,
        "headline": headline(total.waiting, total.late_now),
        "late": late_words(total.answered_late, total.answered),
        "tallies": tallies(known),
        "states": _states(known),
        "divisions": _divisions(known),
        "has_undivided": any(not row.division for row in known),
        "may_ask": can(act.person, Permission.ASK),
        "page": page,
        "previous": asked.query(page.number - 1) if page.has_previous() else "",
        "next": asked.query(page.number + 1) if page.has_next() else "",
    }
    return render(request, "questions/list.html", context)


def _asked(request: HttpRequest, known: Sequence[QuestionRow]) -> Asked:
    """What the address asks for. Errors: ``BadRequest`` for a value that does not exist."""
    values = {
        "state": [WAITING, *(state.value for state in QuestionState)],
        "division": [*_divisions(known), NO_DIVISION],
        "who": ["asked", "answer"],
    }
    chosen = {name: request.GET.get(name, "").strip() for name in (*values, "q")}
    for name, those in values.items():
        if chosen[name] and chosen[name] not in those:
            told = {"asked": chosen[name][:60], "name": name, "values": ", ".join(those)}
            words = _("“%(asked)s” is not a value of “%(name)s”. These exist: %(values)s.")
            raise BadRequest(words % told)
    return Asked(chosen["state"], chosen["division"], chosen["who"], chosen["q"][:100])


def _divisions(known: Sequence[QuestionRow]) -> list[str]:
    """The divisions that lead what was asked about, by name."""
    return sorted({row.division for row in known if row.division})


def _states(known: Sequence[QuestionRow]) -> list[tuple[str, str, int]]:
    """What the state may be asked for by, with how many there are of each."""
    waiting = sum(row.standing.is_waiting for row in known)
    return [(WAITING, _("Waiting for an answer"), waiting)] + [
        (state.value, label(state), sum(row.standing.state == state for row in known))
        for state in QuestionState
    ]


def headline(waiting: int, late: int) -> str:
    """E.g. "3 questions wait for an answer, 1 of them late"."""
    if not waiting:
        return _("No question waits for an answer")
    words = ngettext(
        "%(n)s question waits for an answer", "%(n)s questions wait for an answer", waiting
    ) % {"n": count(waiting)}
    if not late:
        return words
    return _("%(waiting)s, %(late)s late") % {"waiting": words, "late": count(late)}


def late_words(late: int, answered: int) -> str:
    """How often answers came late, of how many."""
    if not answered:
        return ""
    return ngettext(
        "%(late)s of %(answered)s answered question was answered late.",
        "%(late)s of %(answered)s answered questions were answered late.",
        answered,
    ) % {"late": count(late), "answered": count(answered)}


# ── One question ─────────────────────────────────────────────────────────────────────────────


@require_safe
@staff_page(Permission.READ_INTERNAL, item=question_of)
def question(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """One question with what came before and after it, and what the person may do about it."""
    row = question_of(pk)
    thread = thread_of(row)
    newest = thread[-1]
    waits = newest.closed_on is None
    is_answered = bool(newest.answers.all())
    context = {
        "entries": [entry_of(each, act) for each in thread],
        "item": row.item,
        "item_url": public_url(row.item),
        "pk": pk,
        "newest": newest,
        "may_answer": waits and can(act.person, Permission.ANSWER, newest),
        "is_asker": waits and newest.asker_id == act.person.pk,
        "is_answered": is_answered,
        "is_public": newest.is_public,
        "is_kept_inside": newest.visibility == Visibility.PUBLIC and not newest.is_public,
    }
    return render(request, "questions/question.html", context)


@staff_page(Permission.ANSWER, item=question_of)
def answer(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """The answer in two steps."""
    row = found(pk)
    page = reverse("priorities:question", args=[pk])
    ended = row.closed_on is not None or Question.objects.filter(follows=row).exists()

    def send(form: forms.Form) -> HttpResponseBase:
        text = form.cleaned_data["text"]
        with transaction.atomic():
            made = reviews.answer(question=row, author=act.person, text=text, **act.who)
            notify_answered(made, now=act.now)
        messages.success(request, _("Your answer is sent."))
        return redirect("priorities:question", pk=pk)

    return run(
        request,
        Steps(
            title=_("Answer a question"),
            about=str(row.item),
            about_url=public_url(row.item),
            leave_url=page,
            form=AnswerForm,
            readers=lambda _form: readers_of(row),
            look=lambda form: (Looked(_("Answer"), form.cleaned_data["text"]),),
            send=send,
            send_label=_("Send the answer"),
            before=(entry_of(row, act),),
            ended=Ended(_("This question takes no more answers."), page) if ended else None,
        ),
    )


@staff_page(Permission.ASK)
def close(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """The asker is content, or needs no answer any more; opening the address only leads there."""
    row = own(pk, act)
    if request.method != "POST":
        return redirect("priorities:question", pk=pk)
    try:
        reviews.close_question(question=row, on=act.today, **act.who)
    except ValidationError as error:
        say(request, error)
    else:
        messages.success(request, _("The question is closed."))
    return redirect("priorities:question", pk=pk)
