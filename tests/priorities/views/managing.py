"""What the tests of plan work share: signing in, sending a form through its steps."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from accounts.models import User
from priorities.enums import Role
from priorities.models import Division
from tests import factories as make

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def administrator(**values: Any) -> Client:
    """A browser of a new plan administrator."""
    return signed_in(make.grant(Role.PLAN_ADMINISTRATOR, **values).person)


def editor(division: Division) -> Client:
    """A browser of a new editor of a division."""
    return signed_in(make.grant(Role.DIVISION_EDITOR, division=division).person)


def signed_in(person: User) -> Client:
    """A browser of a person."""
    client = Client()
    client.force_login(person)
    return client


def text(response: Any) -> str:
    """What a page says, blanks run together."""
    return " ".join(response.content.decode().split())


def hidden(response: Any) -> dict[str, list[str]]:
    """The hidden fields of a page."""
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(response.content.decode()):
        found.setdefault(name, []).append(value)
    return found


def fields(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send of a form as it is shown: its fields, untouched."""
    response = client.get(url)
    assert response.status_code == 200
    form = response.context["form"]
    sent: dict[str, Any] = {name: form.as_sent(name) for name in form.fields}
    return sent | {name: hidden(response)[name] for name in ("seen", "form_of")}


def look(client: Client, url: str, **typed: Any) -> Any:
    """Open a form, type, and look at the change."""
    return client.post(url, fields(client, url) | typed | {"step": "look"})


def save(client: Client, url: str, **typed: Any) -> Any:
    """Open a form, type, look at the change and save it."""
    preview = look(client, url, **typed)
    assert preview.status_code == 200, preview.context["form"].errors
    assert "telling" in preview.context, "nothing would change"
    return client.post(url, hidden(preview) | {"step": "save"})
