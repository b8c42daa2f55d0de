"""The doors of `priorities/urls/following.py`: each name, what its address needs, who gets what."""

from __future__ import annotations

from typing import Any

from django.core import signing

from priorities.actions import following
from priorities.notifications import links
from tests import factories as make
from tests.doors.table import ROLES, Row, everyone, those_from


def rows(world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix, by the address's name without its namespace."""
    mine, others = (
        following.follow(person=person, item=world["plan"], now=make.moment())
        for person in (world["user"], make.person())
    )
    person = str(world["user"].pk)
    now = make.moment()
    asked = following.ask_to_confirm(person=world["user"], since=now, now=now)
    link = links.confirming_url(world["user"].pk, world["user"].email, asked)
    confirming = link.rstrip("/").rpartition("/")[2]
    stopping = signing.Signer(salt=links.UNFOLLOWING).sign(person)
    # What somebody else follows is not there; a stranger signs in first.
    nobody = dict.fromkeys(ROLES, 404) | {"anonymous": 302}
    return {
        "follow-mail": Row(those_from("reviewer")),
        "follow-add": Row(those_from("reviewer"), query="?of=plan:ita-2022-2023"),
        "follow-end": Row(nobody, {"pk": mine.pk}, method="post", foreign={"pk": others.pk}),
        # Signed for one person; each asks, and does one thing to the mail of that person.
        "follow-confirm": Row(everyone(200), {"token": confirming}),
        "follow-stop": Row(everyone(200), {"token": stopping}),
    }
