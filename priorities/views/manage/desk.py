"""One form from the first look to the save: asked, checked, shown what it changes, then written.

Every page of plan work that writes goes this way, so each of them keeps what was typed (over an
error, an ended session, a conflict), says beforehand what the public will see, and refuses to
write over what somebody else wrote meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from priorities.actions.rehearsal import Overtaken, rehearse, unless_overtaken
from priorities.models import ChangeEvent
from priorities.queries.edits import Watch, stamp
from priorities.views.doors import AUTHOR, Act, take_kept
from priorities.views.manage.conflict import Conflict, conflict_of, settled
from priorities.views.manage.elements import Link, Notice
from priorities.views.manage.telling import Telling, tell

#: Fields of the page itself, which are not part of what was typed.
OF_THE_PAGE = frozenset({"csrfmiddlewaretoken", "step", "seen", AUTHOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One form on one item.

    ``ask`` makes the form, bound to what was sent or, given None, as the row stands. ``save``
    calls the action; it runs twice, first as a rehearsal, so it must do nothing else. ``watch``
    says whose writing meanwhile is a conflict. ``explain`` gives the steps that are shown above
    the list of changes. A button named "move" only draws the form again.
    """

    title: str
    ask: Callable[[QueryDict | None], Any]
    save: Callable[[Any], Any]
    done: Callable[[Any], str]
    said: str
    crumbs: tuple[Link, ...]
    watch: Watch | None = None
    lead: str = ""
    notice: Notice | None = None
    button: str = ""
    body: str = "manage/parts/fields.html"
    explain: Callable[[Any], list[str]] | None = None
    aside: Mapping[str, Any] = field(default_factory=dict)


def serve(request: HttpRequest, act: Act, desk: Desk) -> HttpResponse:
    """Answer one step: ask, look, or save."""
    if request.method != "POST":
        kept = take_kept(request, request.path)
        if kept is None:
            return _asked(request, desk, desk.ask(None))
        messages.info(request, _("Your session had ended. Nothing you typed was lost."))
        return _asked(request, desk, desk.ask(_sent(kept)), seen=_first(kept, "seen"))
    sent = settled(request.POST, desk.ask(None))
    form, seen = desk.ask(sent), request.POST.get("seen", "")
    step = request.POST.get("step", "look")
    if step == "edit" or "move" in request.POST:
        return _asked(request, desk, form, seen=seen)
    if not form.is_valid():
        return _asked(request, desk, form, seen=seen, status=422)
    try:
        with unless_overtaken(watch=desk.watch, seen=seen):
            if step != "save":
                telling = rehearse(act=lambda: desk.save(form), read=_read)
            else:
                result = desk.save(form)
    except Overtaken:
        return _overtaken(request, desk, form, sent, seen)
    except ValidationError as refused:
        form.refuse(refused)
        return _asked(request, desk, form, seen=seen, status=422)
    if step == "save":
        messages.success(request, desk.said)
        return HttpResponseRedirect(desk.done(result))
    if telling.is_nothing:
        messages.info(request, _("Nothing would change. There is nothing to save."))
        return _asked(request, desk, form, seen=seen)
    return _previewed(request, desk, form, sent, seen, telling)


def _read(events: Any) -> Telling:
    """The events of a rehearsal in words."""
    told: list[ChangeEvent] = list(events)
    return tell(told)


def _sent(kept: Mapping[str, list[str]]) -> QueryDict:
    """A kept form as if it were sent."""
    sent = QueryDict(mutable=True)
    for name, values in kept.items():
        sent.setlist(name, values)
    return sent


def _first(kept: Mapping[str, list[str]], name: str) -> str:
    return next(iter(kept.get(name, [])), "")


def typed(sent: QueryDict) -> Iterator[tuple[str, str]]:
    """What was typed, as hidden fields of the next page."""
    for name, values in sent.lists():
        if name not in OF_THE_PAGE:
            yield from ((name, str(value)) for value in values)


def _context(desk: Desk, seen: str | None, **more: Any) -> dict[str, Any]:
    """What all pages of a desk show."""
    if seen is None:
        seen = stamp(desk.watch) if desk.watch else ""
    return {"desk": desk, "crumbs": desk.crumbs, "seen": seen, **desk.aside, **more}


def _asked(
    request: HttpRequest, desk: Desk, form: Any, *, seen: str | None = None, status: int = 200
) -> HttpResponse:
    """The form."""
    context = _context(desk, seen, form=form, has_errors=bool(form.is_bound and form.errors))
    return render(request, "manage/form.html", context, status=status)


def _previewed(
    request: HttpRequest, desk: Desk, form: Any, sent: QueryDict, seen: str, telling: Telling
) -> HttpResponse:
    """What the save will change, publicly and inside, before it is saved."""
    context = _context(
        desk,
        seen,
        telling=telling,
        typed=list(typed(sent)),
        reason="" if telling.says(form.why) else form.why,
        steps=desk.explain(form) if desk.explain else [],
    )
    return render(request, "manage/preview.html", context)


def _overtaken(
    request: HttpRequest, desk: Desk, form: Any, sent: QueryDict, seen: str
) -> HttpResponse:
    """Both versions side by side; what was typed goes along."""
    assert desk.watch is not None  # noqa: S101 - nothing else raises `Overtaken`
    person: Any = request.user
    conflict: Conflict = conflict_of(desk.watch, seen, person, form, desk.ask(None), sent)
    context = _context(desk, None, conflict=conflict)
    if conflict.fields:
        return render(request, "manage/conflict.html", context, status=409)
    context |= {"form": form, "has_errors": False}
    return render(request, "manage/form.html", context, status=409)
