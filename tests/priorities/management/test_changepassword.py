"""`manage.py changepassword` writes through the action, so that the record tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from priorities.management.commands import changepassword, createsuperuser
from priorities.models import ChangeEvent
from priorities.queries.history import verify
from tests import factories as make

pytestmark = pytest.mark.django_db
STRONG = "a long enough secret 7"


def test_the_change_is_in_the_log_and_the_password_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = make.person(email="ana@example.org")
    answers: Iterator[str] = iter((STRONG, "other", STRONG, STRONG))
    monkeypatch.setattr(createsuperuser, "getpass", lambda _question: next(answers))
    out = StringIO()
    call_command("changepassword", "Ana@Example.org", stdout=out, stderr=out)
    assert "The password of ana@example.org is changed." in out.getvalue()
    person.refresh_from_db()
    assert person.check_password(STRONG)
    event = ChangeEvent.objects.latest("sequence")
    assert (event.entered_by, event.fields) == (changepassword.DOOR, {"password": [None, "set"]})
    assert verify().count == 0


def test_an_unknown_address_is_said() -> None:
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("changepassword", "no@example.org")
