"""When something is wrong, a page says so: it looks like the site, and names the request."""

import json
import re

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from itaportal import frame
from itaportal.errors import bad_request
from priorities.enums import Role
from tests import factories as make
from tests.priorities.views.managing import administrator, signed_in
from tests.worker import forget


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404("There is no plan “x”.")


def malformed(request: HttpRequest) -> HttpResponse:
    raise BadRequest("“yesterday” is not a date.")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only plan administrators may do this.")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


VIEWS = {"missing": missing, "malformed": malformed, "forbidden": forbidden, "broken": broken}


class Addresses:
    """The ways to fail, each as a page and as JSON, under the portal's own error handlers."""

    urlpatterns = [path(name, view) for name, view in VIEWS.items()] + [
        path(f"{name}.json", view) for name, view in VIEWS.items()
    ]
    urlpatterns += [path(f"api/{name}", view) for name, view in VIEWS.items()]
    handler400 = "itaportal.errors.bad_request"
    handler403 = "itaportal.errors.forbidden"
    handler404 = "itaportal.errors.not_found"
    handler500 = "itaportal.errors.server_error"


@pytest.fixture
def stranger() -> Client:
    """A client that is shown the error page instead of the exception."""
    return Client(raise_request_exception=False)


CASES = [
    ("missing", 404, "There is no plan “x”."),
    ("malformed", 400, "“yesterday” is not a date."),
    ("forbidden", 403, "Only plan administrators may do this."),
]


@pytest.mark.parametrize(("name", "status", "says"), CASES)
@override_settings(ROOT_URLCONF=Addresses)
def test_a_page_says_what_was_wrong(stranger: Client, name: str, status: int, says: str) -> None:
    response = stranger.get(f"/{name}")
    assert response.status_code == status
    page = response.content.decode()
    assert says in page
    assert page.startswith("<!doctype html>")
    assert '<main id="main"' in page or "<main" in page


@pytest.mark.parametrize(("name", "status", "says"), CASES)
@override_settings(ROOT_URLCONF=Addresses)
def test_where_json_was_asked_for_the_error_is_json(
    stranger: Client, name: str, status: int, says: str
) -> None:
    response = stranger.get(f"/{name}.json")
    assert json.loads(response.content) == {
        "error": {"status": status, "message": says, "request_id": response["X-Request-ID"]}
    }


@override_settings(ROOT_URLCONF=Addresses)
@pytest.mark.parametrize("name", ["broken", "broken.json"])
def test_our_own_fault_tells_the_request_and_no_detail(stranger: Client, name: str) -> None:
    response = stranger.get(f"/{name}")
    assert response.status_code == 500
    assert "a secret detail" not in response.content.decode()
    if name == "broken.json":
        assert response.json()["error"]["request_id"] == response["X-Request-ID"]
    else:
        assert response["X-Request-ID"] in response.content.decode()
        assert response.content.startswith(b"<!doctype html>")


@override_settings(ROOT_URLCONF=Addresses, TEMPLATES=[])
def test_the_last_resort_is_a_sentence(stranger: Client) -> None:
    response = stranger.get("/broken")
    assert (response.status_code, response["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert response.content.startswith(b"Something went wrong on our side.")


@override_settings(ROOT_URLCONF=Addresses)
def test_a_mistaken_question_leads_to_the_page_without_it(stranger: Client) -> None:
    page = stranger.get("/malformed?as_of=yesterday").content.decode()
    assert '<a href="/malformed">' in page
    assert "Write dates as" not in page, "what was said already"
    assert '<a href="/malformed">' not in stranger.get("/malformed").content.decode()


def test_the_page_without_the_question_is_never_at_another_host() -> None:
    request = RequestFactory().get("/?as_of=yesterday")
    request.path = "//evil.example.net/"
    page = bad_request(request, BadRequest("“yesterday” is not a date.")).content.decode()
    assert '<a href="/%2Fevil.example.net/">' in page


@pytest.mark.parametrize("name", ["missing", "malformed", "forbidden", "broken"])
@override_settings(ROOT_URLCONF=Addresses)
def test_an_error_has_the_ways_that_need_no_database(stranger: Client, name: str) -> None:
    page = stranger.get(f"/{name}").content.decode()
    menu, footer = page.split("</nav>")[0], page.split("<footer")[1]
    assert re.findall(r'<li><a href="([^"]+)"', menu) == ["/", "/metrics/", "/data/"]
    assert page.count('action="/search/"') >= 1
    assert re.findall(r'href="([^"]+)"', footer) == [
        "/method/", "/data/", "/follow/", "/accessibility/",
    ]  # fmt: skip


def test_an_unknown_address_is_a_page_of_the_site(stranger: Client) -> None:
    response = stranger.get("/no-such-page/")
    assert response.status_code == 404
    assert response.content.startswith(b"<!doctype html>")


@pytest.mark.django_db
def test_a_form_without_its_token_gets_a_page_that_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert response.status_code == 403
    assert response.content.startswith(b"<!doctype html>")


def test_a_host_that_is_not_ours_is_refused() -> None:
    assert Client().get("/plans/", headers={"host": "evil.example.net"}).status_code == 400


@pytest.mark.parametrize(
    ("name", "status"), [("missing", 404), ("malformed", 400), ("broken", 500)]
)
@override_settings(ROOT_URLCONF=Addresses)
def test_a_machine_at_the_api_is_told_in_json(stranger: Client, name: str, status: int) -> None:
    response = stranger.get(f"/api/{name}")
    assert (response.status_code, response["Content-Type"]) == (status, "application/json")
    assert json.loads(response.content)["error"]["status"] == status


def test_what_is_said_to_operators_is_not_shown_to_readers() -> None:
    page = Client().get("/plans/", headers={"host": "evil.example.net"}).content.decode()
    assert "ALLOWED_HOSTS" not in page


# ── What the framework says of a row that is not there ───────────────────────────────────────

NO_SUCH_ROW = (
    "/manage/plans/zzz/",
    "/manage/plans/zzz/initiatives/zzz/",
    "/manage/metrics/zzz/",
    "/manage/people/999/",
    "/manage/divisions/zzz/",
    "/review/questions/999/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", NO_SUCH_ROW)
def test_staff_are_not_shown_the_sentence_of_the_framework(path: str) -> None:
    page = administrator().get(path)
    assert page.status_code == 404
    assert "matches the given query" not in page.content.decode()
    assert "what it names is not public" in page.content.decode()


# ── The frame ────────────────────────────────────────────────────────────────────────────────

ERRORS = [("/nothere/", 404), ("/?as_of=06/30/2022", 400), ("/manage/metrics/zzz/", 404)]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), ERRORS[:2])
def test_an_error_stands_in_the_frame_of_the_portal(path: str, status: int) -> None:
    make.plan()
    make.Organization.objects.update(notice="An exercise.")
    forget()
    response = Client().get(path)
    page = response.content.decode()
    assert response.status_code == status
    for part in ("ITA Priorities", "An exercise.", 'href="/accounts/login/"', ">What changed<"):
        assert part in page
    assert (dict(response.cookies), response.get("Vary", "")) == ({}, "")
    assert "Cache-Control" not in response


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), ERRORS)
def test_who_is_signed_in_keeps_their_ways_and_no_cache_keeps_the_page(
    path: str, status: int
) -> None:
    make.plan()
    response = administrator(person=make.person(name="Ann Other")).get(path)
    page = response.content.decode()
    assert response.status_code == status
    assert "Ann Other" in page
    assert 'href="/manage/"' in page
    assert "no-store" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "statements"), [("/nothere/", 3), ("/nothere.json", 0)])
def test_an_error_costs_a_stranger_few_statements(path: str, statements: int) -> None:
    make.plan()
    with CaptureQueriesContext(connection) as asked:
        Client().get(path)
    assert len(asked) == statements


@pytest.mark.django_db
def test_an_error_is_told_when_the_frame_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise OperationalError("no database")

    monkeypatch.setattr(frame, "head", broken)
    response = Client().get("/nothere/")
    assert response.status_code == 404
    assert "Strategic plan" in response.content.decode()


@pytest.mark.django_db
def test_a_mistaken_filter_leads_to_the_page_without_it() -> None:
    make.plan()
    page = Client().get("/plans/ita-2022-2023/initiatives/?status=x").content.decode()
    assert "Open this page without filters or date" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "whom"),
    [("/admin/", "a system administrator"), ("/manage/", "the plan administrator")],
)
def test_who_may_not_is_told_who_could_let_them(path: str, whom: str) -> None:
    reviewer = make.grant(Role.REVIEWER).person
    response = signed_in(reviewer).get(path)
    assert response.status_code == 403
    assert f"If you should have access, ask {whom}." in response.content.decode()
