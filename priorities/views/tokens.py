"""Tokens with which machines send values: made here, shown once, revoked here."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from priorities import spelling
from priorities.actions.recording import WriteRefused
from priorities.actions.tokens import make_token, revoke_token
from priorities.clock import real_now
from priorities.forms.imports import TokenForm
from priorities.models import IntakeToken
from priorities.permissions import Permission
from priorities.views.doors import Act, kept_form, staff_page


@dataclass(frozen=True, slots=True)
class Line:
    """One token in the list."""

    pk: int
    name: str
    hint: str
    metrics: tuple[str, ...]
    state: str
    works: bool
    last_used: str
    made_by: str


def lines(tz: ZoneInfo) -> list[Line]:
    """All tokens, those that work first. Queries: two."""
    today = real_now().astimezone(tz).date()
    return [
        Line(
            token.pk,
            token.name,
            token.hint,
            tuple(metric.name for metric in token.metrics.all()),
            _state(token, works=token.works_on(today), tz=tz),
            token.works_on(today),
            spelling.moment(token.last_used_at, tz) if token.last_used_at else _("Never"),
            token.made_by,
        )
        for token in IntakeToken.objects.prefetch_related("metrics")
    ]


def _state(token: IntakeToken, *, works: bool, tz: ZoneInfo) -> str:
    if token.revoked_at is not None:
        day = spelling.day(token.revoked_at.astimezone(tz).date())
        return _("Revoked on %(day)s") % {"day": day}
    message = _("Works until %(day)s") if works else _("Ended on %(day)s")
    return message % {"day": spelling.day(token.expires_on)}


@staff_page(Permission.IMPORT)
def overview(request: HttpRequest, act: Act) -> HttpResponseBase:
    """The tokens there are, and a form for a new one; a new one is shown this once."""
    today = real_now().astimezone(act.tz).date()
    form = TokenForm(request.POST or kept_form(request), today=today)
    secret = made = None
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = make_token(**form.cleaned_data, **act.who)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            form = TokenForm(today=today)
    context = {"form": form, "tokens": lines(act.tz), "secret": secret, "made": made}
    return render(request, "imports/tokens.html", context)


@require_POST
@staff_page(Permission.IMPORT)
def revoke(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """End a token now."""
    token = get_object_or_404(IntakeToken, pk=pk)
    try:
        revoke_token(token=token, **act.who)
    except WriteRefused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        message = _("The token “%(name)s” is revoked. It no longer works.")
        messages.success(request, message % {"name": token.name})
    return redirect("priorities:tokens")
