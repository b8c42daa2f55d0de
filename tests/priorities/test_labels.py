"""Every code has exactly one label, and shows it nowhere else."""

from __future__ import annotations

import inspect
from enum import StrEnum

import pytest

from priorities import enums, labels

ENUMS = [
    enum
    for _name, enum in inspect.getmembers(enums, inspect.isclass)
    if issubclass(enum, StrEnum) and enum is not StrEnum
]


def test_every_enum_has_a_table_of_words() -> None:
    assert set(labels.WORDS) == set(ENUMS)


@pytest.mark.parametrize("enum", ENUMS)
def test_every_code_has_exactly_one_label(enum: type[StrEnum]) -> None:
    assert list(labels.WORDS[enum]) == list(enum)
    words = [labels.label(code) for code in enum]
    assert all(word and word == word.strip() for word in words)
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("enum", ENUMS)
def test_no_label_is_its_code(enum: type[StrEnum]) -> None:
    assert [code for code in enum if labels.label(code) == code.value] == []


def test_codes_shared_by_enums_keep_their_own_words() -> None:
    """Equal strings hash alike, so the tables are kept apart by enum."""
    assert labels.label(enums.EventKind.CLOSED) == "Closed"
    assert labels.label(enums.InitiativeState.NEVER_REPORTED) == "Not reported"
    assert labels.label(enums.Direction.INCREASE) == "Higher is better"


def test_choices_are_in_the_order_of_the_codes() -> None:
    assert [(code, str(word)) for code, word in labels.choices(enums.Health)] == [
        ("on_track", "On track"),
        ("at_risk", "At risk"),
        ("off_track", "Off track"),
    ]
