"""Metrics and initiatives from a file: new ones are created, others reworded, none removed."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from priorities.actions.initiatives import create_initiative, revise_initiative
from priorities.actions.metrics import create_metric, revise_metric
from priorities.enums import RowOutcome, Visibility
from priorities.interchange.cells import CellError
from priorities.interchange.columns import (
    EMPTY,
    INITIATIVES,
    METRICS,
    Cell,
    Form,
    show,
    unknown_code,
)
from priorities.interchange.exporting import cell_of, reference
from priorities.interchange.rows import (
    Importer,
    Judged,
    Record,
    Results,
    Told,
    Trouble,
    differences,
    messages,
)
from priorities.models import Dimension, Division, Initiative, Metric, Plan, Priority

Items = dict[str, Any]


def by_code(rows: models.QuerySet[Any]) -> Items:
    """Rows by their code, in small letters."""
    return {row.item_code.casefold(): row for row in rows}


class ItemImporter(Importer):
    """What metrics and initiatives have in common."""

    model: type[Any]
    keys: tuple[str, ...]
    needed: tuple[str, ...]
    word: Any
    #: Where the codes of a column are found.
    places: dict[str, str]

    def load(self, records: list[Record]) -> None:
        """The items with what they refer to, and all that may be referred to. Queries: constant."""
        many = [field.name for field in self.model._meta.many_to_many]
        nested = {"priorities": "priorities__plan", "initiatives": "initiatives__plan"}
        rows = self.model._default_manager.prefetch_related(*(nested.get(n, n) for n in many))
        one = [f.name for f in self.model._meta.fields if f.name in ("plan", "priority")]
        self.items = by_code(rows.select_related("lead_division", *one))
        self.known: dict[str, Items] = {
            "division": by_code(Division.objects.all()),
            "plan": by_code(Plan.objects.all()),
            "priority": by_code(Priority.objects.select_related("plan")),
            "initiative": by_code(Initiative.objects.select_related("plan")),
            "dimension": by_code(Dimension.objects.all()),
        }

    def key(self, cells: dict[str, Cell]) -> str:
        """The code of the item that a row is about."""
        return "/".join(show(cells[name]) for name in self.keys)

    def judge_read(self, record: Record, cells: dict[str, Cell]) -> Judged:
        """An item: new, reworded, or the same."""
        self.demand(cells, *self.keys)
        code = self.key(cells)
        self.once(code.casefold(), record.line)
        row = self.items.get(code.casefold())
        judged = Judged(record.line, RowOutcome.UNCHANGED, code)
        given = {name: cell for name, cell in cells.items() if name not in self.keys}
        values = self.values(cells, given)
        given = {name: self.canonical(name, cell, values) for name, cell in given.items()}
        if row is None:
            self.demand(cells, *self.needed)
            judged.outcome = RowOutcome.CREATE
            judged.changes = [(name, "", show(cell)) for name, cell in given.items()]
            judged.act = self.new(cells) | values
            self.check(self.model(), judged.act)
            return judged
        now = {name: show(cell_of(row, self.by_name[name])) for name in given}
        judged.changes = differences(given.items(), now)
        changed = {name for name, _old, _new in judged.changes}
        judged.act = {name: value for name, value in values.items() if name in changed}
        if changed:
            judged.outcome = RowOutcome.CHANGE
            self.check(row, judged.act)
        return judged

    def canonical(self, name: str, cell: Cell, values: Items) -> Cell:
        """A reference by the code that it really has, in the order of codes."""
        if name not in self.places or cell == EMPTY:
            return cell
        probe, found = self.model(), values[name]
        if isinstance(found, list):
            return tuple(sorted(reference(one, probe) for one in found))
        return reference(found, probe)

    def new(self, cells: dict[str, Cell]) -> Items:
        """The key of a new item as its fields."""
        return {"code": show(cells["code"]).lower()}

    def check(self, row: Any, values: Items) -> None:
        """Refuse what breaks a rule of the table, before anything is written."""
        many = {field.name for field in self.model._meta.many_to_many}
        plain = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        probe = self.model(**plain)
        probe._state.adding = row.pk is None
        for name, value in values.items():
            if name not in many:
                setattr(probe, name, value)
        try:
            probe.full_clean(exclude={"recorded_at"})
        except ValidationError as error:
            raise Trouble(*messages(error, self.by_name)) from None

    # ── Cells to fields ──────────────────────────────────────────────────────────────────────

    def values(self, cells: dict[str, Cell], given: dict[str, Cell]) -> Items:
        """The fields of an item as its actions take them. Errors: ``Trouble``."""
        found, wrong = {}, []
        for name, cell in given.items():
            try:
                found[name] = self.value(cells, name, cell)
            except CellError as error:
                wrong.append(f"{self.by_name[name].words}: {error}")
        if wrong:
            raise Trouble(*wrong)
        return found

    def value(self, cells: dict[str, Cell], name: str, cell: Cell) -> Any:
        """One field."""
        column, empty = self.by_name[name], cell == EMPTY
        if name in self.places:
            if column.form is Form.CODES:
                codes = () if empty else cell
                return [self.found(cells, name, code) for code in codes]  # type: ignore[union-attr]
            return None if empty else self.found(cells, name, str(cell))
        if column.form is Form.CODES:
            parts = () if empty else cell
            return [self.part(name, part) for part in parts]  # type: ignore[union-attr]
        if not empty:
            return cell.value if isinstance(cell, StrEnum) else cell
        field = self.model._meta.get_field(name)
        if not (field.blank or field.null):
            raise CellError(_("This cannot be emptied."))
        return None if field.null else ""

    def part(self, name: str, text: str) -> str | int:
        """One part of a plain list: districts are numbers."""
        if name != "districts":
            return text
        if not text.isdigit():
            raise CellError(_("“%(text)s” is not a number of a district.") % {"text": text[:40]})
        return int(text)

    def found(self, cells: dict[str, Cell], name: str, code: str) -> Any:
        """The row that a code stands for."""
        place = self.places[name]
        full = f"{show(cells['plan'])}/{code}" if "plan" in cells and place == "priority" else code
        row = self.known[place].get(full.casefold())
        if row is None:
            words = str(row_words(place))
            raise unknown_code(full, self.known[place], words)
        return row

    # ── Writing ──────────────────────────────────────────────────────────────────────────────

    def apply(self, rows: list[Judged], told: Told, **who: Any) -> None:
        """Create and reword each."""
        for done, row in enumerate(rows, start=1):
            if row.outcome is RowOutcome.CREATE:
                row.made = {"created": self.create(**row.act, **who).pk}
            elif row.outcome is RowOutcome.CHANGE:
                item = self.items[row.what.casefold()]
                row.made = {"revised": self.revise(item, row.act, **who).pk}
            told(done)

    def create(self, **values: Any) -> Any:
        """Through the action that creates one."""
        raise NotImplementedError

    def revise(self, item: Any, changes: Items, **who: Any) -> Any:
        """Through the action that revises one."""
        raise NotImplementedError

    def undo(self, results: Results, reason: str, told: Told, **who: Any) -> list[int]:
        """Put each wording back that is still as the import left it; hide what it created."""
        stayed = []
        self.load([])
        by_pk = {row.pk: row for row in self.items.values()}
        for done, result in enumerate((row for row in results if row["made"]), start=1):
            if created := result["made"].get("created"):
                hidden = {"visibility": Visibility.INTERNAL.value}
                self.revise(by_pk[created], hidden, reason=reason, **who)
            elif not self.put_back(by_pk[result["made"]["revised"]], result, reason, **who):
                stayed.append(result["line"])
            told(done)
        return stayed

    def put_back(self, row: Any, result: dict[str, Any], reason: str, **who: Any) -> bool:
        """Restore the fields that nobody has changed since; were those all?"""
        now = {n: show(cell_of(row, self.by_name[n])).strip() for n, _o, _n in result["changes"]}
        same = {n: old for n, old, new in result["changes"] if now[n] == new}
        cells = {name: text or EMPTY for name, text in same.items()}
        keys = dict(zip(self.keys, result["what"].split("/"), strict=True))
        read = self.read(Record(result["line"], cells | keys))
        given = {name: read[name] for name in same}
        if given:
            self.revise(row, self.values(read, given), reason=reason, **who)
        return len(same) == len(result["changes"])


def row_words(place: str) -> Any:
    """What a kind of row is called."""
    kinds: dict[str, type[models.Model]] = {
        "division": Division,
        "plan": Plan,
        "priority": Priority,
        "initiative": Initiative,
        "dimension": Dimension,
    }
    return kinds[place]._meta.verbose_name


class Metrics(ItemImporter):
    """Metrics."""

    columns = METRICS
    model = Metric
    keys = ("code",)
    needed = ("name", "kind", "direction", "calendar")
    places = {
        "lead_division": "division",
        "priorities": "priority",
        "initiatives": "initiative",
        "dimensions": "dimension",
    }

    def create(self, **values: Any) -> Metric:
        """A new metric."""
        return create_metric(**values)

    def revise(self, item: Any, changes: Items, **who: Any) -> Metric:
        """A metric reworded."""
        return revise_metric(metric=item, changes=changes, **who)


class Initiatives(ItemImporter):
    """Initiatives."""

    columns = INITIATIVES
    model = Initiative
    keys = ("plan", "code")
    needed = ("name", "priority")
    places = {
        "priority": "priority",
        "related_priorities": "priority",
        "lead_division": "division",
        "supporting_divisions": "division",
    }

    def new(self, cells: dict[str, Cell]) -> Items:
        """The plan and the code."""
        code = show(cells["plan"])
        plan = self.known["plan"].get(code.casefold())
        if plan is None:
            raise unknown_code(code, self.known["plan"], str(row_words("plan")))
        return super().new(cells) | {"plan": plan}

    def create(self, **values: Any) -> Initiative:
        """A new initiative."""
        return create_initiative(**values)

    def revise(self, item: Any, changes: Items, **who: Any) -> Initiative:
        """An initiative reworded."""
        return revise_initiative(initiative=item, changes=changes, **who)
