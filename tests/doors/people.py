"""The doors of `priorities/urls/people.py`: each name, what its address needs, who gets what.

People belong to no division, so no address has a foreign one; a system administrator's account is
closed to plan administrators, which `tests/priorities/views/test_people.py` tells.
"""

from __future__ import annotations

from typing import Any

from tests.doors.table import Row, Statuses, everyone, those_from


def rows(world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix, by the address's name without its namespace."""
    some = those_from("plan administrator")
    moves = those_from("plan administrator", 302)
    one = {"pk": world["user"].pk}
    grant = {"pk": world["rolegrant"].person_id, "grant": world["rolegrant"].pk}
    return {
        "people": Row(some),
        "people-invite": Row(some),
        "people-invite-all": Row(some),
        "person": Row(some, one),
        "person-invite": Row(moves, one, method="post"),
        "person-role": Row(some, one, method="post"),
        "person-role-end": Row(moves, grant, method="post"),
        "person-close": Row(some, one),
        "person-open": Row(moves, one, method="post"),
        "person-second-factor": Row(some, one),
        # Whoever has the link: here there is none.
        "invitation": Row(gone(), {"token": "made-up"}),
        "invitation-accept": Row(gone()),
    }


def gone() -> Statuses:
    """A link that opens nothing, for whoever asks."""
    return everyone(410)
