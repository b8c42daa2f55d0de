"""Owners as editors and administrators see them: who answers for what, offers in one act, ends."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from priorities.actions import assignments
from priorities.enums import AssignmentRole, AssignmentState
from priorities.forms.coverage import EndForm, OfferForm, OwnersForm
from priorities.labels import label
from priorities.models import Assignment, Division, Initiative, Metric
from priorities.permissions import Permission, allowed
from priorities.queries.ownership import (
    OwnedItem,
    live_initiatives,
    live_metrics,
    owned_items,
    owners_url,
    ownership_notice,
)
from priorities.views.doors import Act, staff_page
from priorities.views.handshake import back, found, item_of, say, typed

#: What the filter says for items that no division leads.
NO_DIVISION = "none"


def items_of(person: User) -> tuple[OwnedItem, ...]:
    """All items whose owner this person may propose. Queries: three, and those of the rights."""
    return owned_items(
        allowed(person, Permission.OFFER, live_initiatives()),
        allowed(person, Permission.OFFER, live_metrics()),
    )


@staff_page(Permission.OFFER)
def owners(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Items and their owners; tick some and offer them to one person, in one act."""
    items = items_of(act.person)
    codes = {row.division_pk for row in items}
    divisions = list(Division.objects.filter(pk__in=[pk for pk in codes if pk is not None]))
    chosen = request.GET.get("division", "")
    without = request.GET.get("without") == "1"
    shown = [row for row in items if _fits(row, chosen, divisions, without)]
    form = OwnersForm(
        request.POST if request.method == "POST" else None, values=[row.value for row in items]
    )
    if request.method == "POST" and form.is_valid():
        _offer_all(request, act, form)
        return redirect(request.get_full_path())
    context = {
        "form": form,
        "rows": shown,
        "total": len(items),
        "without_owner": sum(not row.answering.has_owner for row in items),
        "divisions": divisions,
        "has_undivided": None in codes,
        "chosen": chosen,
        "without": without,
        "ticked": set(request.POST.getlist("items")),
    }
    return render(request, "coverage/owners.html", context)


def _fits(row: OwnedItem, chosen: str, divisions: list[Division], without: bool) -> bool:
    """Does a line pass the filter?"""
    if without and row.answering.has_owner:
        return False
    if not chosen:
        return True
    if chosen == NO_DIVISION:
        return row.division_pk is None
    return any(one.code == chosen and one.pk == row.division_pk for one in divisions)


def _offer_all(request: HttpRequest, act: Act, form: OwnersForm) -> None:
    """Offer what was ticked; all of it or, if one is refused, nothing."""
    wanted: dict[str, list[int]] = {"initiative": [], "metric": []}
    for value in form.cleaned_data["items"]:
        kind, _colon, pk = value.partition(":")
        wanted[kind].append(int(pk))
    items: list[Any] = [
        *Initiative.objects.filter(pk__in=wanted["initiative"]),
        *Metric.objects.filter(pk__in=wanted["metric"]),
    ]
    person: User = form.cleaned_data["person"]
    try:
        made = assignments.offer_ownership(person=person, items=items, on=act.today, **act.who)
    except ValidationError as error:
        say(request, error)
        return
    words = ngettext(
        "%(count)s item was offered to %(person)s.",
        "%(count)s items were offered to %(person)s.",
        len(made),
    ) % {"count": len(made), "person": person}
    if left_out := len(items) - len(made):
        words += " " + ngettext(
            "%(count)s was left out: they own it or were asked before.",
            "%(count)s were left out: they own them or were asked before.",
            left_out,
        ) % {"count": left_out}
    messages.success(request, words)


# ── One item ─────────────────────────────────────────────────────────────────────────────────


def initiative_by_codes(plan: str, initiative: str) -> Initiative:
    """An initiative by its codes; 404 for none."""
    rows = Initiative.objects.select_related("plan", "lead_division")
    return get_object_or_404(rows, plan__code=plan, code=initiative)


def metric_by_code(metric: str) -> Metric:
    """A metric by its code; 404 for none."""
    return get_object_or_404(Metric.objects.select_related("lead_division"), code=metric)


@staff_page(Permission.OFFER, item=initiative_by_codes)
def owners_of_initiative(
    request: HttpRequest, act: Act, plan: str, initiative: str
) -> HttpResponseBase:
    """Who answers for an initiative, and who did."""
    return _of_item(request, act, initiative_by_codes(plan, initiative))


@staff_page(Permission.OFFER, item=metric_by_code)
def owners_of_metric(request: HttpRequest, act: Act, metric: str) -> HttpResponseBase:
    """Who answers for a metric, and who did."""
    return _of_item(request, act, metric_by_code(metric))


def _of_item(request: HttpRequest, act: Act, item: Initiative | Metric) -> HttpResponseBase:
    form = OfferForm(typed(request))
    if request.method == "POST" and form.is_valid():
        person, role = form.cleaned_data["person"], AssignmentRole(form.cleaned_data["role"])
        try:
            if role is AssignmentRole.OWNER:
                offered = assignments.offer_ownership(
                    person=person, items=[item], on=act.today, **act.who
                )
                if not offered:
                    words = _("%(person)s has been asked for this already.")
                    raise ValidationError(words % {"person": person})
            else:
                assignments.offer_assignment(
                    person=person, item=item, role=role, on=act.today, **act.who
                )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(person)s was asked.") % {"person": person})
            return redirect(request.path)
    rows = item.assignments.select_related("person", "replaces__person").order_by("-pk")
    context = {
        "item": item,
        "form": form,
        "notice": ownership_notice(item),
        "open": [row for row in rows if row.state in OPEN],
        "past": [row for row in rows if row.state not in OPEN],
    }
    return render(request, "coverage/owners_of_item.html", context)


#: Assignments that still stand.
OPEN = (AssignmentState.OFFERED.value, AssignmentState.ACCEPTED.value)


def _item_of(pk: int) -> Initiative | Metric:
    return item_of(found(pk))


@staff_page(Permission.OFFER, item=_item_of)
def end(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """End an assignment, or withdraw an offer, saying why."""
    assignment: Assignment = found(pk)
    item = item_of(assignment)
    if assignment.state not in OPEN:
        messages.info(request, _("This has ended before."))
        return redirect(back(request, owners_url(item)))
    form = EndForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            assignments.end_assignment(
                assignment=assignment,
                reason=form.cleaned_data["reason"],
                on=act.today,
                **act.who,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("%(person)s: %(role)s of %(item)s, ended.") % {
                "person": assignment.person,
                "role": label(AssignmentRole(assignment.role)),
                "item": item,
            }
            messages.success(request, words)
            return redirect(back(request, owners_url(item)))
    offered = assignment.state == AssignmentState.OFFERED
    context = {
        "form": form,
        "item": item,
        "heading": _("Withdraw the offer") if offered else _("End the assignment"),
        "assignment": assignment,
        "return_to": back(request, owners_url(item)),
    }
    return render(request, "coverage/end.html", context)
