"""A brief lists exactly what differs between the public JSON of its two dates.

Random histories are acted out through the actions. Then, for pairs of days, the JSON twins of the
plan, its priorities, its initiatives and its metrics are read as of both days, and set against
each other here, by other code than the brief's. The brief must list these differences: nothing
missing, nothing twice, and nothing between a day and itself. And each of them must be told: what
people read is another brief when it is taken away.

Every field of the twins is either compared or named in ``FOLLOWS``, so that a new one fails until
somebody has said which of the two it is.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from dashboards.pages.brief import BUILDERS
from dashboards.pages.brief_differences import Differing
from dashboards.pages.brief_known import Known, Window, know
from dashboards.pages.brief_span import read_ends
from dashboards.visit import Visit
from priorities.actions import plans
from priorities.actions.initiatives import revise_initiative, revise_milestone
from priorities.assessment.periods import AsOf
from priorities.enums import Health, Visibility
from priorities.models import (
    Answer,
    Baseline,
    BudgetLine,
    Initiative,
    Meeting,
    Metric,
    Milestone,
    Observation,
    Plan,
    Question,
    ReviewRating,
    StatusUpdate,
    Target,
)
from priorities.queries.head import head
from tests import factories as make
from tests.test_as_of import CLOCK, DAYS, History

HISTORIES = int(os.environ.get("BRIEF_HISTORIES", "12"))
ACTS = int(os.environ.get("BRIEF_ACTS", "16"))
PLAN = "one"

#: What the twins say that is no difference of its own: it follows from what is compared, from the
#: calendar, or it belongs to another item, which tells it.
FOLLOWS = {
    "plan": {"code", "predecessor", "successor", "closed", "judged_on"},
    "plan page": {"initiatives", "scope", "metrics", "headline_metrics", "changes", "coming_up"},
    "priority": {"code", "plan"},
    "initiative": {"code", "plan"},
    "standing": {
        "decided_by",
        "days_overdue",
        "overdue_since",
        "judged_on",
        "next_due",
        "missed_reports",
        "late_milestones",
        "disagreement",
    },
    "initiative page": {"metrics", "history"},
    "question": {"state", "days_late", "answers", "report", "target"},
    "metric": {"code", "visibility", "forecast"},
    "metric standing": {
        "days_overdue",
        "overdue_since",
        "next_due",
        "value",
        "period_end",
        "is_estimate",
        "expected",
        "expected_low",
        "expected_high",
        "expected_basis",
        "shortfall",
        "tolerance",
        "tolerance_basis",
    },
}
#: What another field of the same item tells, where both moved: a status its end, a date its
#: precision, a status its closing day and what was said last.
SPOKEN_FOR = {
    "milestone": {"state", "due_precision"},
    "initiative": {"start_precision", "end_precision", "last_said", "closed_on",
                   "reviewer_period_end"},
    "metric": {"last_said"},
    "plan": {"closed_on"},
}  # fmt: skip
#: When each part of an item became known.
BORN: dict[str, tuple[Any, str]] = {
    "milestone": (Milestone, "recorded_at"),
    "question": (Question, "recorded_at"),
    "answer": (Answer, "published_at"),
    "report": (StatusUpdate, "published_at"),
    "budget_line": (BudgetLine, "published_at"),
    "observation": (Observation, "published_at"),
    "target": (Target, "published_at"),
    "baseline": (Baseline, "published_at"),
}
Differences = Counter[str]
State = dict[str, dict[str, Any]]


def said(kind: str, code: Any, what: str, name: str = "", old: Any = None, new: Any = None) -> str:
    """One difference as a line."""
    return f"{kind} {code} {what} {name} {old!r} -> {new!r}" if name else f"{kind} {code} {what}"


class Briefed(History):
    """An agency at work, and at the end somebody who checks the briefs against the twins."""

    @invariant()
    def look(self) -> None:
        """Note the day; nothing is read before the end."""
        CLOCK.append(self.now)
        days: list[dt.date] = self.__dict__.setdefault("days", [])
        day = self.now.date()
        if not days or days[-1] != day:
            days.append(day)

    def teardown(self) -> None:
        """Check briefs between the first, some middle and the last days."""
        try:
            CLOCK.append(self.now + dt.timedelta(days=100))
            days = [*self.days, self.days[-1] + dt.timedelta(days=90)]
            picked = sorted({days[0], days[len(days) // 3], days[2 * len(days) // 3], days[-1]})
            twins = {day: self.state(day) for day in picked}
            for at, since in enumerate(picked):
                for until in picked[at:]:
                    self.check(since, until, twins[since], twins[until])
        finally:
            self.stack.close()
            self.forget()

    @rule(data=st.data(), day=DAYS, off=st.booleans())
    def meeting_is_called_or_moved(self, data: st.DataObject, day: dt.date, off: bool) -> None:
        """The twins of the plan tell of its meetings too."""
        row = self.one(data, Meeting)
        if row is None or data.draw(st.booleans()):
            self.act(make.meeting, plan=Plan.objects.get(code=PLAN), held_on=day)
            return
        changes = {"called_off": True} if off else {"held_on": day}
        self.act(plans.revise_meeting, meeting=row, changes=changes, reason="It is so.")

    def check(self, since: dt.date, until: dt.date, then: State, now: State) -> None:
        """The brief between two days lists what differs of the twins, and tells each of it."""
        status, brief = self.read(f"plans/{PLAN}/brief?from={since}&to={until}")
        assert status == 200
        listed = Counter(line for section in brief["sections"] for line in lines(section))
        expected = differing(then, now, after=AsOf.end_of(since, head().zone).moment)
        assert (since, until, listed - expected) == (since, until, Counter())
        assert (since, until, expected - listed) == (since, until, Counter())
        if since == until:
            assert [s for s in brief["sections"] if s["changes"]] == []
        found = untold(since, until, self.now + dt.timedelta(days=100))
        assert (since, until, list(found)) == (since, until, [])

    def state(self, day: dt.date) -> State:
        """What the twins say of the plan at the end of a day."""
        as_of = {"as_of": day.isoformat()}
        state: State = {}
        status, page = self.read(f"plans/{PLAN}", **as_of)
        if status != 200:
            return state
        known(page, "plan page", "plan", "priorities", "meetings", "periods")
        state[f"plan {PLAN}"] = without(page["plan"], "plan")
        state |= {f"meeting {each['id']}": without(each, "meeting") for each in page["meetings"]}
        for each in page["periods"]:
            state[f"reporting_period {each['id']}"] = without(each, "period")
        for each in page["priorities"]:
            _status, own = self.read(f"plans/{PLAN}/priorities/{each['code']}", **as_of)
            state[f"priority {each['code']}"] = without(own["priority"], "priority")
        for row in Initiative.objects.filter(plan__code=PLAN).order_by("pk"):
            status, own = self.read(f"plans/{PLAN}/initiatives/{row.code}", **as_of)
            if status == 200:
                state |= dict(of_initiative(row.code, own))
        public = {key.split()[1] for key in state if key.startswith("initiative ")}
        for metric in Metric._base_manager.order_by("pk"):
            status, own = self.read(f"metrics/{metric.code}", **as_of)
            if status == 200 and informs(own, public):
                state |= dict(of_metric(metric.code, own))
        return state


def untold(
    since: dt.date, until: dt.date, now: dt.datetime
) -> Iterator[tuple[str, Differing, str]]:
    """What could be taken away without anybody reading another brief."""
    newest, zone, _at = head()
    present, query = AsOf.now(now, zone), QueryDict(f"from={since}&to={until}")
    path = f"/plans/{PLAN}/brief/"
    visit = Visit(path, query, present, present.day, zone, "", newest)
    known = know(read_ends(visit, PLAN), Window(None, 0, path, {}))
    for code, told in known.found.items():
        whole = BUILDERS[code](known)
        moved = {each.code for each in told if each.kind == "initiative" and "state" in each.fields}
        for at, each in enumerate(told):
            if each.kind == "report" and (each.about in moved or not known.before(each.about)):
                continue  # what it says is the status that moved, or with which the item came
            if each.kind in ("question", "answer"):
                # One that waits stands there whether it is new or not.
                if question_of(known, each) not in [
                    e.said for b in whole.blocks for e in b.entries
                ]:
                    yield code, each, "text"
                continue
            for name in each.fields or [""]:
                if name in SPOKEN_FOR.get(each.kind, ()) and len(each.fields) > 1:
                    continue
                fields = {n: values for n, values in each.fields.items() if n != name}
                less = [replace(each, fields=fields)] if fields else []
                found = {**known.found, code: (*told[:at], *less, *told[at + 1 :])}
                if BUILDERS[code](replace(known, found=found)) == whole:
                    yield code, each, name


def question_of(known: Known, each: Differing) -> str:
    """The text of the question that a difference is of."""
    return next(
        str(asked.question["text"])
        for asked in known.ends.now.questions
        if each.code in (str(asked.question["pk"]), *(str(a["pk"]) for a in asked.answers))
    )


def known(page: dict[str, Any], kind: str, *compared: str) -> None:
    """Every field is either compared or follows."""
    assert set(page) - set(compared) - FOLLOWS[kind] == set()


def without(found: dict[str, Any], kind: str) -> dict[str, Any]:
    """The fields of an item that are compared."""
    left_out = FOLLOWS.get(kind, set()) | {"id"}
    return {name: value for name, value in found.items() if name not in left_out}


def of_initiative(code: str, page: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """An initiative, its milestones, its reports and its money."""
    compared = ("initiative", "standing", "milestones", "reports", "budget", "reviewer",
                "questions")  # fmt: skip
    known(page, "initiative page", *compared)
    fields = without(page["initiative"], "initiative") | without(page["standing"], "standing")
    reviewer = page["reviewer"] or {}
    fields |= {f"reviewer_{k}": reviewer.get(k) for k in ("rating", "reason", "period_end")}
    yield f"initiative {code}", fields
    for each in page["milestones"]:
        yield f"milestone {each['id']} {code}", without(each, "milestone")
    for kind, name in (("report", "reports"), ("budget_line", "budget")):
        for each in page[name]:
            yield f"{kind} {each['id']} {code}", {}
    yield from of_questions(code, page)


def of_questions(code: str, page: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The public questions about an item, and their answers."""
    for each in page["questions"]:
        yield f"question {each['id']} {code}", without(each, "question")
        for answer in each["answers"]:
            yield f"answer {answer['id']} {code}", {}


def of_metric(code: str, page: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A metric and its facts."""
    fields = without(page, "metric") | without(page["standing"], "metric standing")
    for name in ("standing", "observations", "targets", "baselines", "questions"):
        del fields[name]
    fields["initiatives"] = [c for c in fields["initiatives"] if c.startswith(f"{PLAN}/")]
    fields["priorities"] = [c for c in fields["priorities"] if c.startswith(f"{PLAN}/")]
    yield f"metric {code}", fields
    for kind in ("observation", "target", "baseline"):
        for each in page[f"{kind}s"]:
            yield f"{kind} {each['id']} {code}", {}
    yield from of_questions(code, page)


def informs(page: dict[str, Any], public: set[str]) -> bool:
    """Does a metric inform the plan by anything public?"""
    own = [code.split("/") for code in (*page["priorities"], *page["initiatives"])]
    return any(plan == PLAN for plan, _code in own)


def differing(then: State, now: State, *, after: dt.datetime) -> Differences:
    """What it takes to come from the one to the other.

    Of an item that came since only what was published or planned ``after`` the first day is a
    difference of its own; what went with an item is none.
    """
    found: Differences = Counter()
    both = {key for key in then if key in now}
    items = {key.split()[1] for key in both if key.split()[0] in ("initiative", "metric")}
    for key in sorted({*then, *now}):
        kind, code, *parent = key.split()
        if parent and parent[0] not in items and not (key in now and known_at(key) > after):
            continue
        if kind == "initiative" and key in now and key not in then and rated_after(code, after):
            for name in ("reviewer_rating", "reviewer_reason", "reviewer_period_end"):
                found[said(kind, code, "changed", name, None, now[key][name])] += 1
        if key not in then or key not in now:
            found[said(kind, code, "added" if key in now else "removed")] += 1
            continue
        for name in then[key]:
            old, new = (linked(name, each[key][name], items) for each in (then, now))
            if old != new:
                found[said(kind, code, "changed", name, old, new)] += 1
    return found


def known_at(key: str) -> dt.datetime:
    """When a part of an item was published, or planned."""
    kind, pk, *_parent = key.split()
    model, name = BORN[kind]
    moment: dt.datetime = model._base_manager.values_list(name, flat=True).get(pk=pk)
    return moment


def rated_after(code: str, moment: dt.datetime) -> bool:
    """Did a reviewer rate an initiative publicly after a moment?"""
    public = ReviewRating.objects.filter(initiative__code=code, initiative__plan__code=PLAN)
    return public.filter(visibility="public", published_at__gt=moment).exists()


def linked(name: str, value: Any, items: set[str]) -> Any:
    """Of the links of an item those to initiatives that are public on both days."""
    if name == "carried_from":
        return value if value and value.partition("/")[2] in items else None
    if name != "initiatives":
        return value
    return [code for code in value if code.partition("/")[2] in items]


def lines(section: dict[str, Any]) -> Iterator[str]:
    """What a section lists, a line for each difference."""
    for each in section["changes"]:
        kind, code, what = each["kind"], each["item"], each["what"]
        if what != "changed":
            yield said(kind, code, what)
        for name, (old, new) in each.get("fields", {}).items():
            yield said(kind, code, what, name, old, new)


@pytest.mark.django_db
def test_a_brief_lists_exactly_what_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.http.now", lambda newest=None: CLOCK[-1])
    run_state_machine_as_test(
        Briefed,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=ACTS,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),
            database=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_what_happens_to_one_promise_at_once_is_told_piece_by_piece(
    db: None, summer: object
) -> None:
    make.plan(code=PLAN, now=make.at(2022, 1, 5))
    item = make.initiative(start=dt.date(2019, 1, 1), end=dt.date(2028, 12, 31))
    moved = make.milestone(initiative=item, name="All phones")
    done = make.milestone(initiative=item, name="Kept", done_on=dt.date(2022, 3, 1))
    act: dict[str, Any] = {"by": make.BY, "now": make.at(2022, 5, 10), "reason": "It is so."}
    changes: dict[str, Any] = {"name": "Half of the phones", "due_on": dt.date(2022, 12, 31)}
    revise_milestone(milestone=moved, changes=changes, **act)
    revise_milestone(
        milestone=done, changes={"done_on": None, "source_url": "", "name": "Open"}, **act
    )
    changes = {"start": dt.date(2020, 1, 1), "end": dt.date(2029, 12, 31), "end_precision": "year"}
    revise_initiative(initiative=item, changes=changes, **act)
    new = make.initiative(code="new", now=make.at(2022, 5, 11))
    make.report(initiative=new, health=Health.AT_RISK, now=make.at(2022, 5, 12))
    make.budget_line(initiative=new, now=make.at(2022, 5, 12))
    promised = make.milestone(initiative=new, now=make.at(2022, 5, 12))
    make.rating(item=new, visibility=Visibility.PUBLIC, now=make.at(2022, 5, 13))
    make.question(item=new, visibility=Visibility.PUBLIC, now=make.at(2022, 5, 13))
    act["now"] = make.at(2022, 5, 14)
    changes = {"due_on": dt.date(2022, 7, 31)}
    revise_milestone(milestone=promised, changes=changes, **act)
    found = untold(dt.date(2022, 3, 31), dt.date(2022, 6, 30), make.at(2022, 8, 20))
    assert list(found) == []
