"""Who may do what: the roles of the domain, asked once, at the door.

``can`` answers for one item, ``editable_by`` and ``allowed`` for a whole list at once; a test
holds them equal for every role. ``user.has_perm("priorities.change_initiative", item)`` asks the
same function through the ``rules`` library.

Roles add up: each may do all that those before it may. What a role adds is bound to a scope: a
manager's to what is assigned and accepted, a division editor's to the division and below it. One
thing a person may do to all items but those: nobody reviews their own work (ADR 27).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from rules.permissions import add_perm
from rules.predicates import Predicate, predicate

from priorities.enums import AssignmentState, Role, UpdateState
from priorities.models import (
    RECORDED,
    Answer,
    Assignment,
    Division,
    Initiative,
    Metric,
    RoleGrant,
    StatusUpdate,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

    Person = User | AnonymousUser


class Permission(StrEnum):
    """One thing that a person may do at a door."""

    READ = "read"
    READ_INTERNAL = "read_internal"
    RATE = "rate"
    ASK = "ask"
    MAKE_BRIEF = "make_brief"
    REPORT = "report"
    ANSWER = "answer"
    ANSWER_OFFER = "answer_offer"
    EDIT = "edit"
    OFFER = "offer"
    REVIEW_UPDATES = "review_updates"
    MANAGE_PLANS = "manage_plans"
    SET_TARGETS = "set_targets"
    MANAGE_PERIODS = "manage_periods"
    PUBLISH = "publish"
    IMPORT = "import"
    MANAGE_PEOPLE = "manage_people"
    OPEN_ADMIN = "open_admin"


#: What each role adds to the roles before it.
ADDED: Mapping[Role, frozenset[Permission]] = {
    Role.REVIEWER: frozenset(
        {Permission.READ_INTERNAL, Permission.RATE, Permission.ASK, Permission.MAKE_BRIEF}
    ),
    Role.MANAGER: frozenset({Permission.REPORT, Permission.ANSWER, Permission.ANSWER_OFFER}),
    Role.DIVISION_EDITOR: frozenset({Permission.EDIT, Permission.OFFER, Permission.REVIEW_UPDATES}),
    Role.PLAN_ADMINISTRATOR: frozenset(
        {
            Permission.MANAGE_PLANS,
            Permission.SET_TARGETS,
            Permission.MANAGE_PERIODS,
            Permission.PUBLISH,
            Permission.IMPORT,
            Permission.MANAGE_PEOPLE,
        }
    ),
}

#: What anyone may do, without signing in.
PUBLIC = frozenset({Permission.READ})


def _added_up() -> dict[Role, frozenset[Permission]]:
    """All that each role may do."""
    so_far, table = PUBLIC, {}
    for role in Role:
        so_far |= ADDED[role]
        table[role] = so_far
    return table


PERMISSIONS: Mapping[Role, frozenset[Permission]] = _added_up()

#: What a manager holds for what is assigned, and a division editor for the division's too.
OF_THE_ASSIGNED = ADDED[Role.MANAGER]
OF_THE_DIVISION = ADDED[Role.MANAGER] | ADDED[Role.DIVISION_EDITOR]

#: What nobody does to an item that they have accepted, or whose division they edit.
OF_OTHERS = frozenset({Permission.RATE})


@dataclass(frozen=True, slots=True)
class Rights:
    """What one person holds: roles, and the divisions whose items they edit."""

    person_id: int | None
    roles: frozenset[Role]
    divisions: frozenset[int]
    is_system_administrator: bool

    def holds(self, permission: Permission) -> bool:
        """For anything at all?"""
        if permission in PUBLIC or self.is_system_administrator:
            return True
        return any(permission in PERMISSIONS[role] for role in self.roles)

    def everywhere(self, permission: Permission) -> bool:
        """For every item, whoever it belongs to?"""
        if self.is_system_administrator or Role.PLAN_ADMINISTRATOR in self.roles:
            return self.holds(permission)
        return self.holds(permission) and permission not in OF_THE_DIVISION

    def in_divisions(self, permission: Permission) -> bool:
        """For what the person's divisions lead?"""
        return permission in OF_THE_DIVISION and Role.DIVISION_EDITOR in self.roles

    def when_assigned(self, permission: Permission) -> bool:
        """For what is assigned to the person and accepted?"""
        return permission in OF_THE_ASSIGNED and self.holds(permission)


NOBODY = Rights(None, frozenset(), frozenset(), is_system_administrator=False)


def is_system_administrator(user: Person | None) -> bool:
    """May this person open the Django admin? Queries: none."""
    return bool(user and user.is_active and (user.is_superuser or user.is_staff))


def rights_of(user: Person | None) -> Rights:
    """What a person holds now; nobody's rights for a stranger or an inactive account.

    Queries: one for the roles, and one for the tree of divisions when it matters.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    if is_system_administrator(user):
        return Rights(user.pk, frozenset(), frozenset(), is_system_administrator=True)
    grants = RoleGrant.objects.filter(person_id=user.pk, revoked_on__isnull=True)
    held = list(grants.values_list("role", "division_id"))
    roots = {division for _role, division in held if division is not None}
    return Rights(
        user.pk,
        frozenset(Role(role) for role, _division in held),
        subtree(roots) if roots else frozenset(),
        is_system_administrator=False,
    )


def subtree(roots: set[int]) -> frozenset[int]:
    """Some divisions and all below them. Queries: one."""
    children: dict[int, list[int]] = {}
    for pk, parent in Division.objects.values_list("pk", "parent_id"):
        if parent is not None:
            children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting.extend(children.get(pk, ()))
    return frozenset(found)


def can(user: Person | None, permission: Permission, item: Model | None = None) -> bool:
    """May this person do this to this item, or, without an item, to anything at all?

    Queries: at most three, whatever the item (roles, divisions, assignment), besides those that
    load what the item belongs to.
    """
    if permission is Permission.READ:
        return _may_read(user, item)
    rights = rights_of(user)
    if not rights.holds(permission):
        return False
    if item is None:
        return True
    if permission in OF_OTHERS and _is_own_work(rights, item):
        return False
    if rights.everywhere(permission):
        return True
    if permission is Permission.ANSWER_OFFER:
        return isinstance(item, Assignment) and item.person_id == rights.person_id
    about = concerned(item)
    if about is None:
        return False
    if rights.in_divisions(permission) and _leading(about) in rights.divisions:
        return True
    return rights.when_assigned(permission) and _is_assigned(rights.person_id, about)


def _may_read(user: Person | None, item: Model | None) -> bool:
    """What is public is everyone's; a draft is its writers'; the rest is internal."""
    if item is None or getattr(item, "is_public", True):
        return True
    unfinished = (UpdateState.DRAFT, UpdateState.RETURNED)
    if isinstance(item, StatusUpdate) and item.state in unfinished:
        return can(user, Permission.REPORT, item)
    return can(user, Permission.READ_INTERNAL, item)


def concerned(item: Model) -> Initiative | Metric | Division | None:
    """The initiative, metric or division that a row is about; none for what plans share."""
    if isinstance(item, Initiative | Metric | Division):
        return item
    if isinstance(item, Answer):
        item = item.question
    return getattr(item, "initiative", None) or getattr(item, "metric", None)


def _leading(about: Initiative | Metric | Division) -> int | None:
    return about.pk if isinstance(about, Division) else about.lead_division_id


def _is_assigned(person_id: int | None, about: Initiative | Metric | Division) -> bool:
    """Has the person accepted to answer for it?"""
    if isinstance(about, Division):
        return False
    name = "initiative" if isinstance(about, Initiative) else "metric"
    return _accepted(person_id).filter(**{name: about}).exists()


def _is_own_work(rights: Rights, item: Model) -> bool:
    """Has the person accepted to answer for it, or do they edit the division that leads it?"""
    about = concerned(item)
    if about is None:
        return False
    return _leading(about) in rights.divisions or _is_assigned(rights.person_id, about)


def _accepted(person_id: int | None) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        person_id=person_id, state=AssignmentState.ACCEPTED.value
    ).order_by()


def allowed(
    user: Person | None, permission: Permission, items: QuerySet[Any] | None = None
) -> QuerySet[Any]:
    """Those initiatives (or metrics: pass ``Metric.objects.all()``) to which ``can`` says yes.

    Queries: those of ``rights_of``; the list itself is one more, whoever asks.
    """
    items = Initiative.objects.all() if items is None else items
    rights = rights_of(user)
    if not rights.holds(permission):
        return items.none()
    name = "initiative" if items.model is Initiative else "metric"
    mine = _accepted(rights.person_id).filter(**{f"{name}__isnull": False})
    assigned = Q(pk__in=mine.values(f"{name}_id"))
    led = Q(lead_division_id__in=rights.divisions)
    if permission in OF_OTHERS:
        items = items.exclude(assigned | led)
    if rights.everywhere(permission):
        return items
    condition = Q(pk__in=())
    if rights.in_divisions(permission):
        condition |= led
    if rights.when_assigned(permission):
        condition |= assigned
    return items.filter(condition)


def editable_by(user: Person | None, items: QuerySet[Any] | None = None) -> QuerySet[Any]:
    """Those initiatives, or metrics, whose wording and dates this person may change."""
    return allowed(user, Permission.EDIT, items)


# ── Doors ────────────────────────────────────────────────────────────────────────────────────


def demand(user: Person | None, permission: Permission, item: Model | None = None) -> None:
    """Let pass who may.

    Errors: ``Http404`` for a stranger, who learns nothing of what is not public;
    ``PermissionDenied`` for a known person without the right.
    """
    if can(user, permission, item):
        return
    if user is None or not user.is_authenticated:
        raise Http404(_("There is no such page."))
    if permission in OF_OTHERS and can(user, permission):
        raise PermissionDenied(_("You answer for this yourself, so somebody else rates it."))
    raise PermissionDenied(_("You do not have the right to do this."))


View = Callable[..., HttpResponseBase]


def requires(
    permission: Permission, *, item: Callable[..., Model | None] | None = None
) -> Callable[[View], View]:
    """Ask for a permission before a view runs.

    ``item`` finds the row that the view is about from the view's own keyword arguments; without
    it the question is whether the person holds the permission for anything at all.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            demand(request.user, permission, item(**kwargs) if item else None)
            return view(request, *args, **kwargs)

        return guarded

    return guard


# ── The same answers for ``user.has_perm`` ───────────────────────────────────────────────────


def may(permission: Permission) -> Predicate:
    """A predicate of the ``rules`` library that asks ``can``."""

    @predicate(name=f"may_{permission.value}")
    def asked(user: Person | None, item: Model | None = None) -> bool:
        return can(user, permission, item)

    return asked


#: What it takes to add or change a row of each model, where it is not the plan's structure.
TO_CHANGE: Mapping[str, Permission] = {
    "initiative": Permission.EDIT,
    "milestone": Permission.EDIT,
    "budgetline": Permission.EDIT,
    "metric": Permission.EDIT,
    "statusupdate": Permission.REPORT,
    "observation": Permission.REPORT,
    "target": Permission.SET_TARGETS,
    "baseline": Permission.SET_TARGETS,
    "reportingperiod": Permission.MANAGE_PERIODS,
    "rolegrant": Permission.MANAGE_PEOPLE,
    "assignment": Permission.OFFER,
    "reviewrating": Permission.RATE,
    "question": Permission.ASK,
    "answer": Permission.ANSWER,
}

for _model in RECORDED:
    _name = _model._meta.model_name or ""
    _needed = may(TO_CHANGE.get(_name, Permission.MANAGE_PLANS))
    add_perm(f"priorities.view_{_name}", may(Permission.READ))
    add_perm(f"priorities.add_{_name}", _needed)
    add_perm(f"priorities.change_{_name}", _needed)
