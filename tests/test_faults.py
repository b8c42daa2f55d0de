"""What goes wrong in a running place: nothing is half done, nothing typed is lost."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from priorities.enums import Role
from priorities.views.doors import is_busy
from tests import factories as make
from tests.portal import ROOT, Portal, demonstration, environment

PASSWORD = "Angeles-2023-demo"

#: Publishes a report, and is killed after its row is written and before its event is.
KILLED_WHILE_PUBLISHING = """
import os, signal, django
django.setup()
from priorities import clock
from priorities.actions import recording, updates
from priorities.enums import Health
from priorities.models import Initiative, StatusUpdate

def die(events, head):
    assert StatusUpdate.objects.filter(narrative="Half done.").exists()
    os.kill(os.getpid(), signal.SIGKILL)

recording.append = die
initiative = Initiative.objects.get(code="smartla-2028")
period = initiative.plan.periods.filter(start__lte=clock.now().date()).order_by("-end").first()
updates.report(initiative=initiative, period=period, health=Health.ON_TRACK,
               narrative="Half done.", by="test", now=clock.now())
"""


def python(database: Path, static: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(database, static),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.alone
def test_a_process_killed_while_it_publishes_leaves_nothing_behind(
    tmp_path: Path, shared: Path
) -> None:
    made = demonstration(shared)
    database = tmp_path / "killed.sqlite3"
    shutil.copy(made / "demo.sqlite3", database)
    killed = python(database, made / "static", "-c", KILLED_WHILE_PUBLISHING)
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    rows = sqlite3.connect(database).execute(
        "SELECT count(*) FROM priorities_statusupdate WHERE narrative = 'Half done.'"
    )
    assert rows.fetchone() == (0,)
    verified = python(database, made / "static", "manage.py", "verify_history")
    assert verified.returncode == 0, verified.stdout + verified.stderr


class Visitor:
    """Somebody with a browser's cookies and no JavaScript."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def get(self, path: str) -> str:
        with self.opener.open(self.portal.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, fields: dict[str, str]) -> str:
        request = urllib.request.Request(
            self.portal.url + path,
            data=urllib.parse.urlencode(fields).encode(),
            headers={"Referer": self.portal.url + path},
        )
        with self.opener.open(request, timeout=60) as answer:
            return str(answer.read().decode())

    def sign_in(self, email: str) -> None:
        page = self.get("/accounts/login/")
        fields = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token(page)}
        self.post("/accounts/login/", fields)


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


@pytest.mark.alone
def test_a_database_that_is_locked_for_a_while_keeps_a_save_waiting(portal: Portal) -> None:
    visitor = Visitor(portal)
    visitor.sign_in("manager@example.org")
    page = visitor.get("/updates/")
    form = re.search(r'<form[^>]* action="(/updates/[^"]+/nothing-changed/)".*?</form>', page, re.S)
    assert form is not None, page[:2000]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.group()))
    other = sqlite3.connect(portal.database, isolation_level=None, check_same_thread=False)
    before = other.execute("SELECT count(*) FROM priorities_statusupdate").fetchone()[0]
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(2, other.rollback)
    release.start()
    visitor.post(form.group(1), fields)
    release.join()
    after = other.execute("SELECT count(*) FROM priorities_statusupdate").fetchone()[0]
    assert after == before + 1


@pytest.mark.django_db
def test_who_waited_too_long_gets_back_all_that_was_sent(monkeypatch: Any) -> None:
    initiative = make.initiative(code="cloud")
    owner = make.owner(item=initiative).person
    make.grant(Role.MANAGER, person=owner)
    client = Client()
    client.force_login(owner)

    def locked(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("priorities.views.doors.act_of", locked)
    address = reverse("priorities:updates-save", args=[initiative.plan.code, "cloud"])
    answer = client.post(address, {"narrative": "Two lines\nof “text”.", "health": "on_track"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    text = answer.content.decode()
    assert 'name="narrative" value="Two lines\nof “text”."' in text
    assert f'action="{address}"' in text


@pytest.mark.parametrize(
    ("message", "code", "busy"),
    [
        ("database is locked", "", True),
        ("canceling statement due to lock timeout", "55P03", True),
        ("deadlock detected", "40P01", True),
        ("no such table", "", False),
    ],
)
def test_only_waiting_for_others_is_called_busy(message: str, code: str, busy: bool) -> None:
    error = OperationalError(message)
    error.__cause__ = type("Cause", (Exception,), {"pgcode": code})()
    assert is_busy(error) is busy
