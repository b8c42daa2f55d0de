"""What the tests of mail share: a standing clock, the command, people with something due."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from priorities import clock
from priorities.assessment.periods import AsOf
from priorities.enums import Role
from tests import factories as make

#: The round of the first quarter of 2022 is due on 15 April.
DAY_BEFORE = make.at(2022, 4, 14)

#: Mail servers that do not work.
BROKEN = "tests.priorities.notifications.broken"
DOWN, CHOOSY, HANGS_UP = f"{BROKEN}.Down", f"{BROKEN}.Choosy", f"{BROKEN}.HangsUp"
CONSOLE = "django.core.mail.backends.console.EmailBackend"


def stand(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    """Let the portal's clock stand."""
    monkeypatch.setattr(clock, "now", lambda newest=None: moment)


def run(*options: str) -> str:
    out = StringIO()
    call_command("send_reminders", *options, stdout=out)
    return out.getvalue()


def member(name: str, role: Role = Role.MANAGER, **values: Any) -> User:
    return make.grant(role, person=make.person(name=name), **values).person


def owner(name: str = "Olga", **values: Any) -> User:
    """A person who owns an initiative of which a report is due on 15 April 2022."""
    person = member(name)
    item = make.initiative(**values)
    make.periods(plan=item.plan)
    make.owner(item=item, person=person)
    return person


def as_of(moment: dt.datetime) -> AsOf:
    return AsOf.now(moment, make.LOS_ANGELES)
