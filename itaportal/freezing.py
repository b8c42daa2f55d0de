"""Freezing a brief: the read side writes it out and sets it, an action keeps both.

Here because it names both floors; a door of reviewers and a command ask for it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.urls import reverse

from dashboards.briefs import MOST_ROWS
from dashboards.pages.brief import build_brief
from dashboards.pages.brief_parts import Brief
from dashboards.pages.frozen import written_out
from dashboards.pdf.paper import Kept, brief_pdf
from dashboards.pdf.setting import REVIEWERS
from dashboards.visit import Visit
from priorities.actions.briefs import freeze_brief, just_frozen
from priorities.actions.recording import Actor
from priorities.enums import Visibility
from priorities.models import FrozenBrief, Plan
from priorities.models.brief import CODE_DIGITS, fingerprint


def address_of(plan: str, code: str, *, internal: bool) -> str:
    """The permanent address of a frozen brief: that of everyone, or that of reviewers."""
    space = "review" if internal else "dashboards"
    return reverse(f"{space}:frozen-brief", kwargs={"plan": plan, "brief": code})


def brief_for(visit: Visit, plan: str, *, sections: tuple[str, ...], internal: bool) -> Brief:
    """The brief between the dates of a visit; ``internal``: for reviewers.

    Errors: ``BadQuestion`` and ``PageNotFound``, as of its page.
    """
    return build_brief(
        visit=visit, plan_code=plan, sections=sections, most=MOST_ROWS, internal=internal
    )


def written(values: dict[str, Any]) -> bytes:
    """Raw values as a file that is kept, one value a line."""
    return json.dumps(values, ensure_ascii=False, indent=1).encode()


def set_now(brief: Brief) -> bytes:
    """A brief of today on paper. Errors: ``Busy`` and ``NotSet``."""
    with REVIEWERS.taken():
        return brief_pdf(asdict(brief), origin=settings.PORTAL_URL)


def freeze(
    brief: Brief, *, plan: Plan, note: str, by: Actor, now: dt.datetime, today: dt.date
) -> FrozenBrief:
    """Keep a brief as it is now, with its cover note, in words and on paper.

    Who may read it is what the brief was made for. A second click gets what the first one froze.
    Errors: ``Busy`` and ``NotSet`` of the typesetter, ``ValidationError`` of the record; nothing
    is kept then.
    """
    visibility = Visibility.INTERNAL if brief.internal else Visibility.PUBLIC
    same: dict[str, Any] = {
        "plan": plan,
        "since": dt.date.fromisoformat(brief.since),
        "until": dt.date.fromisoformat(brief.until),
        "left_out": list(brief.left_out),
        "note": note,
    }
    with REVIEWERS.taken():
        # Looked for before the paper is set, which takes seconds; the action looks for sure.
        first = just_frozen(now, **same, visibility=visibility.value, recorded_by=by.name)
        if first is not None:
            return first
        content = written_out(brief, note=note, role=str(by.role), at=now, day=today)
        pdf = _paper(content, plan.code, internal=brief.internal)
        return freeze_brief(**same, visibility=visibility, content=content, pdf=pdf, by=by, now=now)


def _paper(content: str, plan: str, *, internal: bool) -> bytes:
    """The paper of what is kept, with its address and its hash."""
    told, digest = json.loads(content), fingerprint(content)
    path = address_of(plan, digest[:CODE_DIGITS], internal=internal)
    kept = Kept(told["said"], path, digest)
    return brief_pdf(told["brief"], origin=settings.PORTAL_URL, kept=kept)
