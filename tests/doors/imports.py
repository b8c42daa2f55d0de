"""The doors of `priorities/urls/imports.py`: each name, what its address needs, who gets what."""

from __future__ import annotations

from typing import Any

from priorities.actions.imports import keep_mapping, keep_preview, keep_upload
from priorities.enums import ImportKind
from priorities.models import ImportRun
from tests import factories as make
from tests.doors.table import Row, everyone, those_from


def run_of(person: Any) -> ImportRun:
    """A file that somebody has uploaded, with nothing to do."""
    run = keep_upload(
        kind=ImportKind.OBSERVATIONS,
        person=person,
        file_name="values.csv",
        sha256="0" * 64,
        size=10,
        notes=[],
        table=[["", "metric", "period", "value"], ["2", "calls", "Q1 2022", ""]],
        at=make.moment(),
    )
    columns = {"0": "metric", "1": "period", "2": "value"}
    keep_mapping(run=run, mapping={"columns": columns}, decimal_mark="")
    keep_preview(run=run, results=[], counts={})
    return run


def rows(world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix, by the address's name without its namespace."""
    run = run_of(world["user"])
    given, sent = those_from("plan administrator"), those_from("plan administrator", 302)
    one = {"pk": run.pk}
    # Imports belong to nobody: whoever may import sees all of them, and nobody else any.
    other = {"pk": run_of(make.person()).pk}
    values = {"kind": "observations"}
    token = world["intaketoken"]
    metric = {"code": world["metric"].code, "period": "2022-03-31"}
    return {
        "imports": Row(given),
        "import-kind": Row(given, values),
        "import-upload": Row(given, values, method="post"),
        "import-template": Row(given, values | {"file_kind": "csv"}),
        "import-run": Row(given, one, foreign=other),
        "import-columns": Row(given, one, foreign=other),
        "import-progress": Row(given, one, foreign=other),
        "import-apply": Row(sent, one, method="post", foreign=other),
        "import-undo": Row(sent, one, method="post", foreign=other),
        "import-discard": Row(sent, {"pk": run_of(world["user"]).pk}, method="post", foreign=other),
        "tokens": Row(given),
        "token-revoke": Row(sent, {"pk": token.pk}, method="post", foreign={"pk": make.token().pk}),
        # A session opens nothing here: who sends has a token.
        "intake-observation": Row(everyone(401), metric, method="put"),
    }
