"""The frame of every page that is no public one: sign-in, staff pages, errors for who is signed in.

Built here because it names both floors: the public ways of the plan, and the ways of staff.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.pages.chrome import build_chrome
from dashboards.pages.elements import Link
from dashboards.pages.layout import Chrome
from dashboards.visit import Visit
from priorities import clock
from priorities.assessment.periods import AsOf
from priorities.permissions import Permission, allowed, rights_of
from priorities.queries.head import head
from priorities.queries.publication import documents, frame, later_changes
from priorities.queries.review_queue import pending_count
from priorities.views.my_questions import my_questions
from priorities.views.my_work import to_go

#: The ways whose number says how much waits for the person.
MY_UPDATES = "priorities:updates"
TO_PUBLISH = "priorities:review-queue"

Ways = tuple[tuple[str, Any, Permission], ...]

#: The ways of staff in the header: name of the address, its words, what it takes.
WAYS: Ways = (
    (MY_UPDATES, gettext_lazy("My updates"), Permission.REPORT),
    (TO_PUBLISH, gettext_lazy("To publish"), Permission.REVIEW_UPDATES),
    ("priorities:manage", gettext_lazy("Plan work"), Permission.EDIT),
    ("review:overview", gettext_lazy("Review"), Permission.READ_INTERNAL),
)
#: The rooms of plan work, shown below the header when one is in them.
ROOMS: Ways = (
    ("priorities:manage", gettext_lazy("Plans and metrics"), Permission.EDIT),
    ("priorities:manage-coverage", gettext_lazy("Coverage"), Permission.OFFER),
    ("priorities:manage-owners", gettext_lazy("Owners"), Permission.OFFER),
    ("priorities:people", gettext_lazy("People"), Permission.MANAGE_PEOPLE),
    ("priorities:imports", gettext_lazy("Import"), Permission.IMPORT),
    ("priorities:tokens", gettext_lazy("Tokens"), Permission.IMPORT),
    ("priorities:manage-mail", gettext_lazy("Mail"), Permission.MANAGE_PEOPLE),
)


#: The rooms of review, shown below the header when one is in them.
REVIEW_ROOMS: Ways = (
    ("review:overview", gettext_lazy("Overview"), Permission.READ_INTERNAL),
    ("review:table", gettext_lazy("Table"), Permission.READ_INTERNAL),
    ("review:timeline", gettext_lazy("Timeline"), Permission.READ_INTERNAL),
    ("review:disagreements", gettext_lazy("Disagreements"), Permission.READ_INTERNAL),
    ("priorities:questions", gettext_lazy("Questions"), Permission.READ_INTERNAL),
    ("review:briefs", gettext_lazy("Briefs"), Permission.READ_INTERNAL),
    ("review:views", gettext_lazy("Saved views"), Permission.READ_INTERNAL),
)
#: Addresses within review that belong to a room, though its own does not begin so.
BELONGING = {"priorities:questions": ("ask/", "rate/")}
#: Which rooms are shown where: the address that they begin with, what they are called together.
HOUSES: tuple[tuple[str, Any, Ways], ...] = (
    ("priorities:manage", gettext_lazy("Plan work"), ROOMS),
    ("review:overview", gettext_lazy("Review"), REVIEW_ROOMS),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Rooms:
    """The ways below the header: what they are called together, and where they lead."""

    label: str
    links: tuple[Link, ...]


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The frame, for templates whose view gives none; built only if one is drawn.

    ``rooms``: the ways within the part of the house that the person is in.
    """
    return {
        "chrome": SimpleLazyObject(lambda: build_staff_chrome(request)),
        "rooms": SimpleLazyObject(lambda: _rooms(request)),
    }


def build_staff_chrome(request: HttpRequest) -> Chrome:
    """The public ways, before them those of the person who is signed in.

    Queries: five, and for who reports those of ``my_work`` and ``my_questions``, which the request
    may have asked.
    """
    return _built(request, getattr(request, "user", None))


def build_error_chrome(request: HttpRequest) -> Chrome:
    """The frame of an error at any address, a public one too.

    Who carries no session is not asked for one: a shared cache may then keep the page. Queries:
    three, and for who is signed in those of ``build_staff_chrome``.
    """
    carries = settings.SESSION_COOKIE_NAME in request.COOKIES
    return _built(request, getattr(request, "user", None) if carries else None)


def _built(request: HttpRequest, user: Any) -> Chrome:
    """The frame for somebody; for nobody, the public ways and the one to sign in."""
    newest, tz, at = head()
    present = AsOf.now(clock.now(at), tz)
    visit = Visit("/", QueryDict(), present, present.day, tz, "", newest)
    undo = later_changes(*(rows.model for rows in frame()), as_of=present)
    found = documents(*frame(), as_of=present, undo=undo)
    public = build_chrome(visit=visit, found=found, title="")
    signed_in = user is not None and user.is_authenticated
    ways = _ways(request, present) if signed_in else ()
    return dataclasses.replace(
        public,
        # The foot leads to the data as well; the header has no room for it.
        menu=(*ways, *public.menu[: -1 if ways else None]),
        account=_account(str(user)) if signed_in else public.account,
        canonical="",
        alternate_json="",
        as_of=None,
        machine=(),
        index=False,
    )


def _ways(request: HttpRequest, present: AsOf) -> tuple[Link, ...]:
    """Where this person may go; the one they are at is marked, and what waits is counted."""
    return tuple(
        Link(label, url, current, _waiting(request, present, name))
        for name, label, url, current in _open(request, WAYS)
    )


def _rooms(request: HttpRequest) -> Rooms | None:
    """Where a person who is at plan work, or at review, may go within it."""
    for name, label, ways in HOUSES:
        if request.path.startswith(reverse(name)):
            links = tuple(Link(words, url, here) for _n, words, url, here in _open(request, ways))
            return Rooms(str(label), links) if len(links) > 1 else None
    return None


def _open(request: HttpRequest, ways: Ways) -> list[tuple[str, str, str, bool]]:
    """Those ways that are open to the person: name, words, address, and whether they are there."""
    rights = rights_of(request.user)
    found = [
        (name, str(label), reverse(name))
        for name, label, permission in ways
        if rights.holds(permission)
    ]
    review = reverse("review:overview")
    held = [
        (begins, name)
        for name, _label, url in found
        for begins in (url, *(review + own for own in BELONGING.get(name, ())))
        if request.path.startswith(begins)
    ]
    # Of two addresses that hold the path, one within the other, the person is at the longer.
    here = max(held, key=lambda each: len(each[0]), default=("", ""))[1]
    return [(name, label, url, name == here) for name, label, url in found]


def _waiting(request: HttpRequest, present: AsOf, name: str) -> str:
    """How much is to go, as the menu says it; nothing for none."""
    waiting = 0
    if name == MY_UPDATES:
        waiting = to_go(request, present) + len(my_questions(request, present))
    elif name == TO_PUBLISH:
        waiting = pending_count(allowed(request.user, Permission.REVIEW_UPDATES))
    return str(waiting) if waiting else ""


def _account(name: str) -> Link:
    """The person's own pages."""
    return Link(name or _("Your account"), reverse("account_home"))
