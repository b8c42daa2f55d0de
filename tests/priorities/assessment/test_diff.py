"""The difference of two public states."""

from hypothesis import given, settings
from hypothesis import strategies as st

from priorities.assessment.diff import Difference, FieldChange, ItemChange, Json, diff

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)
states = st.dictionaries(
    st.text("abc", max_size=2), st.dictionaries(st.text("xyz", max_size=1), json, max_size=3)
)


def test_added_removed_changed() -> None:
    then: dict[str, dict[str, Json]] = {"b": {"n": 1}, "a": {"n": 1, "gone": "x"}}
    now: dict[str, dict[str, Json]] = {"a": {"n": 0, "by": {"who": "d"}}, "c": {}}
    found = diff(then, now)
    assert (found.added, found.removed) == (("c",), ("b",))
    assert found.changed == (
        ItemChange(
            "a",
            (
                FieldChange("n", 1, 0),
                FieldChange("by", None, {"who": "d"}),
                FieldChange("gone", "x", None),
            ),
        ),
    )


def test_fields_inside_objects_are_named_by_their_path() -> None:
    found = diff(
        {"a": {"target": {"value": 94, "unit": "%"}}}, {"a": {"target": {"value": 90, "unit": "%"}}}
    )
    assert found.changed == (ItemChange("a", (FieldChange("target.value", 94, 90),)),)


def test_zero_false_and_nothing_differ() -> None:
    assert diff({"a": {"n": 0}}, {"a": {"n": None}})
    assert diff({"a": {"n": 0}}, {"a": {"n": False}})
    assert diff({"a": {"n": ""}}, {"a": {"n": None}})
    assert not diff({"a": {}}, {"a": {"n": None}})


def test_an_item_without_fields_is_still_an_item() -> None:
    assert diff({}, {"a": {}}) == Difference(("a",), (), ())


@settings(max_examples=30)
@given(states)
def test_a_state_does_not_differ_from_itself(state: dict[str, dict[str, Json]]) -> None:
    assert not diff(state, state)


@settings(max_examples=30)
@given(states, states)
def test_the_way_back_undoes_the_way(
    then: dict[str, dict[str, Json]], now: dict[str, dict[str, Json]]
) -> None:
    way, back = diff(then, now), diff(now, then)
    assert set(way.added) == set(back.removed)
    assert {item.code for item in way.changed} == {item.code for item in back.changed}
