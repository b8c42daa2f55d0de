"""The import commands: the same answers as the pages, on the command line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from priorities.models import ChangeEvent, Metric, Observation
from tests import factories as make

pytestmark = pytest.mark.django_db

VALUES = "metric,period,value,Foo\ncalls,Q1 2022,11,\ncalls,Q2 2022,0,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with two values."""
    make.metric(code="calls", name="Calls")
    path = tmp_path / "values.csv"
    path.write_text(VALUES)
    return path


def run(name: str, *arguments: object, **options: object) -> str:
    out = io.StringIO()
    call_command(name, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_a_dry_run_tells_and_changes_nothing(file: Path) -> None:
    before = ChangeEvent.objects.count()
    said = run("import_observations", file, "--dry-run")
    assert "Not read: Foo." in said
    assert "     2  New  calls · Q1 2022  value: ∅ → 11\n" in said
    assert said.endswith("New: 2\nNothing was changed: this was a dry run.\n")
    assert ChangeEvent.objects.count() == before


def test_all_is_applied_in_the_name_of_the_command(file: Path) -> None:
    assert run("import_observations", file).endswith("New: 2\nApplied.\n")
    assert list(Observation.objects.order_by("period_end").values_list("value", flat=True)) == [
        11,
        0,
    ]
    event = ChangeEvent.objects.latest("sequence")
    assert (event.actor, event.entered_by) == ("manage.py import_observations", "command")


def test_with_an_error_nothing_is_changed(file: Path) -> None:
    file.write_text(VALUES + "cals,Q1 2022,1,\n")
    with pytest.raises(CommandError, match="1 of 3 rows have errors; nothing was changed"):
        run("import_observations", file)
    assert not Observation.objects.exists()


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run("import_metrics", tmp_path / "nothing.csv")
    large = tmp_path / "large.csv"
    with large.open("wb") as target:
        target.truncate(50 * 1024 * 1024)
    with pytest.raises(CommandError, match="The file has 50 MB; at most 10 MB"):
        run("import_metrics", large)
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.4")
    with pytest.raises(CommandError, match="is a PDF, not a table"):
        run("import_people", tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("name\nCalls\n")
    with pytest.raises(CommandError, match="These columns are missing: Code"):
        run("import_metrics", tmp_path / "b.csv")


def test_each_kind_has_its_command(tmp_path: Path) -> None:
    make.priority(code="1")
    files = {
        "metrics": "code,name,kind,direction,calendar\ncalls,Calls,count,increase,quarter\n",
        "initiatives": "plan,code,name,priority\nita-2022-2023,portal,Portal,1\n",
        "targets": "metric,period,value,adopted on,authority\ncalls,Q2 2022,9,2022-01-01,Plan\n",
        "people": "email,name,metric\nana@example.org,Ana,calls\n",
    }
    for kind, text in files.items():
        path = tmp_path / f"{kind}.csv"
        path.write_text(text)
        assert run(f"import_{kind}", path).endswith("New: 1\nApplied.\n")
    assert Metric.objects.get().assignments.get().person.name == "Ana"


def test_the_decimal_mark_can_be_told(file: Path) -> None:
    file.write_text("metric;period;value\ncalls;Q1 2022;1,234\n")
    with pytest.raises(CommandError):
        run("import_observations", file)
    run("import_observations", file, "--decimal-mark", ",")
    assert str(Observation.objects.get().value) == "1.234000"
