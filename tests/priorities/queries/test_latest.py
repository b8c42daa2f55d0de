"""Who asks which update speaks for an initiative is told the same one everywhere."""

from __future__ import annotations

import datetime as dt

import pytest

from priorities.actions import updates
from priorities.enums import Health, Lifecycle
from priorities.models import Initiative, StatusUpdate
from priorities.queries import latest, ownership, reporting, review_queue, structure
from tests import factories as make

pytestmark = pytest.mark.django_db

Q1, Q2 = dt.date(2022, 3, 31), dt.date(2022, 6, 30)


def reported_out_of_order() -> StatusUpdate:
    """The last word on the latest period, between all that could be taken for it.

    Two updates of the second quarter were published in the same moment. The first quarter was
    reported afterwards, and of the third there is but a draft.
    """
    item = make.initiative(name="Cloud")
    same = {"initiative": item, "now": make.at(2022, 7, 4)}
    make.report(period=make.period(Q2), **same)
    speaks = make.report(period=make.period(Q2), lifecycle=Lifecycle.PAUSED, health=None, **same)
    make.report(period=make.period(Q1), initiative=item, now=make.at(2022, 7, 20))
    make.draft(period=make.period(dt.date(2022, 9, 30)), initiative=item)
    return speaks


def test_the_last_word_on_the_latest_period_speaks_for_an_initiative() -> None:
    speaks = reported_out_of_order()
    item = speaks.initiative
    told = {
        "an action": updates.latest_published(item),
        "a list": latest.latest_of_each([item.pk]).get(),
        "the queue": review_queue.published([item.pk]).get(),
    }
    assert told == dict.fromkeys(told, speaks)
    state = reporting.present_state(item, make.period(Q2))
    assert state == reporting.fingerprint(speaks, None, [])
    (shown,) = structure.with_lifecycle(Initiative.objects.all())
    (live,) = ownership.live_initiatives()
    assert (shown.last_lifecycle, live.newest_lifecycle) == ("paused", "paused")


def test_each_initiative_has_its_own_and_one_without_reports_has_none() -> None:
    speaks = reported_out_of_order()
    other = make.report(initiative=make.initiative(), health=Health.ON_TRACK)
    silent = make.draft(initiative=make.initiative()).initiative
    found = latest.latest_of_each([speaks.initiative_id, other.initiative_id, silent.pk])
    assert set(found) == {speaks, other}
    assert updates.latest_published(silent) is None
