"""Follow an item by mail, say how often, confirm it and end it. No facts, so no events."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from priorities.actions.recording import WriteRefused
from priorities.enums import FollowPace
from priorities.models import FollowChoice, Following, Recorded

#: More than anybody reads mail about; whoever wants all of a plan follows the plan.
MOST_FOLLOWED = 100


def follow(*, person: User, item: Recorded, now: dt.datetime) -> Following:
    """Follow an item from now on; who follows it already goes on doing so.

    Errors: ``WriteRefused`` for one too many. Queries: at most seven.
    """
    own = Following.objects.filter(person=person)
    row = own.filter(item_type=item.ITEM_TYPE, item_code=item.item_code).first()
    if row is not None:
        return row
    if own.count() >= MOST_FOLLOWED:
        raise WriteRefused(
            _("You follow %(most)s items, which is the most. Follow their plan instead."),
            params={"most": MOST_FOLLOWED},
        )
    FollowChoice.objects.get_or_create(person=person)
    row, _new = Following.objects.get_or_create(
        person=person,
        item_type=item.ITEM_TYPE,
        item_code=item.item_code,
        defaults={"since": now},
    )
    return row


def unfollow(*, following: Following) -> None:
    """Follow an item no more."""
    following.delete()


def choose_pace(*, person: User, pace: FollowPace) -> None:
    """Say how often one is told."""
    FollowChoice.objects.update_or_create(person=person, defaults={"pace": pace.value})


def ask_to_confirm(*, person: User, since: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Ask a person to confirm, unless they were asked ``since`` then: when they were asked last."""
    choice, _new = FollowChoice.objects.get_or_create(person=person)
    before = Q(asked_at__isnull=True) | Q(asked_at__lt=since)
    FollowChoice.objects.filter(before, pk=choice.pk).update(asked_at=now)
    choice.refresh_from_db(fields=["asked_at"])
    return choice.asked_at or now


def confirm_following(*, person: User, told: int, on: dt.date, now: dt.datetime) -> None:
    """The person wants the mail: they are told of what comes after the event ``told``.

    Who had confirmed it before is told of nothing twice and of nothing less.
    """
    choice, _new = FollowChoice.objects.get_or_create(person=person)
    begun = {"confirmed_at": now, "told": told, "told_on": on}
    FollowChoice.objects.filter(pk=choice.pk, confirmed_at__isnull=True).update(**begun)


def stop_following(*, person: User) -> None:
    """No mail any more; what is followed stays noted, for who comes back.

    A link that was sent before confirms nothing after this. So it is with a new address.
    """
    FollowChoice.objects.filter(person=person).update(confirmed_at=None, asked_at=None)


def mark_told(*, choice: FollowChoice, told: int, on: dt.date) -> None:
    """A mail was sent of everything up to the event ``told``."""
    FollowChoice.objects.filter(pk=choice.pk).update(told=told, told_on=on)
