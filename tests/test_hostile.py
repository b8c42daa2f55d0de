"""Whatever is sent to a staff page, it answers: a refusal, a message, never an error of ours.

Each form of each staff page is filled as the page suggests and sent once for each field and each
nasty value of its kind; then each address is sent what no form of ours would send.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from dashboards.visit import UNSHOWN
from priorities.enums import Role
from priorities.models import Assignment
from tests import factories as make
from tests.test_permission_matrix import matrix, world

pytestmark = pytest.mark.django_db

NUL = "a\x00b"
#: Text that a person, a paste or a bad browser may send.
TEXTS = ("", NUL, "<script>alert(1)</script>\r\nBcc: x@example.org\u202e\ufffe\U0010ffff")
DAYS = ("0001-01-01", "9999-12-31", NUL)
NUMBERS = ("-1", "9" * 5_000, "1e400", "NaN", NUL)
CHOICES = ("-1", "9" * 30, "9" * 5_000, NUL)
#: Sent in all fields of text at once.
LONG = ("=cmd|' /C calc'!A0 " + "w x " * 3_000, "9" * 100_000, "1" + " " * 50_000 + "x")
#: What is sent in which kind of field; in all others, texts.
KINDS = {"date": DAYS, "number": NUMBERS, "select": CHOICES, "radio": CHOICES, "checkbox": CHOICES}
STRANGE_BODIES = (
    ("application/json", b'{"a": '),
    ("multipart/form-data; boundary=x", b"--y\r\nnonsense"),
    ("multipart/form-data", b"no boundary"),
    ("application/x-www-form-urlencoded; charset=no-such", b"a=\xff\xfe%00%zz&=&&&"),
    ("text/plain", b"\x00\x01\x02"),
)
#: Too slow for this test (they draw a file), or asked by machines only.
LEFT_OUT = ("import-template",)


Doors = dict[str, str]


@dataclass
class Sheet:
    """One form as a browser has it: where it goes, its fields, their kinds."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, kind: str, value: str | None) -> None:
        """A field; a box that is not ticked has no value."""
        self.kinds.setdefault(name, kind)
        if value is not None:
            self.values.setdefault(name, []).append(value)


class Sheets(HTMLParser):
    """Reads the forms of a page that are sent with POST."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found, self.open = page, [], None  # type: ignore[var-annotated]
        self.select, self.area = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Sheet(at.get("action") or self.page)
            if at.get("method", "").lower() == "post":
                self.found.append(self.open)
        if self.open is None or (tag != "option" and not at.get("name")):
            return
        if tag == "input":
            kind, ticked = at.get("type", "text"), "checked" in at
            is_box = kind in ("checkbox", "radio")
            self.open.put(at["name"], kind, at.get("value", "") if ticked or not is_box else None)
        elif tag == "button":
            self.open.put(at["name"], "select", None)
        elif tag == "select":
            self.select = at["name"]
            self.open.put(self.select, "select", None)
        elif tag == "option" and self.select and "selected" in at:
            self.open.put(self.select, "select", at.get("value", ""))
        elif tag == "textarea":
            self.area = at["name"]
            self.open.put(self.area, "text", "")

    def handle_data(self, data: str) -> None:
        if self.open is not None and self.area:
            self.open.values[self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


def addresses(rows: dict[str, Any]) -> Doors:
    """The staff doors, by name."""
    return {
        name: reverse(name, kwargs=row.kwargs) + row.query
        for name, row in matrix(rows).items()
        if name.startswith(("priorities:", "account", "mfa", "usersessions"))
        and not name.endswith(LEFT_OUT)
    }


def reporter(rows: dict[str, Any]) -> Client:
    """A manager who answers for the initiative and the metric of the addresses."""
    person = Assignment.objects.get(metric=rows["metric"], state="accepted").person
    make.owner(item=rows["initiative"], person=person)
    make.grant(Role.MANAGER, person=person)
    return signed_in(person)


def signed_in(person: Any) -> Client:
    """A client whose errors of ours come as 500."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def enter(who: str) -> tuple[Client, Doors]:
    """Somebody who may do much, or the one who reports; and the doors there are."""
    rows = world()
    doors = addresses(rows)
    if who == "manager":
        return reporter(rows), doors
    return signed_in(make.grant(Role.PLAN_ADMINISTRATOR).person), doors


def ask(client: Client, method: str, *args: Any, **kwargs: Any) -> int:
    """The status of one request; nothing of what it wrote stays."""
    with transaction.atomic():
        response = getattr(client, method)(*args, **kwargs)
        status: int = response.status_code
        if hasattr(response, "streaming_content"):
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return status


def sheets(client: Client, doors: Doors) -> Iterator[Sheet]:
    """Each form of each staff page, once."""
    seen = set()
    for address in doors.values():
        response = client.get(address)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        reader = Sheets(address.partition("?")[0])
        reader.feed(response.content.decode())
        for sheet in reader.found:
            key = (sheet.action, tuple(sorted(sheet.kinds)))
            if key not in seen and "logout" not in sheet.action:
                seen.add(key)
                yield sheet


def nasty(sheet: Sheet, turn: Iterator[int]) -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """The form as it stands but for one field, which says what nobody should.

    One value for each field, another one for the next: all pages together see each of them often.
    """
    for name, kind in sheet.kinds.items():
        values = KINDS.get(kind, TEXTS)
        value = values[next(turn) % len(values)]
        yield name, value, sheet.values | {name: [value]}
    free = [name for name, kind in sheet.kinds.items() if kind in ("text", "hidden")]
    long = LONG[len(sheet.kinds) % len(LONG)]
    yield "all", long, sheet.values | {name: [long] for name in free}


EVERYBODY = pytest.mark.parametrize("who", ["plan administrator", "manager"])


@EVERYBODY
def test_no_value_of_any_field_breaks_a_page(who: str) -> None:
    client, doors = enter(who)
    turn = count()
    broken = {
        (sheet.action, name, value[:20])
        for sheet in sheets(client, doors)
        for name, value, sent in nasty(sheet, turn)
        if ask(client, "post", sheet.action, sent) >= 500
    }
    assert sorted(broken) == []


@EVERYBODY
def test_nothing_that_no_form_would_send_breaks_a_page(who: str) -> None:
    client, doors = enter(who)
    many = "&".join(f"field{n}=1" for n in range(5_100)).encode()
    bodies = (*STRANGE_BODIES, ("application/x-www-form-urlencoded", many))
    broken = []
    for name, address in doors.items():
        for method in ("head", "options", "put", "patch", "delete"):
            if ask(client, method, address) >= 500:
                broken.append((method, name))
        for kind, body in bodies:
            if ask(client, "generic", "POST", address, body, content_type=kind) >= 500:
                broken.append((kind, name))
    assert broken == []


@EVERYBODY
def test_no_query_breaks_a_page(who: str) -> None:
    client, doors = enter(who)
    names = ("q", "show", "plan", "priority", "division", "period", "person", "page", "return_to")
    more = ("next", "sort", "state", "kind", "item", "metric", "from", "to", "as_of", "role")
    broken = {
        (name, value[:20])
        for name, address in doors.items()
        for value in (NUL, "9" * 5_000, "0001-01-01", "'\"><svg onload=x>", "//example.com")
        if ask(client, "get", address, dict.fromkeys((*names, *more), value)) >= 500
    }
    assert sorted(broken) == []


def test_no_refusal_repeats_what_no_page_can_show() -> None:
    client = signed_in(make.grant(Role.PLAN_ADMINISTRATOR).person)
    response = client.get(reverse("priorities:questions"), {"state": f"{NUL}\x1b\x9f"})
    assert response.status_code == 400
    assert "“ab” is not a value" in response.content.decode()
    assert UNSHOWN.search(response.content.decode()) is None


ELSEWHERE = ("//example.com/", "https://example.com/", "/\\example.com", "javascript:alert(1)")


@pytest.mark.parametrize("asked", [*ELSEWHERE, "home", "a\x00b", "\r\nX: y"])
def test_no_form_leads_elsewhere_than_to_a_page_of_ours(asked: str) -> None:
    offer = make.offer()
    make.grant(Role.MANAGER, person=offer.person)
    client = signed_in(offer.person)
    accept = reverse("priorities:offer-accept", kwargs={"pk": offer.pk})
    response = client.post(accept, {"return_to": asked})
    assert (response.status_code, response["Location"]) == (302, "/updates/")
    metric = make.metric(code="calls")
    make.owner(item=metric, person=offer.person)
    row = "calls-2022-03-31"
    sent = {"row": row, f"value.{row}": "12", "return_to": asked}
    response = client.post(reverse("priorities:values"), sent)
    assert (response.status_code, response["Location"]) == (302, "/updates/values/")


@pytest.mark.parametrize("asked", ELSEWHERE)
def test_no_sign_in_leads_elsewhere_than_to_a_page_of_ours(asked: str) -> None:
    person = make.person()
    person.set_password("Harbor-2024-demo")
    person.save()
    sent = {"login": person.email, "password": "Harbor-2024-demo", "next": asked}
    response = Client().post(reverse("account_login"), sent)
    assert (response.status_code, response["Location"]) == (302, "/")
    after = Client().post("/updates/values/", {"return_to": asked})
    assert after["Location"].startswith("/accounts/login/?next=")
