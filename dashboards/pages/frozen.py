"""Briefs that were frozen as delivered: how one is written out, the list of them, one of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from dashboards.charts.printable import Printable
from dashboards.filters import page_number
from dashboards.pages import words
from dashboards.pages.brief_parts import Brief
from dashboards.pages.chrome import build_chrome, plan_crumb
from dashboards.pages.elements import Cell, Column, Fact, Link, Pager, Table
from dashboards.pages.layout import Chrome
from dashboards.pages.paging import pager, pages_of
from dashboards.pages.portal import read_portal
from dashboards.pages.raw import raw
from dashboards.pages.reading import missing
from dashboards.visit import PageNotFound, Visit
from priorities.enums import Visibility
from priorities.models import FrozenBrief, Plan
from priorities.queries.briefs import frozen_brief, frozen_briefs
from priorities.queries.publication import Document, Documents, is_public_plan
from priorities.saying import gettext as _

#: How the content is written; a later way gets another name, and this one stays readable.
FORMAT = "brief/1"
PAGE_SIZE = 50
#: Where a frozen brief is read.
Address = Callable[[FrozenBrief], str]


# ── Writing one out ──────────────────────────────────────────────────────────────────────────


def written_out(brief: Brief, *, note: str, role: str, at: dt.datetime, day: dt.date) -> str:
    """A brief with its cover note as the JSON that is kept: to the byte what is downloaded.

    ``role`` says who froze it, ``at`` and ``day`` when, for machines and at the agency.
    """
    said = _("Frozen as delivered on %(day)s. It does not change any more.")
    if role:
        said = _("Frozen as delivered on %(day)s by: %(role)s. It does not change any more.")
    noted = replace(brief, note=paragraphs(note))
    content = {
        "format": FORMAT,
        "plan": brief.plan_code,
        "from": brief.since,
        "to": brief.until,
        "audience": (Visibility.INTERNAL if brief.internal else Visibility.PUBLIC).value,
        "frozen_at": raw(at),
        "frozen_by": role,
        "said": said % {"day": words.day(day), "role": role},
        "brief": asdict(noted),
    }
    # The twin of a frozen brief is this very text, however other twins are written.
    return json.dumps(content, ensure_ascii=False, indent=1)


def paragraphs(note: str) -> tuple[str, ...]:
    """A cover note by its paragraphs: an empty line ends one."""
    parts = note.replace("\r\n", "\n").split("\n\n")
    return tuple(" ".join(part.split()) for part in parts if part.strip())


# ── The list ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FrozenListPage(Printable):
    """Every string of the list of frozen briefs."""

    chrome: Chrome
    title: str
    lede: str
    table: Table
    pager: Pager
    today: Link
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The list in raw values."""
        return self.data


def build_frozen_list(
    *, visit: Visit, plan_code: str, internal: bool = False, address: Address | None = None
) -> FrozenListPage:
    """The frozen briefs of a plan, the newest first; ``internal``: for reviewers, with theirs.

    Queries: four beside the revision: documents (two), how many, those of the page.
    """
    found, plan = _plan(visit, plan_code)
    rows = frozen_briefs(plan_code, visit.as_of, internal=internal)
    total = rows.count()
    at = page_number(visit.query.get("page", ""))
    pages = pages_of(total, PAGE_SIZE, at)
    shown = list(rows[(at - 1) * PAGE_SIZE : at * PAGE_SIZE])
    title = _("Frozen briefs")
    lede = _("Each brief as it was delivered, with the hash that proves it. None is ever changed.")
    where = address or public_address(visit)
    return FrozenListPage(
        chrome=build_chrome(
            visit=visit,
            found=found,
            title=title,
            description=lede,
            plan=plan,
            breadcrumb=(plan_crumb(visit, plan), Link(title, "", current=True)),
            index=not visit.query,
            asks=("page",),
        ),
        title=title,
        lede=lede,
        table=_table(visit, shown, where, internal=internal),
        pager=pager(visit, visit.path, {}, at=at, pages=pages, total=total, size=PAGE_SIZE),
        today=Link(_("The brief of today"), visit.link("brief", plan=plan_code)),
        data={
            "plan": plan_code,
            "total": total,
            "page": at,
            "pages": pages,
            "briefs": [_row_json(row) | {"url": where(row)} for row in shown],
        },
    )


def public_address(visit: Visit) -> Address:
    """The permanent address of a frozen brief that everyone may read."""
    return lambda row: visit.link("frozen-brief", plan=row.plan.code, brief=row.code)


def _plan(visit: Visit, plan_code: str) -> tuple[Documents, Document]:
    """The frame of a page of the plan. Errors: ``PageNotFound`` when it was not public then."""
    found = read_portal(visit)
    plan = found["plan"].get(plan_code)
    if plan is None or not is_public_plan(plan):
        raise missing(visit, Plan, plan_code)
    return found, plan


def _table(visit: Visit, rows: list[FrozenBrief], where: Address, *, internal: bool) -> Table:
    columns = [Column(_("Brief")), Column(_("Frozen")), Column(_("Cover note"))]
    columns += [Column(_("Who may read it"))] if internal else []
    return Table(
        caption=_("Frozen briefs, the newest first"),
        columns=(*columns, Column(_("Hash"))),
        rows=tuple(_row(visit, row, where, internal=internal) for row in rows),
        empty=_("No brief has been frozen yet."),
    )


def _row(visit: Visit, row: FrozenBrief, where: Address, *, internal: bool) -> tuple[Cell, ...]:
    cells = [
        Cell(_span(row), url=where(row), head=True),
        Cell(words.tight(words.day(_frozen_on(visit, row)))),
        Cell(next(iter(paragraphs(row.note)), "")),
    ]
    cells += [Cell(_audience(row))] if internal else []
    return (*cells, Cell(row.code))


def _span(row: FrozenBrief) -> str:
    """What a brief speaks of: "31 Mar 2022 to 30 Jun 2022"."""
    return _("%(first)s to %(last)s") % {
        "first": words.day(row.since),
        "last": words.day(row.until),
    }


def _audience(row: FrozenBrief) -> str:
    return _("Everyone") if row.visibility == Visibility.PUBLIC else _("Reviewers")


def _frozen_on(visit: Visit, row: FrozenBrief) -> dt.date:
    at = row.published_at or row.recorded_at
    return at.astimezone(visit.tz).date()


def _row_json(row: FrozenBrief) -> dict[str, Any]:
    return {
        "code": row.code,
        "from": raw(row.since),
        "to": raw(row.until),
        "frozen_at": raw(row.published_at),
        "note": row.note,
        "sha256": row.sha256,
        "pdf_sha256": row.pdf_sha256,
    }


# ── One of them ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FrozenPage(Printable):
    """A frozen brief: its strings as they were written down, and what proves them.

    ``brief`` is a ``Brief`` as it was written out.
    """

    chrome: Chrome
    said: str
    brief: dict[str, Any]
    downloads: tuple[Link, ...]
    proof: tuple[Fact, ...]
    others: Link
    content: str

    def public_json(self) -> dict[str, Any]:
        """What was frozen, to the byte."""
        found: dict[str, Any] = json.loads(self.content)
        return found


def build_frozen_page(
    *, visit: Visit, plan_code: str, code: str, internal: bool = False, others: str = ""
) -> FrozenPage:
    """A frozen brief as it was delivered. ``others`` is where the list of them is.

    Queries: three beside the revision: documents (two) and the brief.
    """
    found, plan = _plan(visit, plan_code)
    row = find_frozen(visit, plan_code, code, internal=internal)
    content = json.loads(row.content)
    listed = Link(_("Frozen briefs"), others or visit.link("frozen-briefs", plan=plan_code))
    name = _span(row)
    chrome = build_chrome(
        visit=visit,
        found=found,
        title=_("Brief, %(span)s") % {"span": name},
        description=content["brief"]["lead"] + content["brief"]["rest"],
        plan=plan,
        breadcrumb=(plan_crumb(visit, plan), listed, Link(name, "", current=True)),
    )
    return FrozenPage(
        # The same on every date, so it offers none.
        chrome=replace(chrome, as_of=None),
        said=content["said"],
        brief=content["brief"],
        downloads=_downloads(visit),
        proof=(
            Fact(_("SHA-256 of the JSON"), row.sha256, plain=True),
            Fact(_("SHA-256 of the PDF"), row.pdf_sha256, plain=True),
        ),
        others=listed,
        content=row.content,
    )


def find_frozen(visit: Visit, plan_code: str, code: str, *, internal: bool = False) -> FrozenBrief:
    """A frozen brief. Errors: ``PageNotFound`` for none, none yet, or none for this reader."""
    row = frozen_brief(plan_code, code, visit.as_of, internal=internal)
    if row is None:
        raise PageNotFound(_("There is no frozen brief “%(code)s” of this plan.") % {"code": code})
    return row


def _downloads(visit: Visit) -> tuple[Link, ...]:
    """The paper and the content: the same address with another end."""
    path = visit.path.rstrip("/").removesuffix(".json")
    return (
        Link(_("PDF, as delivered"), visit.carry(f"{path}.pdf")),
        Link(_("JSON, as delivered"), visit.carry(f"{path}.json")),
    )
