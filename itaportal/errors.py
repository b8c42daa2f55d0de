"""The pages for when something is wrong: they look like the site and say what to do.

They stand in the frame of the portal, with the ways of who is signed in, as long as the database
answers; else, and when the fault is our own, in a bare one. Machines, at `/api/` and at paths that
end in `.json`, get their errors as JSON. Each answer names the request's id.
"""

import logging
import re
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist, loader
from django.utils.cache import add_never_cache_headers
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

from dashboards.pages.layout import Chrome
from dashboards.visit import UNSHOWN
from itaportal.frame import build_error_chrome
from itaportal.logging import current_request_id

logger = logging.getLogger(__name__)

#: What our own code raises with a sentence for people; Django says the rest to operators.
SAYING = (BadRequest, Http404, PermissionDenied)
#: Django's own sentence for a row that is not there: in English always, and of models.
OF_THE_FRAMEWORK = re.compile(r"No \w+ matches the given query\.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address asks for something that cannot be, such as a malformed date.

    Where the question after the path may be the mistake, the page leads to the path alone.
    """
    unasked = ""
    if request.GET and isinstance(exception, BadRequest):
        unasked = escape_leading_slashes(request.path)
    return _answer(request, HTTPStatus.BAD_REQUEST, _said(exception), "400.html", unasked=unasked)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: a known person without the right, told who could give it."""
    match = request.resolver_match
    in_admin = match is not None and match.app_name == "admin"
    return _answer(request, HTTPStatus.FORBIDDEN, _said(exception), "403.html", in_admin=in_admin)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or none that this person may know of."""
    return _answer(request, HTTPStatus.NOT_FOUND, _said(exception), "404.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old; the technical reason goes to the log only."""
    logger.info("A form was refused: %s", reason)
    return _answer(request, HTTPStatus.FORBIDDEN, "", "403_csrf.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our own fault. Drawn without request, session or database: one of them may be it."""
    context = _context(HTTPStatus.INTERNAL_SERVER_ERROR, "")
    if _of_a_machine(request):
        return JsonResponse({"error": context}, status=500)
    try:
        # The agency's name stands in the database, which may be what is broken.
        body = loader.get_template("500.html").render({**context, "chrome": None})
    except Exception:  # noqa: BLE001 - the last resort must not fail, whatever is broken
        text = _("Something went wrong on our side. Please try again in a few minutes.")
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=500)


def _answer(
    request: HttpRequest, status: HTTPStatus, message: str, template: str, **more: Any
) -> HttpResponse:
    """The error as a page with ``more`` to print, or as JSON where JSON was asked for."""
    context = _context(status, message)
    if _of_a_machine(request):
        return JsonResponse({"error": context}, status=status)
    try:
        page = {**context, "chrome": _frame(request), **more}
        response = render(request, template, page, status=status)
    except TemplateDoesNotExist:
        text = message or status.phrase
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        add_never_cache_headers(response)  # The frame may tell who is signed in.
    return response


def _frame(request: HttpRequest) -> Chrome | None:
    """The frame of the portal; none when it cannot be made, since an error must still be told."""
    try:
        return build_error_chrome(request)
    except Exception:
        logger.warning("An error is told without the portal's frame.", exc_info=True)
        return None


def _of_a_machine(request: HttpRequest) -> bool:
    """Is the answer read by a program?"""
    return request.path.endswith(".json") or request.path.startswith("/api/")


def _context(status: HTTPStatus, message: str) -> dict[str, str | int]:
    """What an error page may print: `status`, `message` (may be empty), `request_id`."""
    return {
        "status": int(status),
        "message": message,
        "request_id": current_request_id.get(),
    }


def _said(exception: Exception) -> str:
    """The sentence with which our own code raised; what the framework says is not for people."""
    first = exception.args[0] if exception.args and isinstance(exception, SAYING) else ""
    if not isinstance(first, str) or OF_THE_FRAMEWORK.fullmatch(first):
        return ""
    # It may quote what was asked.
    return UNSHOWN.sub("", first)
