"""A reviewer asks, on an initiative or a metric, on a report or a target; and asks on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from priorities.actions import reviews
from priorities.enums import UpdateState, Visibility
from priorities.forms.questions import Choices, FollowUpForm, QuestionForm
from priorities.models import Initiative, Metric, Question, StatusUpdate, Target
from priorities.notifications.questions import goes_to, notify_asked
from priorities.permissions import Permission, allowed
from priorities.queries.questions import open_of_item
from priorities.queries.value_grid import fiscal_start, unit_of
from priorities.spelling import day, joined, period, period_of, quantity
from priorities.views.doors import Act, staff_page
from priorities.views.handshake import came_from
from priorities.views.questions import Entry, entry_of, found, own, public_url
from priorities.views.steps import Ended, Looked, Steps, readers, readers_of, run
from priorities.views.updates import initiative_of

Item = Initiative | Metric

#: How many reports, or targets, one may point at; and how many items a search shows.
MOST_CHOICES, MOST_FOUND = 12, 25
#: What a reviewer may read of an owner's reports.
READABLE = (UpdateState.SUBMITTED.value, UpdateState.PUBLISHED.value)


def metric_of(metric: str) -> Metric:
    """The metric of an address; 404 for none."""
    row = Metric.objects.filter(code=metric).first()
    if row is None:
        raise Http404(_("There is no such metric."))
    return row


# ── What to ask about ────────────────────────────────────────────────────────────────────────


@require_safe
@staff_page(Permission.ASK)
def find(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Find what to ask about, or to rate, by a part of its name."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    named = Q()
    for word in asked.split():
        named &= Q(name__icontains=word)
    initiatives = Initiative.objects.filter(named).select_related("plan")
    metrics = Metric.objects.filter(named).order_by("name")
    page: dict[str, Any] = {
        "q": asked,
        "initiatives": list(initiatives.order_by("-plan__period_start", "name")[:MOST_FOUND]),
        "metrics": list(metrics[:MOST_FOUND]),
        "most": MOST_FOUND,
    }
    for kind, model in (("initiatives", Initiative), ("metrics", Metric)):
        rows = model._default_manager.filter(pk__in=[row.pk for row in page[kind]])
        page[f"rated_{kind}"] = set(allowed(act.person, Permission.RATE, rows))
    return render(request, "questions/find.html", page)


@staff_page(Permission.ASK, item=initiative_of)
def ask_initiative(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponseBase:
    """Ask about an initiative, or about one of its reports (``?update=``)."""
    row = initiative_of(plan, initiative)
    chosen = f"update:{request.GET.get('update', '')}"
    reports = _reports(row)
    inside = {f"update:{report.pk}" for report in reports if report.published_at is None}
    return _ask(request, act, row, _named(reports, act), chosen=chosen, inside=inside)


@staff_page(Permission.ASK, item=metric_of)
def ask_metric(request: HttpRequest, act: Act, metric: str) -> HttpResponseBase:
    """Ask about a metric, or about one of its targets (``?target=``)."""
    row = metric_of(metric)
    return _ask(request, act, row, _targets(row), chosen=f"target:{request.GET.get('target', '')}")


def _reports(initiative: Initiative) -> list[StatusUpdate]:
    """The newest reports of an initiative that a reviewer may read, without corrected ones."""
    rows = (
        StatusUpdate.objects.filter(initiative=initiative, state__in=READABLE)
        .exclude(superseded_by__state=UpdateState.PUBLISHED.value)
        .select_related("period")
        .order_by("-period_end", "-pk")
    )
    return list(rows[:MOST_CHOICES])


def _named(reports: list[StatusUpdate], act: Act) -> Choices:
    """The whole initiative, or one of its reports; those of one period by their day."""
    fiscal = fiscal_start()

    def words(row: StatusUpdate) -> str:
        told = {"period": period_of(row.period, fiscal_start_month=fiscal)}
        if row.published_at is None:
            return _("The report for %(period)s, not published yet") % told
        told["day"] = day(row.published_at.astimezone(act.tz).date())
        return _("The report for %(period)s, published %(day)s") % told

    whole = [("", _("The initiative as a whole"))]
    return whole + [(f"update:{row.pk}", words(row)) for row in reports]


def _targets(metric: Metric) -> Choices:
    """The newest targets of a metric, without corrected ones."""
    rows = Target.objects.filter(metric=metric, superseded_by__isnull=True)
    rows = rows.order_by("-period_end", "-pk")
    fiscal = fiscal_start()
    return [("", _("The metric as a whole"))] + [
        (f"target:{row.pk}", target_words(row, metric, fiscal)) for row in rows[:MOST_CHOICES]
    ]


def target_words(target: Target, metric: Metric, fiscal: int) -> str:
    """A target in a line: of which period, and how much."""
    unit = unit_of(metric)
    start, end = target.period_start, target.period_end
    when = period(start, end, fiscal_start_month=fiscal) if start else day(end)
    value = quantity(target.value, unit) if target.value is not None else _("a range")
    return _("The target for %(period)s: %(value)s") % {"period": when, "value": value}


def _ask(
    request: HttpRequest,
    act: Act,
    item: Item,
    choices: Choices,
    *,
    chosen: str,
    inside: Collection[str] = (),
) -> HttpResponseBase:
    """The question in two steps; ``inside``: what of it the public does not know of."""
    words = dict(choices)
    leave = came_from(request, public_url(item) or reverse("priorities:questions"))

    def form(data: dict[str, str] | None) -> QuestionForm:
        initial = {"about": chosen if chosen in words else ""}
        return QuestionForm(
            data,
            initial=initial,
            today=act.today,
            about=choices,
            inside=inside,
            public=item.is_public,
        )

    def look(form: forms.Form) -> tuple[Looked, ...]:
        cleaned = form.cleaned_data
        draft = Question(
            **about(item), text=cleaned["text"], answer_due_on=cleaned["answer_due_on"]
        )
        return (
            Looked(_("About"), words[cleaned["about"]]),
            Looked(_("Question"), cleaned["text"]),
            Looked(_("Answer by"), day(cleaned["answer_due_on"])),
            Looked(_("Goes to"), goes_to_words(draft, act)),
        )

    def send(form: forms.Form) -> HttpResponseBase:
        cleaned = form.cleaned_data
        with transaction.atomic():
            row = reviews.ask(
                item=item,
                asker=act.person,
                text=cleaned["text"],
                answer_due_on=cleaned["answer_due_on"],
                visibility=Visibility(cleaned["visibility"]),
                **_pointed_at(cleaned["about"]),
                **act.who,
            )
            # The notice of one question is sent once, however often it is asked for.
            notify_asked(row, now=act.now)
        messages.success(request, _("Your question is sent."))
        return redirect(came_from(request, reverse("priorities:question", args=[row.pk])))

    return run(
        request,
        Steps(
            title=_("Ask a question"),
            about=item.name,
            about_url=public_url(item),
            leave_url=leave,
            form=form,
            readers=lambda form: readers(form.cleaned_data["visibility"]),
            look=look,
            send=send,
            send_label=_("Send the question"),
        ),
    )


def about(item: Item) -> dict[str, Any]:
    """What a row about an item is given, or looked for by."""
    return {"initiative": item} if isinstance(item, Initiative) else {"metric": item}


def _pointed_at(about: str) -> dict[str, Any]:
    """The report or the target that was chosen."""
    kind, _colon, pk = about.partition(":")
    if kind == "update":
        return {"status_update": StatusUpdate.objects.get(pk=int(pk))}
    return {"target": Target.objects.get(pk=int(pk))} if kind == "target" else {}


def goes_to_words(question: Question, act: Act) -> str:
    """Who is to answer, by name, and why it is them. Queries: nine at most."""
    opened = open_of_item(question)
    people = goes_to(opened, act.today)
    if not people:
        return _("Nobody yet: there is no owner, no editor and no plan administrator.")
    names = joined([person.name for person in people])
    pks = {person.pk for person in people}
    if opened.owner_pk in pks:
        return _("%(names)s, who owns it") % {"names": names}
    if opened.contributor_pks.intersection(pks):
        return _("%(names)s: nobody owns it, and they contribute to it") % {"names": names}
    return _("%(names)s: nobody has accepted it") % {"names": names}


# ── Asking on ────────────────────────────────────────────────────────────────────────────────


@staff_page(Permission.ASK)
def ask_on(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """The answer leaves something open: the asker asks on."""
    question = own(pk, act)
    following = Question.objects.filter(follows=question).first()
    newest = reverse("priorities:question", args=[following.pk if following else pk])
    is_over = following is not None or question.closed_on is not None
    before: tuple[Entry, ...] = (entry_of(found(pk), act),)
    ended = None
    if is_over or not question.answers.exists():
        ended = Ended(_("This question takes no follow-up any more."), newest)

    def look(form: forms.Form) -> tuple[Looked, ...]:
        cleaned = form.cleaned_data
        return (
            Looked(_("Question"), cleaned["text"]),
            Looked(_("Answer by"), day(cleaned["answer_due_on"])),
            Looked(_("Goes to"), goes_to_words(question, act)),
        )

    def send(form: forms.Form) -> HttpResponseBase:
        cleaned = form.cleaned_data
        with transaction.atomic():
            row = reviews.ask_on(
                question=question,
                text=cleaned["text"],
                answer_due_on=cleaned["answer_due_on"],
                **act.who,
            )
            notify_asked(row, now=act.now)
        messages.success(request, _("Your question is sent."))
        return redirect("priorities:question", pk=row.pk)

    return run(
        request,
        Steps(
            title=_("Ask a follow-up"),
            about=str(question.item),
            about_url=public_url(question.item),
            leave_url=reverse("priorities:question", args=[pk]),
            form=lambda data: FollowUpForm(data, today=act.today),
            readers=lambda _form: readers_of(question),
            look=look,
            send=send,
            send_label=_("Send the question"),
            before=before,
            ended=ended,
        ),
    )
