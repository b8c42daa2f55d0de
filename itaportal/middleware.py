"""What happens around every request: it gets an id and one line in the log."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from itaportal.logging import current_request_id

access = logging.getLogger("itaportal.access")

#: Links that open an account: what comes after these words is a secret, and logs are read by many.
_SECRET = re.compile(r"(/accounts/(?:invitation|password/reset/key)/)[^/?]+")

_ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")


def request_id(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Give each request an id: the proxy's if it sent a well-formed one, else a new one.

    The id stands in every log line of the request, in the `X-Request-ID` header of the answer and
    on the error pages, so that a person's report can be matched to the log.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        sent = request.headers.get("X-Request-ID", "")
        identity = sent if _ACCEPTABLE.fullmatch(sent) else uuid.uuid4().hex
        token = current_request_id.set(identity)
        begun = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = identity
            _write_access_line(request, response, time.perf_counter() - begun)
            return response
        finally:
            current_request_id.reset(token)

    return middleware


def _write_access_line(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """One line a request, with its query but no address and no cookie: we keep no visitors."""
    if not access.isEnabledFor(logging.INFO):
        return
    access.info(
        "%s %s %s",
        request.method,
        _SECRET.sub(r"\1…", request.path),
        response.status_code,
        extra={
            "method": request.method,
            "path": _SECRET.sub(r"\1…", request.get_full_path()),
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        },
    )
