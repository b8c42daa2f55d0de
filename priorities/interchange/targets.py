"""Targets of metrics from a file; a target that is changed stays on record."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from priorities.actions.targets import set_target
from priorities.assessment.periods import Period
from priorities.enums import Calendar, RowOutcome
from priorities.interchange.columns import TARGETS, Cell, show, unknown_code
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
from priorities.models import Metric, Target

#: What a row may say of a target besides its period.
SAID = ("value", "low", "high", "adopted_on", "authority", "authority_url", "note")


class Targets(Importer):
    """Targets of metrics."""

    columns = TARGETS

    def load(self, records: list[Record]) -> None:
        """The metrics by code, and the target in force of each period. Queries: two."""
        self.metrics = {metric.code.casefold(): metric for metric in Metric.objects.all()}
        found = Target.objects.filter(superseded_by__isnull=True).order_by("pk")
        self.in_force = {(row.metric_id, row.period_start, row.period_end): row for row in found}

    def judge_read(self, record: Record, cells: dict[str, Cell]) -> Judged:
        """A target: new, changed, or the same."""
        self.demand(cells, "metric")
        metric = self.metrics.get(str(cells["metric"]).casefold())
        if metric is None:
            raise unknown_code(str(cells["metric"]), self.metrics, _("metric"))
        start, end, name = self.when(metric, cells)
        self.once((metric.pk, start, end), record.line)
        judged = Judged(record.line, RowOutcome.BLANK, f"{metric.code} · {name}")
        if not {"value", "low", "high"} & set(cells):
            judged.note = _("Blank is not zero: no target is set.")
            return judged
        if ("value" in cells) == ("low" in cells and "high" in cells):
            raise Trouble(_("Give one value, or a lowest and a highest."))
        before = self.in_force.get((metric.pk, start, end))
        now = {name: "" if before is None else show(getattr(before, name)) for name in SAID}
        judged.changes = differences([(n, cells[n]) for n in SAID if n in cells], now)
        if not judged.changes:
            judged.outcome = RowOutcome.UNCHANGED
            return judged
        self.demand(cells, "adopted_on", "authority")
        judged.outcome = RowOutcome.CREATE if before is None else RowOutcome.CHANGE
        if before is not None and not cells.get("reason"):
            message = _("There is a target of %(value)s already. To change it, give the reason.")
            said = show(before.value) or f"{show(before.low)} – {show(before.high)}"
            raise Trouble(message % {"value": said})
        plain = {n: cells.get(n) for n in ("value", "low", "high", "adopted_on")}
        texts = {n: show(cells.get(n)) for n in ("authority", "authority_url", "note", "reason")}
        judged.act = {"metric": metric, "period_start": start, "period_end": end, **plain, **texts}
        row = Target(**judged.act)
        row.clean_fields(exclude={"recorded_at", "recorded_by"})
        if row.low is not None and row.high is not None and row.high < row.low:
            raise Trouble(_("The highest is below the lowest."))
        return judged

    def when(self, metric: Metric, cells: dict[str, Cell]) -> tuple[dt.date | None, dt.date, str]:
        """The period of a target, or the day by which it is to be reached; and its name."""
        calendar, month = Calendar(metric.calendar), self.setting.fiscal_start_month
        by, named = cells.get("by_date"), cells.get("period")
        if isinstance(by, dt.date) and named is None:
            return None, by, by.isoformat()
        period = (
            parse_period(named, calendar, fiscal_start_month=month)
            if isinstance(named, str) and by is None
            else None
        )
        if not isinstance(period, Period):
            message = _("Say the period, such as %(example)s, or the day by which; not both.")
            raise Trouble(message % {"example": EXAMPLES[calendar]})
        name = show_period(period, calendar, fiscal_start_month=month)
        return period.start, period.end, name

    def apply(self, rows: list[Judged], told: Told, **who: Any) -> None:
        """Set each target."""
        for done, row in enumerate(rows, start=1):
            if row.act is not None:
                row.made = {"target": set_target(**row.act, **who).pk}
            told(done)

    def undo(self, results: Results, reason: str, told: Told, **who: Any) -> list[int]:
        """Set each changed target back; a new one stays: a target is replaced, not taken off."""
        stayed = []
        for done, result in enumerate((row for row in results if row["made"]), start=1):
            rows = Target.objects.select_related("metric", "supersedes", "superseded_by")
            row = rows.get(pk=result["made"]["target"])
            if hasattr(row, "superseded_by") or row.supersedes is None:
                stayed.append(result["line"])
                continue
            old: dict[str, Any] = {name: getattr(row.supersedes, name) for name in SAID}
            old |= {"period_start": row.period_start, "period_end": row.period_end}
            set_target(metric=row.metric, reason=reason, **old, **who)
            told(done)
        return stayed
