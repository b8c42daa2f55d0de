"""Every address of the portal × every role → the expected status.

A new URL name without a row fails: add it to ``PUBLIC`` (everyone reads it), to ``ADMIN`` (system
administrators only), to its room in ``tests/doors`` or to ``OTHER`` (say it role by role).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from priorities.enums import Role
from priorities.models import ChainHead, ChangeEvent, Initiative
from tests import factories as make
from tests.doors import (
    accounts,
    coverage,
    following,
    imports,
    manage,
    people,
    questions,
    review,
    updates,
    values,
)
from tests.doors.table import ROLES, Row, administrators, everyone

pytestmark = pytest.mark.django_db

PLAN = {"plan": "ita-2022-2023"}

#: Everyone reads it; its JSON twin, under the same name with "-json", too.
PUBLIC: dict[str, dict[str, str]] = {
    "home": {},
    "plans": {},
    "plan": PLAN,
    "priority": PLAN | {"priority": "1"},
    "initiatives": PLAN,
    "initiative": PLAN | {"initiative": "cloud"},
    "changes": PLAN,
    "brief": PLAN,
    "frozen-briefs": PLAN,
    "division": {"division": "operations"},
    "metrics": {},
    "metric": {"metric": "calls"},
    "search": {},
    "follow": {},
    "method": {},
    "data": {},
    "accessibility": {},
    "plan-history": PLAN,
    "priority-history": PLAN | {"priority": "1"},
    "initiative-history": PLAN | {"initiative": "cloud"},
    "metric-history": {"metric": "calls"},
    "plan-compare": PLAN,
    "priority-compare": PLAN | {"priority": "1"},
    "initiative-compare": PLAN | {"initiative": "cloud"},
    "metric-compare": {"metric": "calls"},
}

#: What a system administrator gets of each admin page; the others are asked or refused.
ADMIN: dict[str, tuple[int, dict[str, Any], str]] = {
    "index": (200, {}, ""),
    "password_change": (200, {}, ""),
    "password_change_done": (200, {}, ""),
    "autocomplete": (
        200,
        {},
        "?app_label=priorities&model_name=initiative&field_name=lead_division",
    ),
    "jsi18n": (200, {}, ""),
    "app_list": (200, {"app_label": "priorities"}, ""),
}

OTHER: dict[str, Row] = {
    "healthz": Row(everyone(200)),
    "readyz": Row(everyone(200)),
    "dashboards:events": Row(everyone(200)),
    "dashboards:plan-feed": Row(everyone(200), PLAN),
    "dashboards:priority-feed": Row(everyone(200), PLAN | {"priority": "1"}),
    "dashboards:initiative-feed": Row(everyone(200), PLAN | {"initiative": "cloud"}),
    "dashboards:metric-feed": Row(everyone(200), {"metric": "calls"}),
    "dashboards:check-history": Row(everyone(200)),
    "dashboards:brief-pdf": Row(everyone(200), PLAN),
    "admin:login": Row(everyone(302)),
    # Leaving is a POST; asked for with GET, those who are not in are sent to the sign-in.
    "admin:logout": Row(everyone(302) | {"system administrator": 405}),
}

#: Rows that come about otherwise than by an "add" page.
NOT_ADDED = {
    "organization",
    "reportingperiod",
    "statusupdate",
    "reviewrating",
    "frozenbrief",
    "question",
    "answer",
    "intaketoken",
    "changeevent",
    "chainhead",
}


def world() -> dict[str, Any]:
    """One row of each model, by the model's name."""
    now = make.START
    division = make.division(code="operations")
    rows: dict[str, Any] = {
        "organization": make.organization(),
        "division": division,
        "plan": make.plan(code="ita-2022-2023"),
        "priority": make.priority(code="1"),
        "reportingperiod": make.periods()[0],
        "initiative": make.initiative(code="cloud", lead_division=division),
        "metric": make.metric(code="calls", lead_division=division),
        "meeting": make.meeting(),
        "frozenbrief": make.frozen_brief(),
        "milestone": make.milestone(),
        "dimension": make.dimension(),
        "category": make.category(),
        "observation": make.observation(),
        "target": make.target(),
        "baseline": make.baseline(),
        "budgetline": make.budget_line(),
        "statusupdate": make.report(period=make.period(dt.date(2022, 3, 31))),
        "user": make.person(now=now),
        "rolegrant": make.grant(),
        "assignment": make.offer(),
        "reviewrating": make.rating(),
        "question": make.question(),
        "answer": make.answer(),
        "intaketoken": make.token(),
    }
    rows["changeevent"] = ChangeEvent.objects.latest("sequence")
    rows["chainhead"] = ChainHead.objects.get()
    return rows


def admin_rows(rows: dict[str, Any]) -> Iterator[tuple[str, Row]]:
    """A row for each page of each model in the admin."""
    for model in admin.site._registry:
        name = model._meta.model_name or ""
        prefix = f"admin:{model._meta.app_label}_{name}"
        one = {"object_id": rows[name].pk}
        yield f"{prefix}_changelist", Row(administrators(200))
        yield f"{prefix}_add", Row(administrators(403 if name in NOT_ADDED else 200))
        yield f"{prefix}_change", Row(administrators(200), one)
        yield f"{prefix}_history", Row(administrators(302), one)
        yield f"{prefix}_delete", Row(administrators(403), one)


def matrix(rows: dict[str, Any]) -> dict[str, Row]:
    """Every row of the table."""
    table = dict(OTHER)
    for name, kwargs in PUBLIC.items():
        table[f"dashboards:{name}"] = Row(everyone(200), kwargs)
        table[f"dashboards:{name}-json"] = Row(everyone(200), kwargs)
    for name, (status, kwargs, query) in ADMIN.items():
        table[f"admin:{name}"] = Row(administrators(status), kwargs, query)
    # The frozen brief of the matrix is for reviewers alone; public ones are in test_frozen.py.
    frozen = PLAN | {"brief": rows["frozenbrief"].code}
    for end in ("", "-json", "-pdf"):
        table[f"dashboards:frozen-brief{end}"] = Row(everyone(404), frozen)
    table |= dict(admin_rows(rows)) | accounts.rows(rows)
    for room in (updates, values, manage, imports, people, coverage, questions, following):
        table |= {f"priorities:{name}": row for name, row in room.rows(rows).items()}
    table |= {f"review:{name}": row for name, row in review.rows(rows).items()}
    table |= {f"instead:{name}": row for name, row in review.instead(rows).items()}
    person = {"id": rows["user"].pk}
    table["admin:auth_user_password_change"] = Row(administrators(200), person)
    item = rows["initiative"]
    content_type = ContentType.objects.get_for_model(Initiative)
    shown = {"content_type_id": content_type.pk, "object_id": item.pk}
    table["admin:view_on_site"] = Row(administrators(302), shown)
    return table


def nameless(resolver: URLResolver, route: str = "") -> Iterator[tuple[str, str]]:
    """Every address without a name, which the matrix cannot ask for: its route and its view."""
    for pattern in resolver.url_patterns:
        at = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from nameless(pattern, at)
        elif not pattern.name:
            yield at, pattern.lookup_str


def names(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Every name of the project's addresses."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            space = (pattern.namespace,) if pattern.namespace else ()
            yield from names(pattern, spaces + space)
        elif pattern.name:
            yield ":".join((*spaces, pattern.name))


def sign_in(role: str) -> Client:
    """A client of that role; errors of ours come as 500."""
    client = Client(raise_request_exception=False)
    if role == "system administrator":
        client.force_login(make.person(name="Root", is_staff=True, is_superuser=True))
    elif role != "anonymous":
        code = Role(role.replace(" ", "_"))
        bound = {"division": make.Division.objects.get(code="operations")}
        scope = bound if code is Role.DIVISION_EDITOR else {}
        client.force_login(make.grant(code, **scope).person)
    return client


def test_every_name_has_a_row_and_every_row_a_name() -> None:
    assert set(names(get_resolver())) == set(matrix(world()))


def test_no_address_of_ours_is_without_a_name() -> None:
    """The admin has two kinds: old addresses that lead on, and all that it does not know."""
    ours = [
        (route, view)
        for route, view in nameless(get_resolver())
        if not (route.startswith("admin/") and view.startswith("django."))
    ]
    assert ours == []


@pytest.mark.parametrize("role", ["anonymous", "system administrator"])
def test_the_gallery_of_components_is_for_developers_alone(role: str) -> None:
    """It has no row, because it is there under DEBUG only."""
    world()
    assert sign_in(role).get("/styleguide/").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_it_should(role: str) -> None:
    table = matrix(world())
    client = sign_in(role)
    wrong = {}
    for name, row in table.items():
        ask = getattr(client, row.method)
        status = ask(reverse(name, kwargs=row.kwargs) + row.query).status_code
        if status != row.statuses[role]:
            wrong[name] = (status, row.statuses[role])
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_what_is_internal_is_on_no_public_page(role: str) -> None:
    """The public pages show the public side to everyone; internal reading has its own doors."""
    world()
    make.initiative(code="secret", visibility="internal")
    make.metric(code="secret", visibility="internal")
    make.plan(code="draft", state="draft")
    client = sign_in(role)
    addresses = (
        "/plans/ita-2022-2023/initiatives/secret/",
        "/plans/ita-2022-2023/initiatives/secret.json",
        "/metrics/secret/",
        "/metrics/secret.json",
        "/plans/draft/",
    )
    assert [client.get(address).status_code for address in addresses] == [404] * 5


@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), ("reviewer", 403), ("system administrator", 404)]
)
def test_an_unknown_page_of_the_admin_tells_strangers_nothing(role: str, status: int) -> None:
    world()
    assert sign_in(role).get("/admin/nowhere/").status_code == status
