"""Each line of the log is one JSON object that carries the id of its request."""

import json
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from itaportal.logging import JsonFormatter, current_request_id
from itaportal.middleware import request_id


def formatted(record: logging.LogRecord) -> dict[str, object]:
    line = JsonFormatter().format(record)
    assert "\n" not in line
    return dict(json.loads(line))


def test_a_line_says_when_how_bad_who_and_what() -> None:
    record = logging.LogRecord("portal", logging.INFO, __file__, 1, "Sent %d", (3,), None)
    record.created = 1688745600.5
    assert formatted(record) == {
        "time": "2023-07-07T16:00:00.500+00:00",
        "level": "INFO",
        "logger": "portal",
        "message": "Sent 3",
    }


def test_extras_and_the_request_id_are_in_the_line() -> None:
    record = logging.makeLogRecord({"msg": "Answered", "status": 200, "request": object()})
    token = current_request_id.set("abc-12345")
    try:
        line = formatted(record)
    finally:
        current_request_id.reset(token)
    assert (line["status"], line["request_id"], "request" in line) == (200, "abc-12345", False)


def test_a_traceback_stays_in_its_one_line() -> None:
    try:
        raise ValueError("why")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("portal", logging.ERROR, __file__, 1, "Failed", (), info)
    assert "ValueError: why" in str(formatted(record)["traceback"])


def test_a_line_break_in_a_message_cannot_forge_a_line() -> None:
    record = logging.makeLogRecord({"msg": 'x\n{"level": "INFO"}'})
    assert formatted(record)["message"] == 'x\n{"level": "INFO"}'


def test_every_answer_names_its_request(client: Client) -> None:
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert (len(first), len(second), first != second) == (32, 32, True)


def test_a_proxy_may_give_the_id_but_not_a_malformed_one(client: Client) -> None:
    given = "0123456789abcdef"
    assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given
    forged = client.get("/healthz", headers={"X-Request-ID": 'x" onload="'})["X-Request-ID"]
    assert len(forged) == 32


def access_lines(request: HttpRequest) -> list[logging.LogRecord]:
    """What the log tells of a request that is answered with 203."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    access = logging.getLogger("itaportal.access")
    access.addHandler(handler)
    level = access.level
    access.setLevel(logging.INFO)
    try:

        def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse("x", status=203)

        request_id(view)(request)
    finally:
        access.removeHandler(handler)
        access.setLevel(level)
    return records


def test_each_request_writes_one_line_without_the_visitors_address(rf: RequestFactory) -> None:
    records = access_lines(rf.get("/plans/", {"as_of": "2022-06-30"}))
    assert [record.getMessage() for record in records] == ["GET /plans/ 203"]
    line = formatted(records[0])
    assert line["path"] == "/plans/?as_of=2022-06-30"
    assert "127.0.0.1" not in str(line)


#: Links that do something for whoever has them, as far as the secret.
DOORS = (
    "/accounts/invitation/",
    "/accounts/password/reset/key/",
    "/mail/open/",
    "/mail/unsubscribe/",
    "/mail/confirm/",
    "/mail/unfollow/",
)


#: How an identity provider sends a person back.
CALLBACK = "/accounts/oidc/city/login/callback/"


def told_by_proxy(asked: str) -> str:
    """What the proxy logs of an address: of its rules the first that fits counts."""
    template = Path(settings.BASE_DIR, "deploy", "nginx.conf.template").read_text()
    rules = template.partition("map $request_uri $told_uri {")[2].partition("}\n")[0]
    for pattern, told in re.findall(r'"~(\S+)" "(\S+)";', rules):
        if found := re.search(pattern.replace("?<", "?P<"), asked):
            return re.sub(r"\$(\w+)", lambda name, found=found: found[name[1]], told)
    return asked


@pytest.mark.parametrize("door", DOORS)
def test_the_log_does_not_tell_the_secret_of_a_link(rf: RequestFactory, door: str) -> None:
    [record] = access_lines(rf.get(f"{door}7:1abc:s3cret/?next=x"))
    assert record.getMessage() == f"GET {door}…/ 203"
    query = "" if door.startswith("/accounts/") else "?next=x"
    assert formatted(record)["path"] == f"{door}…/{query}"


@pytest.mark.parametrize("door", DOORS)
def test_the_log_of_the_proxy_does_not_tell_it_either(door: str) -> None:
    assert told_by_proxy(f"{door}7:s3cret/?next=x") == f"{door}..."


def test_no_log_tells_what_an_identity_provider_sends_back(rf: RequestFactory) -> None:
    asked = f"{CALLBACK}?code=s3cret&state=s3cret"
    [record] = access_lines(rf.get(asked))
    assert "s3cret" not in str(formatted(record))
    assert (formatted(record)["path"], told_by_proxy(asked)) == (CALLBACK, CALLBACK)


def test_the_log_of_the_proxy_tells_of_a_page_what_it_was_asked() -> None:
    asked = ("/plans/?q=a", "/plans/?next=/accounts/login/?a", "/accounts/login/")
    assert tuple(map(told_by_proxy, asked)) == asked


def test_every_signed_link_of_a_mail_is_among_them() -> None:
    names = ("mail-open", "mail-unsubscribe", "follow-confirm", "follow-stop")
    paths = [reverse(f"priorities:{name}", args=["x"]).removesuffix("x/") for name in names]
    assert set(paths) <= set(DOORS)
