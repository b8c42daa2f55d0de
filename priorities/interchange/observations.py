"""Values of metrics from a file: new periods are recorded, other values are corrections."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from django.utils.translation import gettext as _

from priorities.actions.bulk import NewValue, record_observations
from priorities.assessment.periods import Period, period_containing
from priorities.enums import Calendar, MetricKind, MissingReason, Quality, RowOutcome
from priorities.interchange.columns import EMPTY, OBSERVATIONS, Cell, show, unknown_code
from priorities.interchange.dates import EXAMPLES, parse_period, show_period
from priorities.interchange.rows import (
    Importer,
    Judged,
    Record,
    Results,
    Told,
    Trouble,
    differences,
)
from priorities.labels import label
from priorities.models import Category, Metric, Observation

#: What a correction takes over from the value it corrects, where its row is blank.
TAKEN_OVER = ("note", "source", "source_url")
_CATEGORIES = re.compile(r"[\w-]+=[\w-]+(;[\w-]+=[\w-]+)*")

Key = tuple[int, Period, str]


class Observations(Importer):
    """Values of metrics."""

    columns = OBSERVATIONS
    by_the_thousand = True

    def load(self, records: list[Record]) -> None:
        """The metrics by code, and the newest value of each period. Queries: three."""
        self.metrics = {metric.code.casefold(): metric for metric in Metric.objects.all()}
        codes = {record.cells.get("metric", "").casefold() for record in records}
        named = [self.metrics[code] for code in codes if code in self.metrics]
        by_pk = {metric.pk: metric for metric in named}
        self.newest: dict[Key, Observation] = {}
        found = Observation.objects.filter(metric__in=by_pk, superseded_by__isnull=True)
        for row in found.order_by().iterator():
            row.metric = by_pk[row.metric_id]
            period = Period(row.period_start, row.period_end)
            self.newest[row.metric_id, period, row.categories] = row
        codes_of = Category.objects.values_list("dimension__code", "code")
        self.categories = {f"{dimension}={code}" for dimension, code in codes_of}

    def judge_read(self, record: Record, cells: dict[str, Cell]) -> Judged:
        """A value for a period: new, other, the same, or nothing."""
        self.demand(cells, "metric")
        metric = self.metric(str(cells["metric"]))
        period = self.period(metric, cells)
        categories = self.category(cells)
        before = self.newest.get((metric.pk, period, categories))
        if before is None:
            self.fits(metric, period)
        calendar = Calendar(metric.calendar)
        fiscal = self.setting.fiscal_start_month
        name = show_period(period, calendar, fiscal_start_month=fiscal)
        what = " · ".join(part for part in (metric.code, name, categories) if part)
        self.once((metric.pk, period, categories), record.line)
        self.sign_fits(metric, record.cells.get("value", ""))
        value, missing = cells.get("value"), cells.get("missing_reason")
        if value is not None and missing is not None:
            raise Trouble(_("Give a value or the reason why there is none, not both."))
        judged = Judged(record.line, RowOutcome.BLANK, what)
        if value is None and missing is None:
            judged.note = self.blank(before)
            return judged
        given = NewValue(
            metric=metric,
            period_start=period.start,
            period_end=period.end,
            categories=categories,
            value=None if value == EMPTY else value,  # type: ignore[arg-type]
            missing_reason=missing,  # type: ignore[arg-type]
            quality=cells.get("quality") or Quality.FINAL,  # type: ignore[arg-type]
            **{name: show(cells.get(name)).replace(EMPTY, "") for name in TAKEN_OVER},  # type: ignore[arg-type]
            reason=show(cells.get("reason")).replace(EMPTY, ""),
        )
        judged.note = self.doubt(metric, record.cells.get("value", ""), given)
        return self.against(before, given, cells, judged)

    # ── The parts of a row ───────────────────────────────────────────────────────────────────

    def metric(self, code: str) -> Metric:
        """The metric that a code names."""
        found = self.metrics.get(code.casefold())
        if found is None:
            raise unknown_code(code, self.metrics, _("metric"))
        return found

    def period(self, metric: Metric, cells: dict[str, Cell]) -> Period:
        """The period that a row is about: by its name, or by its first and last day."""
        start, end = cells.get("period_start"), cells.get("period_end")
        calendar, month = Calendar(metric.calendar), self.setting.fiscal_start_month
        named = cells.get("period")
        if isinstance(named, str):
            found = parse_period(named, calendar, fiscal_start_month=month)
        elif start is not None and end is not None:
            found = Period(start, end)  # type: ignore[arg-type]
        elif end is not None:
            found = parse_period(show(end), calendar, fiscal_start_month=month)
        else:
            found = None
        if found is None:
            message = _("Say the period, such as %(example)s.")
            raise Trouble(message % {"example": EXAMPLES[calendar]})
        if found.end < found.start:
            raise Trouble(_("The period ends before it starts."))
        return found

    def fits(self, metric: Metric, period: Period) -> None:
        """Refuse a new period that the metric's calendar does not have."""
        calendar, month = Calendar(metric.calendar), self.setting.fiscal_start_month
        meant = period_containing(period.end, calendar, fiscal_start_month=month)
        if meant is not None and meant != period:
            raise Trouble(
                _("This metric is reported by another period: %(calendar)s. Is %(meant)s meant?")
                % {
                    "calendar": label(calendar).lower(),
                    "meant": show_period(meant, calendar, fiscal_start_month=month),
                }
            )

    def category(self, cells: dict[str, Cell]) -> str:
        """The categories of a row, as they are kept."""
        text = show(cells.get("categories")).replace(" ", "")
        if not text or text == EMPTY:
            return ""
        if not _CATEGORIES.fullmatch(text):
            raise Trouble(_("Write categories like district=4;language=es."))
        for part in text.split(";"):
            if part not in self.categories:
                raise unknown_code(part, self.categories, _("category"))
        return text

    def sign_fits(self, metric: Metric, text: str) -> None:
        """Refuse a sign that belongs to another unit: 87% of a metric that counts calls."""
        kinds = {"%": MetricKind.PERCENT, "$": MetricKind.CURRENCY, "€": MetricKind.CURRENCY}
        for sign, kind in kinds.items():
            if sign in text and metric.kind != kind:
                message = _("The sign %(sign)s does not fit this metric: %(kind)s. Leave it out.")
                kind_words = label(MetricKind(metric.kind)).lower()
                raise Trouble(message % {"sign": sign, "kind": kind_words})

    def doubt(self, metric: Metric, text: str, given: NewValue) -> str:
        """A word on a value that may be meant otherwise; it is taken as it stands."""
        if metric.kind != MetricKind.PERCENT or given.value is None or "%" in text:
            return ""
        if not 0 < abs(given.value) < 1:
            return ""
        return _("%(value)s is read as %(value)s%%. If %(meant)s%% is meant, write it so.") % {
            "value": show(given.value),
            "meant": show(given.value * 100),
        }

    def blank(self, before: Observation | None) -> str:
        """A word on a row that says nothing."""
        if before is None or before.value is None:
            return _("Blank is not zero: nothing is recorded. If there is no value, say why.")
        message = _("Blank is not zero: the value %(value)s stays.")
        return message % {"value": show(before.value)}

    def against(
        self, before: Observation | None, given: NewValue, cells: dict[str, Cell], judged: Judged
    ) -> Judged:
        """Compare what is given with what is there."""
        if before is None:
            judged.outcome, judged.act = RowOutcome.CREATE, given
            shown = ("value", "missing_reason", "quality", *TAKEN_OVER)
            cells_given = [(name, cells[name]) for name in shown if name in cells]
            judged.changes = [(name, "", show(cell)) for name, cell in cells_given]
            return judged
        now = {
            "value": show(before.value),
            "missing_reason": before.missing_reason,
            "quality": before.quality,
            **{name: getattr(before, name) for name in TAKEN_OVER},
        }
        said: list[tuple[str, Cell]] = [
            ("value", given.value),
            ("missing_reason", given.missing_reason),
            *((name, cells[name]) for name in ("quality", *TAKEN_OVER) if name in cells),
        ]
        # A revised value is final too: a file that calls it final says nothing else.
        settled = {Quality.FINAL.value, Quality.REVISED.value}
        if cells.get("quality") == Quality.FINAL and before.quality in settled:
            said = [(name, cell) for name, cell in said if name != "quality"]
        judged.changes = differences(said, now)
        if not judged.changes:
            judged.outcome = RowOutcome.UNCHANGED
            return judged
        if not given.reason:
            message = _("There is %(value)s already. To correct it, give the reason.")
            said_before = show(before.value) or label(MissingReason(before.missing_reason))
            judged.errors = [message % {"value": said_before}]
            judged.outcome = RowOutcome.ERROR
            return judged
        kept = {name: getattr(before, name) for name in TAKEN_OVER if name not in cells}
        quality = given.quality if given.quality is Quality.PROVISIONAL else Quality.REVISED
        judged.act = dataclasses.replace(given, supersedes=before, quality=quality, **kept)
        judged.outcome = RowOutcome.CHANGE
        return judged

    # ── Writing ──────────────────────────────────────────────────────────────────────────────

    def apply(self, rows: list[Judged], told: Told, **who: Any) -> None:
        """Record and correct, a thousand rows at a time."""
        acting = [row for row in rows if row.act is not None]
        keys = record_observations(rows=(row.act for row in acting), told=told, **who)
        for row, key in zip(acting, keys, strict=True):
            row.made = {"observation": key}

    def undo(self, results: Results, reason: str, told: Told, **who: Any) -> list[int]:
        """Correct each value back to the one before it, or to none; later corrections stay."""
        lines = {row["made"]["observation"]: row["line"] for row in results if row["made"]}
        keys = sorted(lines)
        stayed: list[int] = []
        corrections: list[NewValue] = []
        metrics = Metric.objects.in_bulk()
        for at in range(0, len(keys), 500):
            found = Observation.objects.filter(pk__in=keys[at : at + 500]).order_by("pk")
            for row in found.select_related("supersedes", "superseded_by"):
                if hasattr(row, "superseded_by"):
                    stayed.append(lines[row.pk])
                    continue
                row.metric = metrics[row.metric_id]
                if row.supersedes is not None:
                    row.supersedes.metric = row.metric
                corrections.append(_taken_back(row, reason))
        record_observations(rows=corrections, told=told, **who)
        return stayed


def _taken_back(row: Observation, reason: str) -> NewValue:
    """The correction that says again what was said before a value, or that nothing is."""
    before = row.supersedes
    old: dict[str, Any] = {"missing_reason": MissingReason.WITHDRAWN}
    if before is not None:
        missing = MissingReason(before.missing_reason) if before.missing_reason else None
        old = {"value": before.value, "missing_reason": missing}
        old |= {"quality": Quality(before.quality)}
        old |= {name: getattr(before, name) for name in TAKEN_OVER}
    return NewValue(
        metric=row.metric,
        period_start=row.period_start,
        period_end=row.period_end,
        categories=row.categories,
        supersedes=row,
        reason=reason,
        **old,
    )
