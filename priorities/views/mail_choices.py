"""What a person does from a mail: open their updates, say what they want, unsubscribe."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from priorities import clock
from priorities.actions.mailing import keep_preference
from priorities.forms.coverage import MailPreferenceForm
from priorities.models import MailPreference
from priorities.notifications import links
from priorities.views.doors import Act, staff_page
from priorities.views.handshake import MY_UPDATES


@require_safe
def open_updates(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link of a mail: my updates, after the sign-in. It opens nothing by itself.

    Who is signed in as somebody else than the mail was written to is told so.
    """
    meant = links.read(token, links.OPENING)
    if meant is None:
        raise Http404(_("There is no such page."))
    if request.user.is_authenticated and request.user.pk != meant:
        words = _("That mail was written to somebody else. These are your own updates.")
        messages.warning(request, words)
    response = redirect(MY_UPDATES)
    add_never_cache_headers(response)
    return response


@csrf_exempt  # A mail program sends it, without a cookie; the signature stands for the person.
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """End the optional mail of a person: one click in the mail program, or a button here.

    Opening the address changes nothing, since mail scanners open addresses.
    """
    pk = links.read(token, links.UNSUBSCRIBING)
    if pk is None:
        raise Http404(_("There is no such page."))
    person = get_object_or_404(User, pk=pk, is_active=True)
    if request.method == "POST":
        keep_preference(person=person, early=False, summary=False, now=clock.now())
    context = {"done": request.method == "POST", "address": _hidden(person.email)}
    response = render(request, "coverage/unsubscribe.html", context)
    add_never_cache_headers(response)
    return response


def _hidden(address: str) -> str:
    """An address as its owner knows it again and nobody else reads it: "a…@example.org"."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}"


@staff_page()
def preferences(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Which optional mail I get, and what cannot be switched off."""
    kept = MailPreference.objects.filter(person=act.person).first()
    initial = {"early": kept.early, "summary": kept.summary} if kept else None
    form = MailPreferenceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        keep_preference(
            person=act.person,
            early=form.cleaned_data["early"],
            summary=form.cleaned_data["summary"],
            now=act.now,
        )
        messages.success(request, _("Saved."))
        return redirect(request.path)
    return render(request, "coverage/preferences.html", {"form": form})
