"""What each person is told today: pure values, no database, no mail.

An item is its owner's. What nobody owns goes up the chain: to its contributors; without any, to
the editors of the nearest division that has one; without any, to the plan administrators. A
question about an item takes the same way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from priorities.enums import MailStep, Role
from priorities.notifications import schedule
from priorities.queries.questions import OpenQuestion
from priorities.queries.reminders import Correspondent, Reminding, WaitingOffer
from priorities.queries.workload import DueItem


@dataclass(frozen=True, slots=True)
class Summary:
    """How the items stand that a person looks after; each count of ``total``."""

    total: int
    owned: int
    overdue: int
    never_reported: int
    waiting: int

    @classmethod
    def of(cls, items: Collection[DueItem]) -> Summary:
        """Count some items."""
        return cls(
            total=len(items),
            owned=sum(item.owner_pk is not None for item in items),
            overdue=sum(item.days_overdue > 0 for item in items),
            never_reported=sum(item.never_reported for item in items),
            waiting=sum(item.state == "submitted" for item in items),
        )


@dataclass(frozen=True, slots=True)
class Digest:
    """One mail to one person: all that is theirs, and why it is written today.

    ``mine`` they own or contribute to; ``unowned`` came up the chain to them.
    """

    person: Correspondent
    day: dt.date
    steps: tuple[MailStep, ...]
    mine: tuple[DueItem, ...] = ()
    unowned: tuple[DueItem, ...] = ()
    offers: tuple[WaitingOffer, ...] = ()
    summary: Summary | None = None
    questions: tuple[OpenQuestion, ...] = ()

    @property
    def items(self) -> tuple[DueItem, ...]:
        """All that they are asked to report."""
        return (*self.mine, *self.unowned)

    @property
    def round_end(self) -> dt.date | None:
        """The end of the newest period that it is about."""
        return max((item.period_end for item in self.items), default=None)

    @property
    def is_optional(self) -> bool:
        """Could the person have switched it off? Never what tells of something overdue."""
        overdue = any(item.days_overdue for item in self.items) or bool(self.questions)
        return schedule.OPTIONAL.issuperset(self.steps) and not overdue

    @property
    def is_worth_sending(self) -> bool:
        """Is there anything in it?"""
        return bool(self.items or self.offers or self.questions or self.summary)


@dataclass(slots=True)
class Share:
    """What of the round falls to one person."""

    mine: list[DueItem] = field(default_factory=list)
    unowned: list[DueItem] = field(default_factory=list)


class Answerable(Protocol):
    """What somebody answers for: an item of the round, or a question about one."""

    @property
    def owner_pk(self) -> int | None:
        """Who has accepted it."""

    @property
    def contributor_pks(self) -> frozenset[int]:
        """Who helps."""

    @property
    def division_pk(self) -> int | None:
        """Which division leads it."""


def chain(item: Answerable, facts: Reminding) -> frozenset[int]:
    """Whom an item is reminded of: never somebody who could not report it."""
    if item.owner_pk in facts.people:
        return frozenset({item.owner_pk})  # type: ignore[arg-type]
    if contributors := item.contributor_pks.intersection(facts.people):
        return contributors
    division, seen = item.division_pk, set[int]()
    while division is not None and division not in seen:
        if editors := facts.editors.get(division):
            return editors
        seen.add(division)
        division = facts.parents.get(division)
    return facts.administrators


def shares(items: Iterable[DueItem], facts: Reminding) -> dict[int, Share]:
    """What is open, by the person who is to be reminded of it, in its order."""
    found: dict[int, Share] = {}
    for item in items:
        if not item.is_to_go:
            continue
        for pk in chain(item, facts):
            share = found.setdefault(pk, Share())
            own = pk == item.owner_pk or pk in item.contributor_pks
            (share.mine if own else share.unowned).append(item)
    return found


def questions_of(
    questions: Iterable[OpenQuestion], facts: Reminding
) -> dict[int, tuple[OpenQuestion, ...]]:
    """The questions that wait, by the person who is to answer them, in their order."""
    found: dict[int, tuple[OpenQuestion, ...]] = {}
    for question in questions:
        for pk in chain(question, facts):
            found[pk] = (*found.get(pk, ()), question)
    return found


def digests(
    *,
    items: Collection[DueItem],
    facts: Reminding,
    day: dt.date,
    questions: Iterable[OpenQuestion] = (),
) -> tuple[Digest, ...]:
    """Who is to be written to on a day, and what; nobody who had or has a mail of that day."""
    of_person, asked = shares(items, facts), questions_of(questions, facts)
    found = []
    for person in facts.people.values():
        if person.pk not in facts.busy:
            share = of_person.get(person.pk, Share())
            digest = _digest(person, share, items, facts, day, asked.get(person.pk, ()))
            if digest.steps and digest.is_worth_sending:
                found.append(digest)
    return tuple(sorted(found, key=lambda digest: (digest.person.name, digest.person.pk)))


def _digest(
    person: Correspondent,
    share: Share,
    items: Collection[DueItem],
    facts: Reminding,
    day: dt.date,
    asked: tuple[OpenQuestion, ...],
) -> Digest:
    """What one person is told, with the occasions that have come since the last mail."""
    offers = facts.offers.get(person.pk, ())
    occasions = [
        schedule.newest(
            period_end=item.period_end,
            due_on=item.due_on,
            days_overdue=item.days_overdue,
            day=day,
            early=person.wants_early,
        )
        for item in (*share.mine, *share.unowned)
    ]
    occasions += [schedule.newest_of_offer(offer.offered_on, day=day) for offer in offers]
    occasions += [schedule.newest_of_question(each.due_on, day=day) for each in asked]
    last = facts.last_sent.get(person.pk)
    steps = {one.step for one in occasions if one and (last is None or one.on > last)}
    summary = None
    if wants_summary(person, facts):
        summary = Summary.of(looked_after(person, items, facts.parents))
        if summary.total:
            steps.add(MailStep.SUMMARY)
        else:
            summary = None
    ordered = tuple(step for step in MailStep if step in steps)
    mine, unowned = tuple(share.mine), tuple(share.unowned)
    return Digest(person, day, ordered, mine, unowned, offers, summary, asked)


def by_hand(
    *,
    person: Correspondent,
    items: Collection[DueItem],
    facts: Reminding,
    day: dt.date,
    questions: Iterable[OpenQuestion] = (),
) -> Digest:
    """What a person is told when somebody asks for it now."""
    share = shares(items, facts).get(person.pk, Share())
    offers = facts.offers.get(person.pk, ())
    mine, unowned = tuple(share.mine), tuple(share.unowned)
    asked = questions_of(questions, facts).get(person.pk, ())
    steps = (MailStep.BY_HAND,)
    return Digest(person, day, steps, mine, unowned, offers, questions=asked)


def wants_summary(person: Correspondent, facts: Reminding) -> bool:
    """Is the summary of this week still to be sent to them?"""
    looks_after = Role.PLAN_ADMINISTRATOR in person.roles or bool(person.divisions)
    return person.wants_summary and looks_after and person.pk not in facts.summarized


def looked_after(
    person: Correspondent, items: Iterable[DueItem], parents: Mapping[int, int | None]
) -> tuple[DueItem, ...]:
    """The items of a plan administrator (all) or of an editor (their divisions and below)."""
    if Role.PLAN_ADMINISTRATOR in person.roles:
        return tuple(items)
    return tuple(item for item in items if _is_below(item.division_pk, person.divisions, parents))


def _is_below(
    division: int | None, roots: Collection[int], parents: Mapping[int, int | None]
) -> bool:
    """Is a division one of some, or below one of them?"""
    seen: set[int] = set()
    while division is not None and division not in seen:
        if division in roots:
            return True
        seen.add(division)
        division = parents.get(division)
    return False
