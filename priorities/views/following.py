"""Following by mail: what I follow and how often, confirmed by a link, ended with one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from priorities import clock
from priorities.actions import following as actions
from priorities.enums import FollowPace
from priorities.forms.following import FollowForm, PaceForm
from priorities.models import FollowChoice, Following, Recorded
from priorities.notifications import links
from priorities.notifications.following import send_confirmation
from priorities.notifications.mail import has_mail_server
from priorities.permissions import Permission
from priorities.queries.following import followed_by, public_item
from priorities.queries.head import head
from priorities.views.doors import Act, staff_page

MY_FOLLOWING = "priorities:follow-mail"


def _item(of: str) -> Recorded:
    """The item that an address names as "initiative:plan/code". Errors: ``Http404``."""
    kind, _colon, code = of.partition(":")
    row = public_item(kind, code)
    if row is None:
        raise Http404(_("There is no such public item."))
    return row


@staff_page(Permission.READ_INTERNAL)
def follow_mail(request: HttpRequest, act: Act) -> HttpResponseBase:
    """What I follow, and how often I am told. Queries: constant."""
    choice = FollowChoice.objects.filter(person=act.person).first()
    pace = PaceForm(
        request.POST if "save_pace" in request.POST else None,
        initial={"pace": choice.pace if choice else FollowPace.DAILY.value},
    )
    if request.method == "POST":
        if "confirm" in request.POST:
            _ask(request, act)
            return redirect(MY_FOLLOWING)
        if pace.is_valid():
            actions.choose_pace(person=act.person, pace=FollowPace(pace.cleaned_data["pace"]))
            messages.success(request, _("Saved."))
            return redirect(MY_FOLLOWING)
    context = {
        "choice": choice,
        "followed": followed_by(act.person),
        "pace": pace,
        "form": FollowForm(),
        "address": act.person.email,
    }
    status = 422 if pace.is_bound else 200
    return render(request, "following/mail.html", context, status=status)


@staff_page(Permission.READ_INTERNAL)
def follow_add(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Follow one more item: asked once, since opening an address must change nothing."""
    if request.method != "POST":
        if "of" not in request.GET:
            return redirect(MY_FOLLOWING)
        row = _item(request.GET["of"])
        of = f"{row.ITEM_TYPE}:{row.item_code}"
        context = {"item": row, "of": of, "kind": row._meta.verbose_name}
        return render(request, "following/add.html", context)
    if not request.POST.get("of"):
        messages.error(request, _("Choose a plan or a priority."))
        return redirect(MY_FOLLOWING)
    row = _item(request.POST["of"])
    try:
        actions.follow(person=act.person, item=row, now=act.now)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(MY_FOLLOWING)
    messages.success(request, _("You follow “%(item)s”.") % {"item": row})
    if not FollowChoice.objects.filter(person=act.person, confirmed_at__isnull=False).exists():
        _ask(request, act)
    return redirect(MY_FOLLOWING)


def _ask(request: HttpRequest, act: Act) -> None:
    """Send the mail that asks for confirmation, and say what became of it."""
    outcome = send_confirmation(act.person, now=act.now)
    if outcome.state == "sent" and not has_mail_server():
        messages.warning(
            request,
            _("No mail server is set up here: the mail was only written to the server's output."),
        )
    elif outcome.state == "sent":
        words = _("We sent a mail to %(address)s. Open its link to confirm.")
        messages.info(request, words % {"address": act.person.email})
    elif outcome.state == "taken":
        words = _("A mail was sent to %(address)s today already. Open its link to confirm.")
        messages.info(request, words % {"address": act.person.email})
    else:
        messages.warning(request, _("The mail could not be sent. Ask for it again later."))


@staff_page(Permission.READ_INTERNAL)
def follow_end(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Follow an item of mine no more; another person's is not there for me.

    Opening the address only leads to what I follow.
    """
    row = get_object_or_404(Following, pk=pk, person=act.person)
    if request.method != "POST":
        return redirect(MY_FOLLOWING)
    actions.unfollow(following=row)
    messages.success(request, _("You no longer follow this."))
    return redirect(MY_FOLLOWING)


@csrf_exempt  # The signature stands for the person, who may read mail where they are not signed in.
@require_http_methods(["GET", "HEAD", "POST"])
def follow_confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """Confirm that the mail is wanted; opening the address only asks."""
    person = _confirming(token)
    if request.method == "POST":
        newest = head()
        now = clock.now(newest.at)
        day = now.astimezone(newest.zone).date()
        actions.confirm_following(person=person, told=newest.revision, on=day, now=now)
    return _answered(request, "following/confirm.html")


@csrf_exempt  # A mail program sends it, without a cookie; the signature stands for the person.
@require_http_methods(["GET", "HEAD", "POST"])
def follow_stop(request: HttpRequest, token: str) -> HttpResponseBase:
    """End the mail: one click in the mail program, or a button here."""
    person = _person(links.read(token, links.UNFOLLOWING))
    if request.method == "POST":
        actions.stop_following(person=person)
    return _answered(request, "following/stop.html")


def _confirming(token: str) -> User:
    """Who confirms: at the address that the link went to, and for the last time they were asked.

    Errors: ``Http404`` for a link of an address that was changed, or of mail that was ended since.
    """
    pk, stamp = links.read_confirming(token) or (None, "")
    person = _person(pk)
    choice = FollowChoice.objects.filter(person=person).first()
    asked_at = choice.asked_at if choice else None
    if asked_at is None or stamp != links.stamp_of(person.email, asked_at):
        raise Http404(_("This link does not work any more. Ask for a new one."))
    return person


def _person(pk: int | None) -> User:
    """Whom a link was for. Errors: ``Http404`` for one that is not ours, too old, or of nobody."""
    if pk is None:
        raise Http404(_("This link does not work any more. Ask for a new one."))
    return get_object_or_404(User, pk=pk, is_active=True)


def _answered(request: HttpRequest, template: str) -> HttpResponseBase:
    context: dict[str, Any] = {"done": request.method == "POST"}
    response = render(request, template, context)
    add_never_cache_headers(response)
    return response
