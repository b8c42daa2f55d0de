"""What a row of the permission matrix says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ROLES = (
    "anonymous",
    "reviewer",
    "manager",
    "division editor",
    "plan administrator",
    "system administrator",
)
Statuses = dict[str, int]


def everyone(status: int) -> Statuses:
    """The same for all."""
    return dict.fromkeys(ROLES, status)


def administrators(status: int) -> Statuses:
    """A stranger is asked to sign in, a known person is refused, a system administrator gets it."""
    return everyone(403) | {"anonymous": 302, "system administrator": status}


def those_from(role: str, status: int = 200) -> Statuses:
    """A stranger is asked to sign in; from this role on it is given, below it refused."""
    first = ROLES.index(role)
    given = {name: status if at >= first else 403 for at, name in enumerate(ROLES)}
    return given | {"anonymous": 302}


@dataclass(frozen=True)
class Row:
    """One name: what its address needs, and the status for each role.

    ``method``: how it is asked for. ``foreign``: the same address of an item that belongs to
    somebody else, which a manager of another division must not get.
    """

    statuses: Statuses
    kwargs: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    method: str = "get"
    foreign: dict[str, Any] | None = None
