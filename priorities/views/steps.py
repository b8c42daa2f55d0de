"""Writing in two steps: what one types, then how others will read it, then it is sent.

The look between them is plain HTML: what was typed travels along in hidden fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from priorities.enums import Visibility
from priorities.models import Question
from priorities.views.handshake import typed

#: The status of a form that is not sent: something is wrong with it.
WRONG = 422


@dataclass(frozen=True, slots=True)
class Looked:
    """A line of the look: what it is, and what will be read."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Readers:
    """Who will read it, in a heading and a sentence."""

    is_public: bool
    heading: str
    note: str


def readers(visibility: str) -> Readers:
    """Who reads what is public or internal."""
    if visibility == Visibility.PUBLIC:
        return Readers(
            True,
            _("Everyone will be able to read this"),
            _("It is public as soon as you send it, and stays in the record for good."),
        )
    return Readers(
        False,
        _("Only staff and reviewers will read this"),
        _("It is kept in the record. The public pages and downloads do not show it."),
    )


def readers_of(question: Question) -> Readers:
    """Who reads what is added to a question: of an internal item nobody outside, until it is not.

    The question keeps its readers when its item is published, and so do its answers.
    """
    if question.visibility == Visibility.PUBLIC and not question.item.is_public:
        return Readers(
            False,
            _("Only staff and reviewers while the item is internal; everyone once it is public"),
            _(
                "The question is public. It is read with all its answers as soon as the item is "
                "published, and stays in the record for good."
            ),
        )
    return readers(question.visibility)


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing can be written here any more: why, and where to go on."""

    why: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """One thing to be written. ``look``: its lines; ``send``: writes it, and where to go on.

    ``beside``: what others say of it, which one should know when one writes.

    ``ended`` says that it came to an end, mostly while somebody was typing. What is sent is asked
    of the record all the same: a second click finds what the first one wrote.
    """

    title: str
    about: str
    about_url: str
    leave_url: str
    form: Callable[[dict[str, str] | None], forms.Form]
    readers: Callable[[forms.Form], Readers]
    look: Callable[[forms.Form], tuple[Looked, ...]]
    send: Callable[[forms.Form], HttpResponseBase]
    send_label: str
    before: tuple[Any, ...] = ()
    intro: str = ""
    form_template: str = "questions/form.html"
    ended: Ended | None = None
    beside: Callable[[], tuple[Looked, ...]] = tuple


def run(request: HttpRequest, steps: Steps) -> HttpResponseBase:
    """The form, the look, or what follows the sending. A refusal of the record is shown."""
    data = typed(request)
    step = request.POST.get("step", "look")
    if steps.ended is not None and data is None:
        messages.info(request, steps.ended.why)
        return redirect(steps.ended.url)
    form = steps.form(data)
    if steps.ended is not None and step != "send":
        return _refused(request, steps, form, [steps.ended.why])
    if request.method != "POST" or step == "edit":
        if step == "edit":
            form = _unjudged(steps, data or {})
        return _form(request, steps, form)
    if not form.is_valid():
        return _form(request, steps, form, status=WRONG)
    if step == "send":
        try:
            return steps.send(form)
        except ValidationError as error:
            return _refused(request, steps, form, error.messages)
    page = {
        "steps": steps,
        "readers": steps.readers(form),
        "look": steps.look(form),
        "typed": [(name, (data or {}).get(name, "")) for name in form.fields],
    }
    return render(request, "questions/preview.html", page)


def _refused(
    request: HttpRequest, steps: Steps, form: forms.Form, why: list[str]
) -> HttpResponseBase:
    """The form with all that was typed, and why it was not sent."""
    form.full_clean()
    form.add_error(None, ValidationError(why))
    return _form(request, steps, form, status=WRONG)


def _unjudged(steps: Steps, data: dict[str, str]) -> forms.Form:
    """The form as it was typed, before anything is said about it."""
    form = steps.form(None)
    form.initial.update({name: data[name] for name in form.fields if name in data})
    return form


def _form(
    request: HttpRequest, steps: Steps, form: forms.Form, *, status: int = 200
) -> HttpResponseBase:
    page = {"steps": steps, "form": form, "beside": steps.beside()}
    return render(request, steps.form_template, page, status=status)
