"""My updates: everything due of a person on one page, each item saved by itself.

Every form works as a plain POST that leads back to its card. With the header ``HX-Request`` the
answer is the card alone, with the head of the page beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from priorities.actions.drafts import drop_draft, keep_draft
from priorities.actions.reporting import Overtaken, hand_in, hand_in_nothing_changed
from priorities.actions.rounds import note_activity
from priorities.forms.updates import UpdateForm, typed_values
from priorities.models import Initiative, ReportingPeriod
from priorities.permissions import Permission
from priorities.queries.ownership import offers_to
from priorities.queries.reporting import Desk, desks
from priorities.queries.workload import Scope, due_items
from priorities.views.doors import Act, staff_page, take_kept
from priorities.views.my_questions import my_questions, question_cards
from priorities.views.my_work import forget_my_work, my_work
from priorities.views.updates_cards import Card, card_of, is_typed, unsaved
from priorities.views.updates_conflict import Conflict, chosen, conflict_of, has_chosen
from priorities.views.updates_head import Head, head_of, round_of
from priorities.views.values import values_section

#: Statuses of a form that is not saved: something is wrong with it; somebody else was first.
WRONG, OVERTAKEN = 422, 409


def initiative_of(plan: str, initiative: str) -> Initiative:
    """The initiative of an address; 404 for none."""
    row = Initiative.objects.select_related("plan").filter(plan__code=plan, code=initiative).first()
    if row is None:
        raise Http404(_("There is no such initiative."))
    return row


def desk_of(act: Act, plan: str, initiative: str) -> Desk | None:
    """One initiative with all that lies there; None when nothing is expected of it."""
    only = Scope(initiatives=Q(plan__code=plan, code=initiative), metrics=Q(pk__in=()))
    item = due_items(as_of=act.as_of, person=act.person, among=only)
    return desks(item, person=act.person)[0] if item else None


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


# ── Pages ────────────────────────────────────────────────────────────────────────────────────


@require_safe
@staff_page(Permission.REPORT)
def updates(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Everything due of me, the most urgent first; what is done stays below."""
    items = my_work(request, act.as_of)
    if period := round_of(items):
        note_activity(person=act.person, period_end=period[1], now=act.now)
    cards = [
        card_of(desk, act, kept=_kept(request, act, desk))
        for desk in desks(items, person=act.person)
    ]
    grid = take_kept(request, reverse("priorities:values"))
    page = {
        "section": values_section(act, items=items, kept=grid),
        "grid_is_back": grid is not None,
        "head": _head(request, act),
        "to_do": [card for card in cards if card.mode == "open"],
        "done": [card for card in cards if card.mode != "open"],
        "offers": offers_to(act.person),
        "questions": question_cards(request, act),
    }
    return render(request, "updates/updates.html", page)


def _head(request: HttpRequest, act: Act) -> Head:
    """How much is to go, and how far one is."""
    items, questions = my_work(request, act.as_of), len(my_questions(request, act.as_of))
    return head_of(items, person=act.person, today=act.today, questions=questions)


@require_safe
@staff_page(Permission.REPORT, item=initiative_of)
def item(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponseBase:
    """One initiative: its form, and beside it what was said and done before."""
    row, desk = initiative_of(plan, initiative), desk_of(act, plan, initiative)
    card = None
    if desk is not None:
        note_activity(person=act.person, period_end=_round(request, act, desk), now=act.now)
        card = card_of(desk, act, alone=True, kept=_kept(request, act, desk))
    return render(request, "updates/item.html", {"initiative": row, "card": card, "act": act})


def _kept(request: HttpRequest, act: Act, desk: Desk) -> dict[str, str] | None:
    """What was sent after the session had ended; from now on it is a draft."""
    kwargs = {"plan": desk.item.plan_code, "initiative": desk.item.code}
    for name in ("save", "draft", "preview"):
        path = reverse(f"priorities:updates-{name}", kwargs=kwargs)
        if kept := take_kept(request, path):
            data = {field: values[-1] for field, values in kept.items() if values}
            typed = typed_values(desk, data)
            seen = data.get("seen", "")
            keep_draft(person=act.person, form=desk.item.form, fields=typed, seen=seen, now=act.now)
            return typed | {"seen": seen}
    return None


# ── What is done to one item ─────────────────────────────────────────────────────────────────


@require_POST
@staff_page(Permission.REPORT, item=initiative_of)
def save(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponseBase:
    """Publish an update, or submit it where the plan requires a review."""
    desk = desk_of(act, plan, initiative)
    if desk is None:
        return _nothing_due(request)
    data = request.POST.dict()
    seen, typed = data.get("seen", ""), chosen(desk, data, typed_values(desk, data))
    form = UpdateForm(desk, today=act.today, data=typed | {"seen": desk.seen})
    conflict = None
    if seen != desk.seen:
        conflict = conflict_of(form, typed, seen=seen, tz=act.tz)
    if conflict is not None:
        return _overtaken(request, act, desk, typed, conflict, seen)
    if (seen != desk.seen or has_chosen(data)) and not is_typed(desk, typed):
        return _saved(request, act, desk, _("It stands as the other version has it."))
    if not form.is_valid():
        return _wrong(request, act, desk, form)
    return _hand_in(request, act, desk, form, typed)


def _hand_in(
    request: HttpRequest, act: Act, desk: Desk, form: UpdateForm, typed: Mapping[str, str]
) -> HttpResponseBase:
    """Write a valid form, and answer."""
    try:
        hand_in(
            initiative=desk.initiative,
            period=_period(desk),
            said=form.said(),
            steps=form.steps(),
            correction=form.cleaned_data.get("correction", ""),
            seen=desk.seen,
            **act.who,
        )
    except Overtaken:
        return _again(request, act, desk, typed)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return _wrong(request, act, desk, form)
    drop_draft(person=act.person, form=desk.item.form)
    return _saved(request, act, desk, "")


@require_POST
@staff_page(Permission.REPORT, item=initiative_of)
def repeat(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponseBase:
    """Nothing changed: one click. What was typed before stays a draft."""
    desk = desk_of(act, plan, initiative)
    if desk is None:
        return _nothing_due(request)
    card = card_of(desk, act, alone=_stands_alone(request))
    if desk.item.is_to_go and desk.published is not None and not card.can_repeat:
        note = _("The day by which it should be back on track is past. Say what is new.")
        return _answer(request, act, replace(card, note=note), WRONG)
    try:
        hand_in_nothing_changed(
            initiative=desk.initiative,
            period=_period(desk),
            seen=request.POST.get("seen") or desk.seen,
            **act.who,
        )
    except Overtaken:
        return _repeated_before(request, act, desk_of(act, plan, initiative) or desk)
    except ValidationError as error:
        return _answer(request, act, replace(card, note=" ".join(error.messages)), WRONG)
    return _saved(request, act, desk, "")


def _repeated_before(request: HttpRequest, act: Act, desk: Desk) -> HttpResponseBase:
    """Something was reported first: by a second click on the same button, or by somebody else."""
    newest = desk.newest
    if newest and newest.nothing_changed and newest.recorded_by == act.by.name:
        return _saved(request, act, desk, "")
    note = _("Somebody else has reported this meanwhile. This is what they said.")
    return _answer(request, act, card_of(desk, act, note=note), OVERTAKEN)


@require_POST
@staff_page(Permission.REPORT, item=initiative_of)
def draft(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponseBase:
    """Keep what is typed, or throw it away; nobody else ever sees it."""
    desk = desk_of(act, plan, initiative)
    if desk is None:
        return _nothing_due(request)
    if request.POST.get("discard"):
        drop_draft(person=act.person, form=desk.item.form)
        messages.info(request, _("The draft is thrown away."))
        return redirect(_back(request, desk))
    typed = typed_values(desk, request.POST.dict())
    seen = request.POST.get("seen", "")
    kept = keep_draft(person=act.person, form=desk.item.form, fields=typed, seen=seen, now=act.now)
    note_activity(person=act.person, period_end=_round(request, act, desk), now=act.now)
    if _is_htmx(request):
        card = card_of(replace(desk, draft=kept), act)
        response = render(request, "updates/draft_kept.html", {"card": card})
        response["HX-Retarget"], response["HX-Reswap"] = f"#{card.id}-draft", "innerHTML"
        return response
    messages.success(request, _("Saved as a draft. Only you see it."))
    return redirect(_back(request, desk))


@require_POST
@staff_page(Permission.REPORT, item=initiative_of)
def preview(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponseBase:
    """The public page as it would look; writes nothing."""
    desk = desk_of(act, plan, initiative)
    if desk is None:
        return _nothing_due(request)
    form = UpdateForm(desk, today=act.today, data=typed_values(desk, request.POST.dict()))
    if not form.is_valid():
        return _wrong(request, act, desk, form)
    card = card_of(desk, act, alone=_stands_alone(request), form=form)
    page = {"card": card, "update": unsaved(desk, form, act), "act": act}
    if not _is_htmx(request):
        return render(request, "updates/preview_page.html", page)
    response = render(request, "updates/preview.html", page)
    response["HX-Retarget"], response["HX-Reswap"] = f"#{card.id}-preview", "innerHTML"
    return response


# ── Answers ──────────────────────────────────────────────────────────────────────────────────


def _period(desk: Desk) -> ReportingPeriod:
    return ReportingPeriod.objects.get(pk=desk.period_pk)


def _round(request: HttpRequest, act: Act, desk: Desk) -> dt.date:
    """The round that an act on one item belongs to."""
    period = round_of(my_work(request, act.as_of))
    return period[1] if period else desk.item.period_end


def _alone(request: HttpRequest) -> bool:
    """Was the form sent from the page of its item?"""
    return bool(request.POST.get("alone"))


def _stands_alone(request: HttpRequest) -> bool:
    """Will the answer stand on a page of the item? Without htmx what is not saved does."""
    return _alone(request) or not _is_htmx(request)


def _back(request: HttpRequest, desk: Desk) -> str:
    """To the page that the form was on, at its card."""
    address = {"plan": desk.item.plan_code, "initiative": desk.item.code}
    if _alone(request):
        return reverse("priorities:updates-item", kwargs=address)
    return f"{reverse('priorities:updates')}#item-{desk.item.pk}"


def _nothing_due(request: HttpRequest) -> HttpResponseBase:
    messages.info(request, _("Nothing is expected of this initiative at present."))
    return redirect("priorities:updates")


def _saved(request: HttpRequest, act: Act, desk: Desk, words: str) -> HttpResponseBase:
    """Say that it is saved, and show it as it stands now."""
    if not words:
        note_activity(
            person=act.person, period_end=_round(request, act, desk), saved=True, now=act.now
        )
        submitted = desk.initiative.plan.requires_review
        words = _("Submitted for review: %(item)s.") if submitted else _("Saved: %(item)s.")
        words %= {"item": desk.initiative.name}
    else:
        drop_draft(person=act.person, form=desk.item.form)
    if not _is_htmx(request):
        messages.success(request, words)
        return redirect(f"{reverse('priorities:updates')}#item-{desk.item.pk}")
    forget_my_work(request)
    fresh = desk_of(act, desk.item.plan_code, desk.item.code)
    return _card(request, act, card_of(fresh or desk, act), words)


def _again(
    request: HttpRequest, act: Act, desk: Desk, typed: Mapping[str, str]
) -> HttpResponseBase:
    """Somebody was first between the reading and the writing: read again, show both."""
    fresh = desk_of(act, desk.item.plan_code, desk.item.code) or desk
    form = UpdateForm(fresh, today=act.today, data=dict(typed))
    conflict = conflict_of(form, typed, seen=desk.seen, tz=act.tz)
    return _overtaken(request, act, fresh, typed, conflict, desk.seen)


def _overtaken(
    request: HttpRequest,
    act: Act,
    desk: Desk,
    typed: Mapping[str, str],
    conflict: Conflict | None,
    seen: str,
) -> HttpResponseBase:
    """Show both versions; what was typed is kept as a draft meanwhile."""
    keep_draft(person=act.person, form=desk.item.form, fields=typed, seen=seen, now=act.now)
    form = UpdateForm(desk, today=act.today, typed={**typed, "seen": desk.seen})
    card = card_of(desk, act, alone=_stands_alone(request), form=form, conflict=conflict)
    return _answer(request, act, card, OVERTAKEN)


def _wrong(request: HttpRequest, act: Act, desk: Desk, form: UpdateForm) -> HttpResponseBase:
    """The form again, with what is wrong in it."""
    card = card_of(desk, act, alone=_stands_alone(request), form=form)
    return _answer(request, act, card, WRONG)


def _answer(request: HttpRequest, act: Act, card: Card, status: int) -> HttpResponseBase:
    """A card that is not saved: alone with htmx, else as a page of its own."""
    if _is_htmx(request):
        return _card(request, act, card, "", status)
    page = {"initiative": card.desk.initiative, "card": card, "act": act}
    return render(request, "updates/item.html", page, status=status)


def _card(
    request: HttpRequest, act: Act, card: Card, words: str, status: int = 200
) -> HttpResponse:
    """The card, and beside it the head of the page and what is to be said aloud."""
    head = _head(request, act)
    page = {"card": card, "head": head, "live": words, "swapped": True}
    return render(request, "updates/answer.html", page, status=status)
