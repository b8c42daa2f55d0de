"""Ownership as a person meets it: what I am asked, what I give back or hand over."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from priorities.actions import assignments
from priorities.enums import AssignmentRole, AssignmentState
from priorities.forms.coverage import HandOverForm, ReasonForm
from priorities.models import Assignment, Initiative, Metric
from priorities.permissions import Permission, can
from priorities.queries.ownership import offers_to
from priorities.views.doors import Act, staff_page, take_kept

#: Where my updates are.
MY_UPDATES = "/updates/"


def back(request: HttpRequest, default: str = MY_UPDATES) -> str:
    """The page that a form came from, if it is one of ours."""
    return _ours(request, request.POST.get("return_to") or request.GET.get("return_to"), default)


def came_from(request: HttpRequest, default: str) -> str:
    """The page that led to a form, as the form's own address says it, if it is one of ours."""
    return _ours(request, request.GET.get("return_to"), default)


def _ours(request: HttpRequest, asked: str | None, default: str) -> str:
    asked = asked or ""
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # A word without a slash would be taken for the name of an address.
    return asked if ours and asked.startswith("/") else default


def typed(request: HttpRequest) -> dict[str, str] | None:
    """What was sent, now or before the session ended; none when the page is only opened."""
    if request.method == "POST":
        return {name: str(value) for name, value in request.POST.items()}
    kept = take_kept(request, request.path)
    return {name: values[-1] for name, values in kept.items()} if kept else None


def item_of(assignment: Assignment) -> Initiative | Metric:
    """What the assignment is of."""
    item = assignment.initiative or assignment.metric
    assert item is not None  # noqa: S101 - a constraint says so
    return item


def found(pk: int) -> Assignment:
    """An assignment with what a page says of it; 404 for none."""
    rows = Assignment.objects.select_related(
        "person", "initiative__plan", "initiative__lead_division", "metric__lead_division"
    )
    return get_object_or_404(rows, pk=pk)


def own(pk: int, act: Act) -> Assignment:
    """One's own assignment: nobody answers for somebody else, whatever their rights."""
    assignment = found(pk)
    if assignment.person_id != act.person.pk:
        raise PermissionDenied(_("Only the person who was asked can answer this."))
    return assignment


def say(request: HttpRequest, error: ValidationError) -> None:
    """Tell what the record refused."""
    for message in error.messages:
        messages.error(request, message)


@staff_page(Permission.ANSWER_OFFER)
def offers(request: HttpRequest, act: Act) -> HttpResponseBase:
    """What I am asked to answer for."""
    return render(request, "coverage/my_offers.html", {"offers": offers_to(act.person)})


@require_POST
@staff_page(Permission.ANSWER_OFFER)
def accept(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Yes, it is mine: one click."""
    assignment = own(pk, act)
    try:
        assignments.accept_assignment(assignment=assignment, on=act.today, **act.who)
    except ValidationError as error:
        say(request, error)
    else:
        owner = assignment.role == AssignmentRole.OWNER
        words = _("You own %(item)s.") if owner else _("You contribute to %(item)s.")
        messages.success(request, words % {"item": item_of(assignment)})
    return redirect(back(request))


@staff_page(Permission.ANSWER_OFFER)
def decline(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """No, and why: to an offer."""
    return _give_back(request, act, own(pk, act), AssignmentState.OFFERED)


@staff_page(Permission.ANSWER_OFFER)
def not_mine(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """No longer mine, and why: of what was accepted."""
    return _give_back(request, act, own(pk, act), AssignmentState.ACCEPTED)


def _give_back(
    request: HttpRequest, act: Act, assignment: Assignment, state: AssignmentState
) -> HttpResponseBase:
    """Ask for the reason, then decline."""
    if assignment.state != state:
        messages.info(request, _("This has been answered before."))
        return redirect(back(request))
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            assignments.decline_assignment(
                assignment=assignment,
                reason=form.cleaned_data["reason"],
                on=act.today,
                **act.who,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("%(item)s is no longer yours. Your reason was passed on.")
            messages.success(request, words % {"item": item_of(assignment)})
            return redirect(back(request))
    offered = state == AssignmentState.OFFERED
    return render(
        request,
        "coverage/give_back.html",
        {
            "form": form,
            "item": item_of(assignment),
            "heading": _("Decline") if offered else _("Not mine"),
            "assignment": assignment,
            "return_to": back(request),
        },
    )


@staff_page(Permission.ANSWER_OFFER)
def hand_over(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Offer to somebody else what I own, or what somebody in my divisions owns."""
    assignment = found(pk)
    item = item_of(assignment)
    is_own = assignment.person_id == act.person.pk
    if not is_own and not can(act.person, Permission.OFFER, item):
        raise PermissionDenied(_("Only its owner or the division's editor can hand this over."))
    if assignment.state != AssignmentState.ACCEPTED:
        messages.info(request, _("This has been answered before."))
        return redirect(back(request))
    form = HandOverForm(typed(request), without=assignment.person_id)
    if request.method == "POST" and form.is_valid():
        to: User = form.cleaned_data["person"]
        try:
            assignments.hand_over(assignment=assignment, to=to, on=act.today, **act.who)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("%(person)s was asked. It stays with %(owner)s until they accept.")
            owner = _("you") if is_own else str(assignment.person)
            messages.success(request, words % {"person": to, "owner": owner})
            return redirect(back(request))
    context = {
        "form": form,
        "item": item,
        "heading": _("Hand over"),
        "assignment": assignment,
        "return_to": back(request),
    }
    return render(request, "coverage/hand_over.html", context)
