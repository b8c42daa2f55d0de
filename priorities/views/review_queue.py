"""Review of submitted updates: what each would change in public, publish, return with a comment.

A batch publishes what was looked at: each update carries a fingerprint of its text and of what it
replaces, and one that has become another meanwhile is named and left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from priorities.actions.drafts import drop_draft, keep_draft
from priorities.actions.reviewing import publish_looked_at, return_looked_at
from priorities.assessment.initiative_status import Reported, initiative_state
from priorities.enums import Health, Lifecycle
from priorities.labels import label
from priorities.models import Draft, Initiative, StatusUpdate
from priorities.notifications.run import notify_returned
from priorities.permissions import Permission, allowed
from priorities.queries.review_queue import Pending, pending_updates
from priorities.queries.value_grid import fiscal_start
from priorities.spelling import count, day, period_of
from priorities.views.doors import Act, staff_page, take_kept

#: The fields that are told as they stand, in the order of the public page.
TEXTS = ("percent_complete", "narrative", "next_steps", "cause", "recovery_step", "recovery_on",
         "closed_on", "successor")  # fmt: skip

#: Digits of a number that no row has for its key.
LONGEST_KEY = 19


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the public would see change; the codes are those of the status marks."""

    name: str
    old: str
    new: str
    old_code: str = ""
    new_code: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One submitted update, as its reviewer sees it."""

    pk: int
    token: str
    name: str
    plan: str
    period: str
    by: str
    on: str
    public_url: str
    differences: tuple[Difference, ...]
    comment: str
    problem: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class DivisionQueue:
    """What waits of one division."""

    pk: int
    name: str
    waiting: tuple[Waiting, ...]


@staff_page(Permission.REVIEW_UPDATES)
def review(request: HttpRequest, act: Act) -> HttpResponseBase:
    """What was submitted in the person's divisions; sent, it publishes or returns."""
    if request.method != "POST":
        kept = take_kept(request, request.path)
        return _page(request, act, kept=kept)
    if returning := request.POST.get("return"):
        return _return(request, act, returning)
    if request.POST.get("do") == "look":
        _keep_comments(request, act)
        return _page(request, act)
    tokens = request.POST.getlist("one") or request.POST.getlist("publish")
    return _publish(request, act, tokens)


def is_key(text: str) -> bool:
    """May this be the key of a row?"""
    return text.isdecimal() and len(text) < LONGEST_KEY


def _mine(act: Act, tokens: Iterable[str]) -> dict[int, str]:
    """Which updates are meant, with what was looked at of each.

    Errors: 404 for what is no update, 403 for one of another division.
    """
    parts = [token.partition(":") for token in tokens]
    if not all(is_key(pk) for pk, _colon, _seen in parts):
        raise Http404(_("There is no such update."))
    wanted = {int(pk): seen for pk, _colon, seen in parts}
    known = StatusUpdate.objects.filter(pk__in=wanted)
    if known.count() < len(wanted):
        raise Http404(_("There is no such update."))
    reviewed = allowed(act.person, Permission.REVIEW_UPDATES).order_by().values("pk")
    if known.filter(initiative__in=reviewed).count() < len(wanted):
        raise PermissionDenied(_("You do not have the right to do this."))
    return wanted


# ── What is done ─────────────────────────────────────────────────────────────────────────────


def _publish(request: HttpRequest, act: Act, tokens: Sequence[str]) -> HttpResponseBase:
    """Publish what was ticked, and name what was not published."""
    looked_at = _mine(act, tokens)
    _keep_comments(request, act, but=looked_at)
    if not looked_at:
        messages.error(request, _("Tick at least one update, then publish."))
        return redirect("priorities:review-queue")
    done = publish_looked_at(looked_at=looked_at, **act.who)
    if made := sum(one.is_published for one in done):
        words = ngettext("%(n)s update is public now.", "%(n)s updates are public now.", made)
        messages.success(request, words % {"n": count(made)})
    for one in done:
        if one.is_published:
            drop_draft(person=act.person, form=_form_of(one.update.pk))
        else:
            name = {"item": one.update.initiative.name, "why": one.why}
            messages.error(request, _("Not published: %(item)s. %(why)s") % name)
    return redirect("priorities:review-queue")


def _return(request: HttpRequest, act: Act, token: str) -> HttpResponseBase:
    """Hand one update back with a comment; its author is told."""
    ((pk, seen),) = _mine(act, [token]).items()
    _keep_comments(request, act)
    update = StatusUpdate.objects.select_related("initiative").get(pk=pk)
    comment = request.POST.get(f"comment.{pk}", "")
    try:
        with transaction.atomic():
            row = return_looked_at(update=update, fingerprint=seen, comment=comment, **act.who)
            notify_returned(row, now=act.now)
    except ValidationError as error:
        return _page(request, act, problems={pk: " ".join(error.messages)})
    drop_draft(person=act.person, form=_form_of(pk))
    words = _("Returned to %(author)s: %(item)s.")
    messages.success(
        request, words % {"author": update.recorded_by, "item": update.initiative.name}
    )
    return redirect("priorities:review-queue")


def _form_of(pk: int) -> str:
    """The name under which a typed comment is kept."""
    return f"review:{pk}"


def _keep_comments(request: HttpRequest, act: Act, *, but: Iterable[int] = ()) -> None:
    """Keep what was typed beside the other updates, for it is not sent with this one."""
    for name, text in request.POST.items():
        pk = name.removeprefix("comment.")
        if pk != name and is_key(pk) and int(pk) not in but and str(text).strip():
            fields = {"comment": str(text)}
            keep_draft(person=act.person, form=_form_of(int(pk)), fields=fields, now=act.now)


# ── What is shown ────────────────────────────────────────────────────────────────────────────


def _page(
    request: HttpRequest,
    act: Act,
    *,
    problems: Mapping[int, str] | None = None,
    kept: Mapping[str, Sequence[str]] | None = None,
) -> HttpResponseBase:
    """Everything that waits, by division. Queries: five, and those of the rights."""
    found = pending_updates(allowed(act.person, Permission.REVIEW_UPDATES))
    typed = {
        draft.form: str(draft.fields.get("comment", ""))
        for draft in Draft.objects.filter(person=act.person, form__startswith="review:")
    }
    for name, texts in (kept or {}).items():
        if name.startswith("comment.") and texts:
            typed[f"review:{name.removeprefix('comment.')}"] = texts[-1]
    ticked = {token.partition(":")[0] for token in request.POST.getlist("publish")}
    unticked = set(request.POST.getlist("shown")) - ticked
    fiscal = fiscal_start()
    context: dict[str, Any] = {
        "queues": tuple(_queues(found, act, fiscal, typed, problems or {}, unticked)),
        "total": len(found),
        "problems": problems,
        "returned": kept is not None,
    }
    return render(request, "values/review.html", context)


def _queues(
    found: Iterable[Pending],
    act: Act,
    fiscal: int,
    typed: Mapping[str, str],
    problems: Mapping[int, str],
    unticked: set[str],
) -> Iterable[DivisionQueue]:
    """What waits by division; what no division leads comes by itself."""

    def division(each: Pending) -> tuple[int, str]:
        row = each.update.initiative.lead_division
        return (row.pk, row.name) if row else (0, _("No division"))

    for (pk, name), members in groupby(found, key=division):
        waiting = tuple(
            Waiting(
                pk=each.update.pk,
                token=f"{each.update.pk}:{each.fingerprint}",
                name=each.update.initiative.name,
                plan=each.update.initiative.plan.title,
                period=period_of(each.update.period, fiscal_start_month=fiscal),
                by=each.update.recorded_by,
                on=day(each.update.recorded_at.astimezone(act.tz).date()),
                public_url=_public_url(each.update.initiative),
                differences=tuple(differences(each, fiscal)),
                comment=typed.get(_form_of(each.update.pk), ""),
                problem=problems.get(each.update.pk, ""),
                ticked=str(each.update.pk) not in unticked,
            )
            for each in members
        )
        yield DivisionQueue(pk, name, waiting)


def _public_url(initiative: Initiative) -> str:
    """Where the public reads of it; nowhere while it is internal."""
    return str(initiative.get_absolute_url()) if initiative.is_public else ""  # type: ignore[attr-defined]


def differences(each: Pending, fiscal: int) -> Iterable[Difference]:
    """What the public would see change, old beside new."""
    update, before = each.update, each.before
    was = period_of(before.period, fiscal_start_month=fiscal) if before else ""
    now = period_of(update.period, fiscal_start_month=fiscal)
    if was != now:
        yield Difference(_("Reported for"), was, now)
    old_code, new_code = _state(before), _state(update)
    if old_code != new_code:
        old_words, new_words = _state_words(before), _state_words(update)
        yield Difference(_("Status"), old_words, new_words, old_code, new_code)
    for name in TEXTS:
        old, new = (_said(getattr(row, name)) if row else "" for row in (before, update))
        if old != new:
            yield Difference(_name_of(name), old, new)


def _state(update: StatusUpdate | None) -> str:
    """The code of what an update makes its initiative show."""
    if update is None:
        return ""
    health = Health(update.health) if update.health else None
    return initiative_state(Reported(Lifecycle(update.lifecycle), health), None).state.value


def _state_words(update: StatusUpdate | None) -> str:
    """The same in words."""
    if update is None:
        return ""
    health = Health(update.health) if update.health else None
    return label(initiative_state(Reported(Lifecycle(update.lifecycle), health), None).state)


def _said(value: Any) -> str:
    """A field as a reader sees it."""
    match value:
        case None:
            return ""
        case dt.date():
            return day(value)
    return str(value)


def _name_of(field: str) -> str:
    """What a field is called."""
    name = str(getattr(StatusUpdate._meta.get_field(field), "verbose_name", field))
    return name[:1].upper() + name[1:]
