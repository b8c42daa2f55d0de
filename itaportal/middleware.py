"""What happens around every request: it gets an id and one line in the log.

And what no form of ours sends is answered as the sender's mistake, not as ours.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from itaportal.errors import bad_request
from itaportal.logging import current_request_id

access = logging.getLogger("itaportal.access")
log = logging.getLogger(__name__)

#: Links that open an account, or that a mail was signed with: what comes after these words is a
#: secret, and logs are read by many. The proxy's log has the same words.
_SECRET = re.compile(
    r"(/accounts/(?:invitation|password/reset/key)/|/mail/(?:open|unsubscribe|confirm|unfollow)/)"
    r"[^/?]+"
)

#: Where people sign in: what a provider sends back in the query opens a session.
_DOORS = "/accounts/"

#: How Python refuses a number of thousands of digits, and PostgreSQL's driver the character zero.
_REFUSALS = ("Exceeds the limit", "cannot contain NUL")

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


def _told(request: HttpRequest) -> str:
    """What was asked for, without what would open an account."""
    path, mark, query = request.get_full_path().partition("?")
    asked = path if request.path.startswith(_DOORS) else path + mark + query
    return _SECRET.sub(r"\1…", asked)


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
            "path": _told(request),
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        },
    )


class Unkeepable:
    """Answers 400 to a number or a text that the database cannot even be asked about.

    Such as a key of thirty digits, which no page offers. Forms say so beside the field where a
    person may have typed it; this is for the rest, and the log still tells of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """The page for a request that cannot be, or nothing for what is our own fault."""
        refused = isinstance(error, ValueError) and any(one in str(error) for one in _REFUSALS)
        if not refused and not isinstance(error, OverflowError | DataError):
            return None
        told = _SECRET.sub(r"\1…", request.path)
        log.warning("A value that cannot be kept was sent: %s", told, exc_info=error)
        words = _(
            "Something you entered is too long or contains characters we can't save. "
            "Go back and enter it again."
        )
        return bad_request(request, BadRequest(words))
