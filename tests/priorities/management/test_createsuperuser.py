"""`manage.py createsuperuser` writes through the action, so that the record stays whole."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from priorities.management.commands import createsuperuser
from priorities.models import ChangeEvent
from priorities.queries.history import verify

pytestmark = pytest.mark.django_db
STRONG = "a long enough secret 7"
DOOR = createsuperuser.DOOR


def run(**options: object) -> str:
    out = StringIO()
    given = {"email": "root@example.org", "name": "Root"} | options
    call_command("createsuperuser", stdout=out, stderr=out, **given)
    return out.getvalue()


def typed(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> None:
    answers: Iterator[str] = iter(passwords)
    monkeypatch.setattr(createsuperuser, "getpass", lambda _question: next(answers))


def test_the_account_is_in_the_log_and_its_password_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(createsuperuser.PASSWORD, STRONG)
    assert run(interactive=False) == "root@example.org may now sign in at /admin/.\n"
    person = User.objects.get()
    assert (person.is_staff, person.is_superuser, person.check_password(STRONG)) == (True,) * 3
    event = ChangeEvent.objects.get()
    assert (event.actor, event.entered_by, event.public) == (DOOR, DOOR, False)
    assert "password" not in event.fields
    assert verify().count == 0


def test_a_password_is_asked_for_until_it_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, STRONG, "other", "short", "short", STRONG, STRONG)
    said = run()
    assert "The two are not the same." in said
    assert "too short" in said
    assert User.objects.get().check_password(STRONG)


def test_without_a_password_there_is_none() -> None:
    run(interactive=False)
    assert not User.objects.get().has_usable_password()


def test_a_known_address_is_refused() -> None:
    run(interactive=False)
    with pytest.raises(CommandError, match="There is already an account"):
        run(interactive=False, email="Root@Example.org")
    assert ChangeEvent.objects.count() == 1


@pytest.mark.parametrize("missing", ["email", "name"])
def test_what_is_missing_is_named(missing: str) -> None:
    with pytest.raises(CommandError, match=f"--{missing} is needed"):
        run(interactive=False, **{missing: ""})
    assert User.objects.count() == 0
