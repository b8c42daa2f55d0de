"""The brief of reviewers for machines: the public differences, and what is internal beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards.pages.brief import brief_of, page_of, read_brief
from dashboards.pages.brief_inside import Inside, Withdrawn, read_inside
from dashboards.pages.raw import raw
from dashboards.visit import Visit
from priorities.enums import Visibility
from priorities.queries.publication import Document

#: What of an internal row is told, by its kind.
UPDATE = ("initiative", "period_end", "lifecycle", "health", "percent_complete", "narrative",
          "cause", "recovery_step", "next_steps", "provenance")  # fmt: skip
RATING = ("initiative", "metric", "period_end", "rating", "reason", "published_at", "provenance")
QUESTION = ("initiative", "metric", "text", "recorded_at", "answer_due_on", "closed_on",
            "provenance")  # fmt: skip


def build_review_json(*, visit: Visit, plan_code: str) -> dict[str, Any]:
    """The raw values of the public brief, with ``internal`` by section beside them.

    Queries and errors: as for the page of reviewers.
    """
    known, chosen = read_brief(visit, plan_code, internal=True)
    data = page_of(known, chosen, brief_of(known, chosen)).public_json()
    told = {} if known.ends.is_empty else _internal(read_inside(known))
    return data | {
        "audience": Visibility.INTERNAL.value,
        "internal": {code: told[code] for code in chosen if code in told},
    }


def _internal(inside: Inside) -> Mapping[str, dict[str, Any]]:
    """What is internal, by the section that it belongs to."""
    found = inside.found
    return {
        "scope": {
            "withdrawn": [_withdrawn(each) for each in inside.withdrawn],
            "items": [
                {kind: each["item_code"], "name": each["name"], "since": raw(each["recorded_at"])}
                for kind, rows in (("initiative", found.initiatives), ("metric", found.metrics))
                for each in rows
            ],
        },
        "status": {
            "submitted": [_picked(each, UPDATE) for each in found.submitted],
            "ratings": [
                _picked(each, RATING) | {"reviewer": inside.person(each["reviewer"])}
                for each in found.ratings
            ],
        },
        "silent": {"owners": list(_owners(inside))},
        "questions": {"asked": [_question(inside, each) for each in inside.questions]},
    }


def _picked(row: Document, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: raw(row[name]) for name in names}


def _withdrawn(each: Withdrawn) -> dict[str, Any]:
    said = each.withdrawal
    return {
        each.kind: each.code,
        "name": each.name,
        "at": raw(said.at),
        "reason": said.reason,
        "by": said.actor,
        "role": said.actor_role,
    }


def _owners(inside: Inside) -> Iterator[dict[str, Any]]:
    for each in inside.silent:
        yield {each.kind: each.code, "division": each.division, "owner": each.owner or None}


def _question(inside: Inside, row: Document) -> dict[str, Any]:
    owner, contributors, division = inside.went_to(row)
    return _picked(row, QUESTION) | {
        "question": row["pk"],
        "asked_by": inside.person(row["asker"]),
        "went_to": {
            "owner": owner or None,
            "contributors": list(contributors),
            "division": division,
        },
        "state": inside.standing(row).state.value,
        "answers": [
            {
                "text": each["text"],
                "by": inside.person(each["author"]),
                "at": raw(each["published_at"]),
            }
            for each in inside.answers(row)
        ],
    }
