"""For plan administrators and editors: how far the round is covered, and whom to remind now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from priorities import spelling
from priorities.enums import MailStep
from priorities.labels import label
from priorities.models import Mailing
from priorities.notifications.digest import Digest, Share, by_hand, shares
from priorities.notifications.mail import Outcome, has_mail_server, send_digest
from priorities.permissions import Permission, rights_of
from priorities.queries.coverage import Coverage, by_division, within
from priorities.queries.head import head
from priorities.queries.questions import open_questions
from priorities.queries.reminders import Reminding, reminding
from priorities.queries.rounds import round_times
from priorities.queries.workload import DueItem, due_items
from priorities.views.doors import Act, staff_page

#: Mails on one page of the list.
MAILS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Remindable:
    """A person with something to report or to answer, and whether they can be written to now."""

    pk: int
    name: str
    open: int
    overdue: int
    unowned: int
    offers: int
    last: str
    can_be_reminded: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the coverage page says, for the items that its reader looks after."""

    rows: tuple[Coverage, ...]
    total: Coverage
    people: tuple[Remindable, ...]
    facts: Reminding
    items: tuple[DueItem, ...]
    unreachable: int
    newest_period_end: dt.date | None

    @property
    def free(self) -> tuple[Remindable, ...]:
        """Who can be written to now."""
        return tuple(person for person in self.people if person.can_be_reminded)


def overview(act: Act) -> Overview:
    """What the person may see: their divisions, or all. Queries: those of the round, and nine."""
    rights = rights_of(act.person)
    scope = None if rights.everywhere(Permission.OFFER) else rights.divisions
    every = due_items(as_of=act.as_of)
    items = within(every, scope)
    facts = reminding(act.today)
    of_person = shares(items, facts)
    reached = {(item.kind, item.pk) for share in of_person.values() for item in share.mine}
    reached |= {(item.kind, item.pk) for share in of_person.values() for item in share.unowned}
    return Overview(
        rows=by_division(items),
        total=Coverage.of(items, name=_("All")),
        people=_remindable(of_person, facts, scope),
        facts=facts,
        items=every,
        unreachable=sum(item.is_to_go and (item.kind, item.pk) not in reached for item in items),
        newest_period_end=max((item.period_end for item in items), default=None),
    )


def _remindable(
    of_person: Mapping[int, Share], facts: Reminding, scope: Collection[int] | None
) -> tuple[Remindable, ...]:
    """Everybody with something open or offered, of what the reader looks after."""
    asked = {
        pk: sum(scope is None or offer.division_pk in scope for offer in offers)
        for pk, offers in facts.offers.items()
    }
    pks = {*of_person, *(pk for pk, count in asked.items() if count and pk in facts.people)}
    found = []
    for pk in pks:
        share = of_person.get(pk, Share())
        items = (*share.mine, *share.unowned)
        found.append(
            Remindable(
                pk=pk,
                name=facts.people[pk].name,
                open=len(items),
                overdue=sum(item.days_overdue > 0 for item in items),
                unowned=len(share.unowned),
                offers=asked.get(pk, 0),
                last=spelling.day(facts.last_sent[pk]) if pk in facts.last_sent else "",
                can_be_reminded=pk not in facts.busy,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.overdue, -one.open, one.name, one.pk)))


@staff_page(Permission.OFFER)
def coverage(request: HttpRequest, act: Act) -> HttpResponseBase:
    """By division: what is owned, fresh, overdue, never reported, waiting; and whom to remind."""
    seen = overview(act)
    ended = seen.newest_period_end
    times = round_times(period_end=ended) if ended else None
    context = {
        "seen": seen,
        "headline": headline(seen.total),
        "times": times,
        "minutes": _minutes(times.median_seconds) if times else "",
        "round": spelling.day(ended) if ended else "",
        "is_administrator": rights_of(act.person).holds(Permission.MANAGE_PEOPLE),
        "has_mail_server": has_mail_server(),
    }
    return render(request, "coverage/coverage.html", context)


def headline(total: Coverage) -> str:
    """The state of things in sentences, made from the counts; no item is counted twice.

    "25 of 35 items have an owner. 14 are overdue, 1 of them never reported."
    """
    if not total.total:
        return _("Nothing is due in this round")
    owned = ngettext(
        "%(owned)s of %(total)s item has an owner.",
        "%(owned)s of %(total)s items have an owner.",
        total.total,
    )
    return f"{owned % {'owned': total.owned, 'total': total.total}} {_late(total)}"


def _late(total: Coverage) -> str:
    """How many are overdue, and how many were never reported: of these, and beside them."""
    if not total.overdue:
        said = _("None is overdue")
    elif total.silent == total.overdue:
        said = ngettext(
            "%(n)s is overdue and was never reported",
            "%(n)s are overdue and were never reported",
            total.overdue,
        )
    elif total.silent:
        said = ngettext(
            "%(n)s is overdue, %(silent)s of them never reported",
            "%(n)s are overdue, %(silent)s of them never reported",
            total.overdue,
        )
    else:
        said = ngettext("%(n)s is overdue", "%(n)s are overdue", total.overdue)
    said %= {"n": total.overdue, "silent": total.silent}
    if beside := total.never_reported - total.silent:
        said += ngettext(
            "; %(n)s that is not due yet was never reported",
            "; %(n)s that are not due yet were never reported",
            beside,
        ) % {"n": beside}
    return f"{said}."


def _minutes(seconds: int) -> str:
    """A time as minutes: "under 1 min", "3 min"."""
    if seconds < 60:
        return _("under 1 min")
    return _("%(minutes)s min") % {"minutes": round(seconds / 60)}


@require_POST
@staff_page(Permission.OFFER)
def remind(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Write now to one person, or to all who were not written to today."""
    seen = overview(act)
    asked = request.POST.get("person", "")
    chosen = [one for one in seen.free if asked in ("all", str(one.pk))]
    if not chosen:
        messages.info(request, _("They have had their reminder of today, or nothing is open."))
        return redirect("priorities:manage-coverage")
    outcomes = _send(seen, chosen, act)
    sent = sum(outcome.state == "sent" for outcome in outcomes)
    if sent:
        words = ngettext("%(count)s reminder was sent.", "%(count)s reminders were sent.", sent)
        messages.success(request, words % {"count": sent})
    for outcome in outcomes:
        if outcome.state == "refused":
            words = _("The mail to %(name)s was not taken: %(error)s. It will be tried again.")
            messages.error(request, words % {"name": outcome.name, "error": outcome.error})
    return redirect("priorities:manage-coverage")


def _send(seen: Overview, chosen: list[Remindable], act: Act) -> list[Outcome]:
    """Send one after the other; after a mail server that is down no further one is tried."""
    outcomes: list[Outcome] = []
    questions = open_questions()
    for one in chosen:
        digest: Digest = by_hand(
            person=seen.facts.people[one.pk],
            items=seen.items,
            facts=seen.facts,
            day=act.today,
            questions=questions,
        )
        outcomes.append(send_digest(digest, now=act.now, asked_by=str(act.person)))
        if outcomes[-1].state == "refused":
            break
    return outcomes


# ── What was sent ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Sent:
    """One line of the list of mails."""

    when: str
    person: str
    why: str
    subject: str
    text: str
    state: str
    error: str


@staff_page(Permission.MANAGE_PEOPLE)
def mail(request: HttpRequest, act: Act) -> HttpResponseBase:
    """What was sent to whom and why, and what waits."""
    rows = Mailing.objects.select_related("person").order_by("-day", "-pk")
    if request.GET.get("failed") == "1":
        rows = rows.filter(sent_at__isnull=True)
    page = Paginator(rows, MAILS_A_PAGE).get_page(request.GET.get("page"))
    zone = head().zone
    context = {
        "page": page,
        "mails": [_sent(row, zone) for row in page],
        "failed": request.GET.get("failed") == "1",
        "has_mail_server": has_mail_server(),
    }
    return render(request, "coverage/mail.html", context)


def _sent(row: Mailing, zone: dt.tzinfo) -> Sent:
    """One mail in words."""
    steps = ", ".join(label(MailStep(step)) for step in row.steps) or row.get_kind_display()
    if row.asked_by:
        steps = _("%(steps)s, by %(person)s") % {"steps": steps, "person": row.asked_by}
    if row.sent_at:
        state = row.error or _("Sent")
        when = spelling.moment(row.sent_at, zone)  # type: ignore[arg-type]
    elif row.claimed_at:
        state = _("Cut off while it was being sent: it may have arrived")
        when = spelling.day(row.day)
    else:
        state, when = _("Not taken yet; the next run tries again"), spelling.day(row.day)
    error = "" if row.sent_at else row.error
    return Sent(when, str(row.person), steps, row.subject, row.text, state, error)
