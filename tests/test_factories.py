"""Every factory makes its row with nothing told, and together they make every kind of row."""

import inspect

import pytest

from priorities.models import RECORDED, ChangeEvent
from tests import factories as make

pytestmark = pytest.mark.django_db

HELPERS = {"at", "moment"}
FACTORIES = [
    name
    for name, function in inspect.getmembers(make, inspect.isfunction)
    if function.__module__ == make.__name__ and not name.startswith("_") and name not in HELPERS
]
ENOUGH = (
    "meeting",
    "frozen_brief",
    "milestone",
    "budget_line",
    "observation",
    "target",
    "baseline",
    "category",
    "division",
    "report",
    "grant",
    "offer",
    "rating",
    "answer",
    "token",
)


@pytest.mark.parametrize("name", FACTORIES)
def test_a_factory_needs_nothing(name: str) -> None:
    getattr(make, name)()
    assert ChangeEvent.objects.exists()


def test_every_kind_of_row_can_be_made() -> None:
    for name in ENOUGH:
        getattr(make, name)()
    assert [model.ITEM_TYPE for model in RECORDED if not model._default_manager.exists()] == []


def test_without_a_moment_a_row_is_made_at_the_newest_one() -> None:
    make.division()
    make.division(now=make.at(2022, 5, 1))
    make.division()
    moments = [event.at for event in ChangeEvent.objects.all()]
    assert moments == [make.START, make.at(2022, 5, 1), make.at(2022, 5, 1)]
