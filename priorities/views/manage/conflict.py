"""Two people on one form: what the other one changed beside what this one typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from priorities import spelling
from priorities.models import ChangeEvent, Recorded
from priorities.queries.edits import (
    Meanwhile,
    Watch,
    authors,
    meanwhile,
    sequence_of,
    wrote_alone,
)
from priorities.queries.head import head
from priorities.views.manage.telling import Names, Told, field_label, spell, tell

#: Before the name of a field whose version is chosen.
TAKE = "take_"
#: The choice of the other person's version.
THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Both:
    """One field in both versions. ``is_open``: both changed it, so one must be chosen."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    who: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """What happened meanwhile: to the fields of the form, or, without such, beside it.

    ``is_own``: the same person wrote it, in another window.
    """

    is_own: bool
    fields: tuple[Both, ...]
    hidden: tuple[tuple[str, str], ...]
    beside: tuple[Told, ...]


def conflict_of(
    watch: Watch, seen: str, person: User, form: Any, fresh: Any, sent: QueryDict
) -> Conflict:
    """Compare what a person typed with what was written since. Queries: constant.

    ``form`` is bound and valid; ``fresh`` is the same form as the row stands now. A field that
    only the other one changed is taken over from them; one that only this person changed stays.
    """
    model: type[Recorded] | None = getattr(getattr(form, "_meta", None), "model", None)
    changed = meanwhile(watch, seen)
    is_own = wrote_alone(person, authors(watch, seen))
    if model is None or not set(changed) & set(form.fields):
        events = ChangeEvent.objects.filter(watch.condition, sequence__gt=sequence_of(seen))
        telling = tell(list(events.order_by("sequence")))
        return Conflict(is_own, (), (), (*telling.public, *telling.internal))
    names = Names()
    for name, others in changed.items():
        mine = [form.typed(name)] if name in form.fields else []
        names.want(model, name, others.before, others.now, *mine)
    names.look_up()
    zone = head().zone
    both = tuple(_both(names, model, name, others, form, zone) for name, others in changed.items())
    untouched = {one.name for one in both if not one.is_open}
    return Conflict(is_own, both, tuple(_hidden(form, fresh, sent, untouched)), ())


def _both(
    names: Names, model: type[Recorded], name: str, others: Meanwhile, form: Any, zone: ZoneInfo
) -> Both:
    """One field that somebody else changed."""
    asked = name in form.fields and not form.fields[name].disabled
    mine = form.typed(name) if asked else others.before
    return Both(
        name=name,
        label=field_label(model, name),
        before=spell(names, model, name, others.before),
        theirs=spell(names, model, name, others.now),
        mine=spell(names, model, name, mine),
        who=_("%(name)s, %(moment)s")
        % {"name": others.actor, "moment": spelling.moment(others.at, zone)},
        is_open=asked and mine not in (others.before, others.now),
    )


def _hidden(
    form: Any, fresh: Any, sent: QueryDict, untouched: set[str]
) -> Iterable[tuple[str, str]]:
    """What goes along: what was typed, and the present version of what this person left alone."""
    for name in form.fields:
        values = fresh.as_sent(name) if name in untouched else sent.getlist(name)
        yield from ((name, str(value)) for value in values)


def settled(sent: QueryDict, fresh: Any) -> QueryDict:
    """What was sent, with the other person's version where that was chosen."""
    taken = [
        name.removeprefix(TAKE)
        for name, value in sent.items()
        if name.startswith(TAKE) and value == THEIRS
    ]
    result = sent.copy()
    for name in [each for each in result if each.startswith(TAKE)]:
        del result[name]
    for name in taken:
        if name in fresh.fields:
            result.setlist(name, fresh.as_sent(name))
    return result
