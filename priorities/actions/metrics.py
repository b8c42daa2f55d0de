"""Write metrics and what they may be broken down by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models

from priorities.actions.recording import Actor, recording
from priorities.actions.writing import insert, revise
from priorities.models import Category, Dimension, Metric

if TYPE_CHECKING:
    from accounts.models import User


def create_metric(
    *,
    by: Actor | User | str,
    now: dt.datetime,
    priorities: Iterable[models.Model] = (),
    initiatives: Iterable[models.Model] = (),
    dimensions: Iterable[models.Model] = (),
    reason: str = "",
    **values: Any,
) -> Metric:
    """Add a metric and say what it informs. ``values``: fields of ``Metric``."""
    links = {"priorities": priorities, "initiatives": initiatives, "dimensions": dimensions}
    with recording(by=by, now=now) as log:
        return insert(log, Metric(**values), links=links, reason=reason)


def revise_metric(
    *,
    metric: Metric,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Metric:
    """Change a metric's wording, rules or links, or retire it with a date."""
    with recording(by=by, now=now) as log:
        return revise(log, metric, changes, reason=reason)


def create_dimension(*, by: Actor | User | str, now: dt.datetime, **values: Any) -> Dimension:
    """Add a dimension, e.g. council district."""
    with recording(by=by, now=now) as log:
        return insert(log, Dimension(**values))


def create_category(*, by: Actor | User | str, now: dt.datetime, **values: Any) -> Category:
    """Add a category of a dimension."""
    with recording(by=by, now=now) as log:
        return insert(log, Category(**values))


def revise_dimension(
    *,
    dimension: Dimension,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Dimension:
    """Rename a dimension."""
    with recording(by=by, now=now) as log:
        return revise(log, dimension, changes, reason=reason)


def revise_category(
    *,
    category: Category,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
    reason: str = "",
) -> Category:
    """Rename a category or move it in its order."""
    with recording(by=by, now=now) as log:
        return revise(log, category, changes, reason=reason)
