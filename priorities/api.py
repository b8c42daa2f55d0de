"""The door for machines: one value of one metric, sent with a token.

``PUT /api/v1/metrics/<code>/observations/<period>``; see docs/import.md. Every answer is JSON, and
every refusal says what to do.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from priorities import clock
from priorities.actions.observations import correct_observation, record_observation
from priorities.actions.recording import Actor
from priorities.actions.tokens import hash_of, note_use
from priorities.assessment.periods import Period, period_containing
from priorities.enums import Calendar, MissingReason, Quality
from priorities.interchange.cells import CellError, checked
from priorities.interchange.columns import show
from priorities.interchange.dates import parse_period, show_period
from priorities.models import ChainHead, IntakeToken, Metric, Observation
from priorities.queries.head import head
from priorities.queries.value_grid import fiscal_start

#: Requests of one token, and refused requests of one address, in a minute.
MOST_A_MINUTE = 120
MOST_REFUSED_A_MINUTE = 30
MOST_BYTES = 16 * 1024
FIELDS = ("value", "missing_reason", "quality", "note", "source", "source_url", "reason")
TEXTS = ("note", "source", "source_url")


class Refused(Exception):
    """A request that is not carried out: status, a code for machines, a sentence for people."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.more = status, code, message, more


@dataclass(frozen=True, slots=True)
class Sent:
    """What a request says of a period."""

    value: Decimal | None
    missing_reason: MissingReason | None
    quality: Quality | None
    texts: dict[str, Any]
    reason: str


@csrf_exempt
def observation(request: HttpRequest, code: str, period: str) -> JsonResponse:
    """Put the value of one period. The same again changes nothing; another one is a correction."""
    try:
        response = _put(request, code, period)
    except Refused as refused:
        body = {"error": refused.code, "message": refused.message, **refused.more}
        response = JsonResponse(body, status=refused.status)
        if refused.status == 401:
            response["WWW-Authenticate"] = 'Bearer realm="values"'
        if refused.status == 405:
            response["Allow"] = "PUT"
        if refused.status == 429:
            response["Retry-After"] = "60"
    except ValidationError as error:
        body = {"error": "refused", "message": " ".join(error.messages)}
        response = JsonResponse(body, status=422)
    add_never_cache_headers(response)
    return response


def _put(request: HttpRequest, code: str, period: str) -> JsonResponse:
    token = _token(request)
    if request.method != "PUT":
        raise Refused(405, "method", _("Send the value with PUT."))
    metric = token.metrics.filter(code=code).first()
    if metric is None:
        message = _("This token sends no values of the metric “%(code)s”.") % {"code": code}
        allowed = list(token.metrics.values_list("code", flat=True))
        raise Refused(403, "not_in_scope", message, metrics=allowed)
    window = _period(metric, period)
    sent = _sent(request)
    with transaction.atomic():
        # Of two that send the same value at once one records it, and the other finds it.
        ChainHead.objects.select_for_update().get(id=1)
        status, row = _record(token, metric, window, sent)
    result = {201: "recorded", 200: "unchanged"}[status]
    if row.supersedes_id is not None and status == 201:
        result, status = "corrected", 200
    return JsonResponse(_told(row, result), status=status)


# ── Who sends ────────────────────────────────────────────────────────────────────────────────


def _counted(key: str) -> int:
    """How often this was asked in the present minute, this time included."""
    minute = clock.real_now().strftime("%Y%m%d%H%M")
    name = f"intake:{hashlib.sha256(key.encode()).hexdigest()[:32]}:{minute}"
    cache.add(name, 0, timeout=120)
    try:
        return int(cache.incr(name))
    except ValueError:  # it ran out between the two
        return 1


def _address(request: HttpRequest) -> str:
    """Where a request comes from, as the sign-in tells it: behind a proxy by what the proxy says.

    Those of whom none can be told count as one.
    """
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def _token(request: HttpRequest) -> IntakeToken:
    """The token that a request carries. Errors: ``Refused``."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    token = None
    if scheme.lower() == "bearer" and secret:
        token = IntakeToken.objects.filter(secret_hash=hash_of(secret.strip())).first()
    now = clock.real_now()
    today = now.astimezone(head().zone).date()
    if token is None or not token.works_on(today):
        if _counted(f"refused {_address(request)}") > MOST_REFUSED_A_MINUTE:
            raise _slow_down(MOST_REFUSED_A_MINUTE)
        message = _(
            "Send a token that works, as “Authorization: Bearer …”. A plan administrator makes "
            "one at /manage/tokens/."
        )
        raise Refused(401, "token", message)
    if _counted(f"token {token.pk}") > MOST_A_MINUTE:
        raise _slow_down(MOST_A_MINUTE)
    note_use(token=token, at=now)
    return token


def _slow_down(most: int) -> Refused:
    message = _("At most %(most)s requests a minute. Wait a minute, then go on.")
    return Refused(429, "too_many", message % {"most": most})


# ── What is sent ─────────────────────────────────────────────────────────────────────────────


def _period(metric: Metric, text: str) -> Period:
    """The period that the address names, which the metric's calendar has."""
    month, calendar = fiscal_start(), Calendar(metric.calendar)
    try:
        found = parse_period(text.replace("_", " "), calendar, fiscal_start_month=month)
    except CellError as error:
        raise Refused(422, "period", str(error)) from None
    assert found is not None  # noqa: S101 - an address has no blank part
    meant = period_containing(found.end, calendar, fiscal_start_month=month)
    if meant is not None and meant != found:
        right = show_period(meant, calendar, fiscal_start_month=month)
        message = _("The metric has no such period. Is %(meant)s meant?") % {"meant": right}
        raise Refused(422, "period", message)
    return found


def _sent(request: HttpRequest) -> Sent:
    """The body of a request. Errors: ``Refused`` with the name of the field."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES:
        raise Refused(413, "too_large", _("Send one value, in at most 16 KB."))
    try:
        body = json.loads(request.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "json", _('Send a JSON object such as {"value": 89}.'))
    if unknown := sorted(set(body) - set(FIELDS)):
        message = _("Unknown: %(unknown)s. Send %(known)s.")
        words = {"unknown": ", ".join(unknown), "known": ", ".join(FIELDS)}
        raise Refused(422, "unknown_field", message % words)
    value, missing = _value(body.get("value")), body.get("missing_reason") or None
    if (value is None) == (missing is None):
        message = _("Send “value”, or “missing_reason” if there is none. Null is not zero.")
        raise Refused(422, "value", message)
    return Sent(
        value,
        _choice(MissingReason, "missing_reason", missing),
        _choice(Quality, "quality", body.get("quality") or None),
        {name: _text(body, name) for name in TEXTS if name in body},
        _text(body, "reason"),
    )


def _value(given: object) -> Decimal | None:
    """A number, or one as a text with a decimal point; so no digit is lost on the way."""
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | Decimal | str):
        raise Refused(422, "value", _("“value” is a number, such as 89 or 99.87."))
    try:
        number = Decimal(given)
        if not number.is_finite():
            raise CellError(_("“value” is a number, such as 89 or 99.87."))
        return checked(number)
    except CellError as error:
        raise Refused(422, "value", str(error)) from None
    except ArithmeticError:
        raise Refused(422, "value", _("“value” is a number, such as 89 or 99.87.")) from None


def _choice(enum: Any, name: str, given: object) -> Any:
    if given is None:
        return None
    choices = [member.value for member in enum]
    if given not in choices:
        message = _("“%(name)s” is one of: %(choices)s.")
        raise Refused(422, name, message % {"name": name, "choices": ", ".join(choices)})
    return enum(given)


def _text(body: dict[str, Any], name: str) -> str:
    given = body.get(name) or ""
    if not isinstance(given, str):
        raise Refused(422, name, _("“%(name)s” is a text.") % {"name": name})
    return given.strip()


# ── What is done ─────────────────────────────────────────────────────────────────────────────


def _record(
    token: IntakeToken, metric: Metric, window: Period, sent: Sent
) -> tuple[int, Observation]:
    """Record, correct, or find that nothing is new: 201 for a new row, 200 for none."""
    who: dict[str, Any] = {"by": Actor(name=token.name, door="api"), "now": clock.now()}
    before = Observation.objects.filter(
        metric=metric,
        period_start=window.start,
        period_end=window.end,
        categories="",
        superseded_by__isnull=True,
    ).first()
    said: dict[str, Any] = {"value": sent.value, "missing_reason": sent.missing_reason}
    if before is None:
        quality = sent.quality or Quality.FINAL
        period: dict[str, Any] = {"period_start": window.start, "period_end": window.end}
        row = record_observation(
            metric=metric, **period, quality=quality, **said, **sent.texts, **who
        )
        return 201, row
    if _says_the_same(before, sent):
        return 200, before
    if not sent.reason:
        message = _("There is %(value)s already. To correct it, send a “reason” as well.")
        said_before = show(before.value) or before.missing_reason
        raise Refused(
            409,
            "reason_needed",
            message % {"value": said_before},
            present=_told(before, "unchanged"),
        )
    kept = {name: getattr(before, name) for name in TEXTS} | sent.texts
    provisional = sent.quality is Quality.PROVISIONAL
    quality = Quality.PROVISIONAL if provisional else Quality.REVISED
    row = correct_observation(
        observation=before, reason=sent.reason, quality=quality, **said, **kept, **who
    )
    return 201, row


def _says_the_same(before: Observation, sent: Sent) -> bool:
    """Is all that was sent what is there? A revised value is a final one too."""
    same_value = before.value == sent.value
    same_missing = before.missing_reason == (sent.missing_reason or "")
    texts = all(getattr(before, name) == text for name, text in sent.texts.items())
    settled = before.quality == Quality.REVISED and sent.quality is Quality.FINAL
    same_quality = sent.quality in (None, before.quality) or settled
    return same_value and same_missing and texts and same_quality


def _told(row: Observation, result: str) -> dict[str, Any]:
    """A value as the answer tells it; the number as a text, so that no digit is lost."""
    return {
        "result": result,
        "metric": row.metric.code,
        "period": {"start": row.period_start.isoformat(), "end": row.period_end.isoformat()},
        "value": None if row.value is None else show(row.value),
        "missing_reason": row.missing_reason or None,
        "quality": row.quality,
        "published_at": row.published_at.isoformat() if row.published_at else None,
    }


urlpatterns: list[URLPattern] = [
    path("metrics/<slug:code>/observations/<str:period>", observation, name="intake-observation"),
]
