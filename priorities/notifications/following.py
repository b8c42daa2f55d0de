"""Mail about what people follow: confirmed by a link, sent only when there is news, claimed first.

What is new is told by the read side, which this floor does not know: ``settings.TELLS_NEWS`` names
the function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from priorities import spelling
from priorities.actions.following import ask_to_confirm, mark_told
from priorities.actions.mailing import claim_notice
from priorities.assessment.periods import AsOf
from priorities.enums import FollowPace, MailKind
from priorities.models import FollowChoice, Following
from priorities.notifications import links
from priorities.notifications.letter import Letter, Line, Section
from priorities.notifications.mail import FAILURES, Outcome, deliver, open_connection, rendered
from priorities.notifications.run import Run
from priorities.permissions import Permission, rights_of
from priorities.queries.following import to_be_told
from priorities.queries.head import head

#: Events of one item in a mail; the rest is counted.
MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class News:
    """One public event in a sentence."""

    sequence: int
    at: dt.datetime
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class ItemNews:
    """What is new about an item, newest first; ``path`` is its page, ``log`` where all is told.

    Not all of it may be here: ``older`` is the number and moment of the next event there was.
    """

    name: str
    path: str
    news: tuple[News, ...]
    log: str = ""
    older: tuple[int, dt.datetime] | None = None


#: Tells what is new about an item, by its type and code; None when it is not public.
Teller = Callable[[str, str, AsOf], ItemNews | None]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one person is told of: each event once, with the nearest item that they follow."""

    choice: FollowChoice
    items: tuple[ItemNews, ...]
    newest: int

    @property
    def count(self) -> int:
        """How many events it holds."""
        return sum(len(item.news) for item in self.items)

    @property
    def is_cut(self) -> bool:
        """Is more new than it holds?"""
        return any(item.older for item in self.items)


def bundles(*, as_of: AsOf, tell: Teller) -> Iterator[Bundle]:
    """Everybody who is to be told today and has something to be told of.

    Nobody whose roles were all taken away: they may not open what every mail leads to.
    """
    newest = head().revision
    for choice, followings in to_be_told(as_of.day):
        items = tuple(_items(choice, followings, as_of, tell, newest))
        if items and rights_of(choice.person).holds(Permission.READ_INTERNAL):
            yield Bundle(choice, items, newest)


def _items(
    choice: FollowChoice,
    followings: Iterable[Following],
    as_of: AsOf,
    tell: Teller,
    newest: int,
) -> Iterator[ItemNews]:
    """The news of each item that a person follows, since they follow it and were last told.

    What is written while the mail is made comes after ``newest``: the next mail tells it.
    """
    told = set[int]()

    def is_new(sequence: int, at: dt.datetime, row: Following) -> bool:
        return choice.told < sequence <= newest and at > row.since

    for row in followings:
        found = tell(row.item_type, row.item_code, as_of)
        if found is None:
            continue
        news = tuple(
            each
            for each in found.news
            if is_new(each.sequence, each.at, row) and each.sequence not in told
        )
        if news:
            told.update(each.sequence for each in news)
            older = found.older if found.older and is_new(*found.older, row) else None
            yield ItemNews(found.name, found.path, news, found.log, older)


# ── The letters ──────────────────────────────────────────────────────────────────────────────


def news_letter(bundle: Bundle) -> Letter:
    """The words of a mail of news."""
    person, count = bundle.choice.person, bundle.count
    if bundle.is_cut and len(bundle.items) == 1:
        words = _("%(item)s: more than %(n)s changes")
    elif bundle.is_cut:
        words = _("More than %(n)s changes to what you follow")
    elif len(bundle.items) == 1:
        words = ngettext("%(item)s: %(n)s change", "%(item)s: %(n)s changes", count)
    else:
        words = ngettext(
            "%(n)s change to what you follow", "%(n)s changes to what you follow", count
        )
    pace = FollowPace(bundle.choice.pace)
    often = {
        FollowPace.DAILY: _("once a day at most"),
        FollowPace.WEEKLY: _("once a week at most"),
    }[pace]
    zone = head().zone
    return Letter(
        subject=words % {"item": " ".join(bundle.items[0].name.split()), "n": count},
        greeting=_greeting(person),
        intro=_("This is new, as everyone can read it:"),
        sections=tuple(
            Section(
                item.name,
                tuple(
                    Line(each.title, _detail(each, each.at.astimezone(zone).date()))
                    for each in item.news[:MOST_LINES]
                ),
                more=_more(item),
                more_url=links.absolute(item.log) if item.older else "",
                url=links.absolute(item.path),
            )
            for item in bundle.items
        ),
        button=_("Change what I follow"),
        why=_("You get this because you follow these: %(often)s, and only when something changed.")
        % {"often": often},
    )


def _greeting(person: User) -> str:
    return _("Hello %(name)s,") % {"name": " ".join(str(person).split())}


def _detail(each: News, on: dt.date) -> str:
    return f"{spelling.day(on)}. {each.detail}".strip()


def _more(item: ItemNews) -> str:
    """What is not listed: counted, unless there was too much to count."""
    if item.older:
        return _("More than %(count)s changes: see all of them") % {"count": len(item.news)}
    left = len(item.news) - MOST_LINES
    if left <= 0:
        return ""
    return ngettext("And %(count)s more.", "And %(count)s more.", left) % {"count": left}


def confirming_letter(person: User) -> Letter:
    """The words of the mail that asks whether mail is wanted."""
    return Letter(
        subject=_("Confirm that you want mail about what you follow"),
        greeting=_greeting(person),
        intro=_(
            "You asked to be told by mail of what is new. Nothing is sent until you confirm it. "
            "The link works for a week."
        ),
        sections=(),
        button=_("Confirm"),
        why=_("If you did not ask for this, do nothing: no mail will come."),
    )


# ── Sending ──────────────────────────────────────────────────────────────────────────────────


def my_following_url() -> str:
    """Where a person says what they follow."""
    return links.absolute(reverse("priorities:follow-mail"))


def send_confirmation(person: User, *, now: dt.datetime) -> Outcome:
    """Ask a person to confirm, once a day at most; again at once after they have ended it."""
    zone = head().zone
    day = now.astimezone(zone).date()
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=zone)
    asked_at = ask_to_confirm(person=person, since=midnight, now=now)
    url = links.confirming_url(person.pk, person.email, asked_at)
    content = rendered(confirming_letter(person), open_url=url)
    mailing = claim_notice(
        person_pk=person.pk,
        kind=MailKind.CONFIRMING,
        about=f"confirming:{links.stamp_of(person.email, asked_at)}",
        day=day,
        now=now,
    )
    if mailing is None:
        return Outcome(str(person), "taken")
    return deliver(mailing, to=(str(person), person.email), content=content, now=now)


def send_news(bundle: Bundle, *, as_of: AsOf, now: dt.datetime, connection: object) -> Outcome:
    """Send one person their news of the day, once; what was sent is not told again."""
    person = bundle.choice.person
    stop = links.unfollowing_url(person.pk)
    content = rendered(news_letter(bundle), open_url=my_following_url(), unsubscribe_url=stop)
    mailing = claim_notice(
        person_pk=person.pk,
        kind=MailKind.FOLLOWING,
        about=f"following:{as_of.day.isoformat()}",
        day=as_of.day,
        now=now,
    )
    if mailing is None:
        return Outcome(str(person), "taken")
    outcome = deliver(
        mailing,
        to=(str(person), person.email),
        content=content,
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        now=now,
        connection=connection,
    )
    if outcome.state == "sent":
        mark_told(choice=bundle.choice, told=bundle.newest, on=as_of.day)
    return outcome


def send_all_news(
    *, as_of: AsOf, now: dt.datetime, said: Callable[[Bundle, Outcome], None] | None = None
) -> Run:
    """Tell everybody what is new in what they follow; each item is read once for all of them."""
    run, tell = Run(), news_teller()
    due = tuple(bundles(as_of=as_of, tell=tell))
    if not due:
        return run
    try:
        connection = open_connection()
    except FAILURES as error:
        run.down, run.waiting = f"{type(error).__name__}: {error}", len(due)
        return run
    try:
        for bundle in due:
            outcome = send_news(bundle, as_of=as_of, now=now, connection=connection)
            run.outcomes.append(outcome)
            if said is not None:
                said(bundle, outcome)
    finally:
        connection.close()
    return run


def news_teller() -> Teller:
    """The function of the read side that tells news, which remembers an item for one run."""
    tell: Teller = import_string(settings.TELLS_NEWS)
    return lru_cache(maxsize=1024)(tell)
