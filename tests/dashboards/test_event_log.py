"""The public copy of the event log, and the script that anyone can check it with."""

import ast
import datetime as dt
import gzip
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboards import event_log
from priorities.actions import initiatives, metrics
from priorities.enums import PlanState, Role, Visibility
from priorities.models import ChainHead, ChangeEvent
from priorities.queries import public_log
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

LOG = "/data/events.jsonl"
SECRET = "Zanzibar"
Line = dict[str, Any]


def download(client: Client, query: str = "") -> bytes:
    response = client.get(f"{LOG}{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def lines(client: Client, query: str = "") -> list[Line]:
    return [json.loads(line) for line in download(client, query).decode().splitlines()]


def run(tmp_path: Path, body: bytes, *more: str) -> subprocess.CompletedProcess[str]:
    """The script as a journalist runs it: the downloaded file alone, in a bare Python."""
    script, log = tmp_path / "check_history.py", tmp_path / "events.jsonl"
    script.write_bytes(Client().get("/data/check_history.py").content)
    log.write_bytes(body)
    return subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(log), *more],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONIOENCODING": "utf-8"},
    )


def packed(entries: list[Line]) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in entries).encode()


def a_record() -> ChangeEvent:
    """Public and internal events, in turn."""
    work = make.initiative(code="a", name="Apple — “Ápfel”")
    make.offer(item=work, person=make.person(name=f"{SECRET} Person"))
    make.report(initiative=work)
    make.initiative(code="b", visibility=Visibility.INTERNAL.value)
    make.initiative(code="c")
    return ChangeEvent.objects.latest("sequence")


def test_the_script_finds_the_record_whole_and_prints_its_newest_hash(
    client: Client, tmp_path: Path
) -> None:
    newest = a_record()
    done = run(tmp_path, download(client))
    public = ChangeEvent.objects.told().count()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == (
        f"The chain holds: {newest.sequence} events, {public} of them public, "
        f"{newest.sequence - public} told by their digest alone."
    )
    assert f"Newest event: {newest.sequence}" in done.stdout
    assert f"Newest hash:  {newest.hash}" in done.stdout
    assert ChainHead.objects.get().hash == newest.hash


def test_an_empty_record_is_whole(client: Client, tmp_path: Path) -> None:
    done = run(tmp_path, download(client))
    assert (done.returncode, lines(client)) == (0, [{"head": {"sequence": 0, "hash": "0" * 64}}])
    assert f"Newest hash:  {'0' * 64}" in done.stdout


def tampered(entries: list[Line], how: str) -> tuple[list[Line], str]:
    """A log altered in one way, and what the script must say of it."""
    public = [at for at, each in enumerate(entries) if "event" in each]
    inner = next(at for at, each in enumerate(entries) if "digest" in each)
    after = next(at for at in public if at > inner)
    said = f"A link is broken among the events {inner + 1} to {after + 1}; at event {after + 1}"
    match how:
        case "a reason":
            entries[public[1]]["event"]["reason"] = "Another."
            return entries, f"The link of event {public[1] + 1} is broken: its hash should be "
        case "a seal":
            entries[public[1]]["event"]["sealed"] = "0" * 64
            return entries, f"The link of event {public[1] + 1} is broken"
        case "a hash":
            entries[public[1]]["hash"] = "0" * 64
            return entries, f"and is {'0' * 64}"
        case "a digest":
            entries[inner]["digest"] = "0" * 64
            return entries, said
        case "a line is gone":
            del entries[2]
            return entries, "Event 3 is missing: after event 2 comes event 4 (line 3)."
        case "two are exchanged":
            entries[1], entries[2] = entries[2], entries[1]
            return entries, "Event 2 is missing: after event 1 comes event 3"
        case "the end is gone":
            del entries[-2]
            return entries, "The end is missing: the head is event "
        case "cut off":
            return entries[:-1], "Was the download cut off?"
        case "the head":
            entries[-1]["head"]["hash"] = "0" * 64
            return entries, f"the head’s hash should be {entries[-2]['hash']}"
        case "more after the head":
            return [*entries, entries[0]], "There are lines after the head of the chain"
    entries[public[1]]["event"]["sequence"] = 1
    return entries, "says of itself that it has another number"


@pytest.mark.parametrize(
    "how",
    ["a reason", "a seal", "a hash", "a digest", "a line is gone", "two are exchanged",
     "the end is gone", "cut off", "the head", "more after the head", "a number"],
)  # fmt: skip
def test_the_script_names_the_first_broken_link(how: str, client: Client, tmp_path: Path) -> None:
    a_record()
    altered, said = tampered(lines(client), how)
    done = run(tmp_path, packed(altered))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("BROKEN. ")
    assert said in done.stderr


def test_what_is_no_log_is_called_so(tmp_path: Path) -> None:
    bodies = (b"<!doctype html>", b"[]\n", b'{"sequence": 1}\n', b'{"head": 5}\n', b"\xff")
    for body in bodies:
        done = run(tmp_path, body)
        assert (done.returncode, done.stderr[:20]) == (2, "Cannot read the log.")


def test_a_hash_noted_earlier_is_looked_for(client: Client, tmp_path: Path) -> None:
    noted = a_record()
    make.initiative(code="d")
    body = download(client)
    done = run(tmp_path, body, "--has", noted.hash.upper())
    assert done.returncode == 0
    assert f"The hash {noted.hash} is that of event {noted.sequence}." in done.stdout
    done = run(tmp_path, body, "--has", noted.hash[:12])
    assert f"The hash {noted.hash[:12]} is that of event {noted.sequence}." in done.stdout
    done = run(tmp_path, body, "--has", "0" * 64)
    assert done.returncode == 1
    assert "the record was rewritten" in done.stderr


@pytest.mark.parametrize("typed", ["", "abc", "zebra", "0" * 65])
def test_what_is_no_hash_accuses_nobody(typed: str, tmp_path: Path) -> None:
    done = run(tmp_path, b"", "--has", typed)
    assert (done.returncode, "is no hash" in done.stderr) == (2, True)
    assert "rewritten" not in done.stderr


def test_an_internal_event_stands_as_its_number_and_digest_alone(client: Client) -> None:
    a_record()
    told = set(ChangeEvent.objects.told().values_list("sequence", flat=True))
    entries = lines(client)[:-1]
    assert [each["sequence"] for each in entries] == list(range(1, len(entries) + 1))
    for each in entries:
        keys = {"sequence", "event", "hash"} if each["sequence"] in told else {"sequence", "digest"}
        assert set(each) == keys


def test_planted_words_appear_nowhere(client: Client, tmp_path: Path) -> None:
    """Names of staff, internal texts, and codes of what is not public, also behind a link."""
    somebody = make.person(name=f"{SECRET} Name", email="zanzibar@example.org")
    make.grant(Role.PLAN_ADMINISTRATOR, person=somebody)
    work = make.initiative(code="a", by=somebody)
    hidden = make.initiative(code="zanzibar", name=SECRET, visibility=Visibility.INTERNAL.value)
    make.milestone(initiative=hidden, name=SECRET)
    draft = make.plan(code="zanzibar-plan", title=SECRET, state=PlanState.DRAFT.value)
    under = make.priority(plan=draft, code="zanzibar", name=SECRET)
    inner = make.metric(code="zanzibar", name=SECRET, visibility=Visibility.INTERNAL.value)
    make.observation(5, metric=inner, note=SECRET)
    make.metric(code="calls", priorities=[under, work.priority], initiatives=[hidden, work])
    initiatives.revise_initiative(
        initiative=work, changes={"carried_from": hidden}, by=somebody, now=make.moment()
    )
    make.report(initiative=work, by=somebody)
    make.draft(initiative=work, period=make.periods(plan=work.plan)[1], narrative=SECRET)
    make.offer(item=work, person=somebody)
    make.rating(item=work, reviewer=somebody, visibility=Visibility.PUBLIC)
    make.rating(item=work, reason=SECRET, visibility=Visibility.INTERNAL)
    make.question(item=work, asker=somebody, visibility=Visibility.PUBLIC)
    make.answer(author=somebody)
    body = download(client)
    assert SECRET.lower() not in body.decode().lower()
    assert run(tmp_path, body).returncode == 0
    told = [each["event"] for each in lines(client) if "event" in each]
    assert {"status_update", "review_rating", "question", "answer"} <= {
        each["item_type"] for each in told
    }
    assert "Plan administrator" in {each["actor_role"] for each in told}


def test_what_was_withdrawn_is_told_by_its_digest_from_then_on(
    client: Client, tmp_path: Path
) -> None:
    work = make.initiative(code="apple", name=SECRET)
    metric = make.metric(code="calls")
    metrics.revise_metric(metric=metric, changes={"initiatives": [work]}, by="a", now=make.moment())
    assert SECRET in download(client).decode()
    initiatives.revise_initiative(
        initiative=work,
        changes={"visibility": Visibility.INTERNAL.value},
        by="a",
        now=make.moment(),
    )
    body = download(client)
    assert SECRET not in body.decode()
    assert "ita-2022-2023/apple" not in body.decode()
    assert run(tmp_path, body).returncode == 0


def test_nobody_can_guess_what_a_digest_or_a_seal_stands_for() -> None:
    """The same words twice give two digests and two seals: each event has a salt of its own."""
    first, second = (make.initiative(visibility=Visibility.INTERNAL.value) for _each in range(2))
    assert first.pk != second.pk
    salts = list(ChangeEvent.objects.values_list("salt", flat=True))
    assert len(set(salts)) == len(salts)
    assert {len(salt) for salt in salts} == {32}
    event = ChangeEvent.objects.told().latest("sequence")
    sealed, digest = event.told_record()["sealed"], event.digest
    event.salt = "0" * 32
    assert event.told_record()["sealed"] != sealed
    assert event.digest != digest
    assert "salt" not in event.told_record()
    assert "actor" not in event.told_record()


def test_the_seal_binds_the_name() -> None:
    make.division()
    event = ChangeEvent.objects.latest("sequence")
    sealed = event.told_record()["sealed"]
    event.actor = "Somebody else"
    assert event.told_record()["sealed"] != sealed


def test_a_public_event_from_before_there_were_seals_is_told_by_its_digest() -> None:
    """Its plain record would name who wrote it."""
    make.division(by="Ana")
    event = ChangeEvent.objects.latest("sequence")
    event.salt = ""
    assert json.loads(event.canonical())["actor"] == "Ana"
    line = public_log.public_line(event, frozenset())
    assert line == {"sequence": event.sequence, "digest": event.digest}


def test_a_past_date_ends_the_log_where_it_then_ended(client: Client, tmp_path: Path) -> None:
    make.initiative(code="a", now=make.at(2022, 1, 10))
    last = ChangeEvent.objects.latest("sequence")
    make.initiative(code="b", now=make.at(2022, 3, 1))
    entries = lines(client, "?as_of=2022-02-01")
    assert entries[-1] == {"head": {"sequence": last.sequence, "hash": last.hash}}
    assert run(tmp_path, packed(entries)).returncode == 0
    assert client.get(f"{LOG}?as_of=yesterday").status_code == 400


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("gzip;q=0", None, bytes),
        ("", None, bytes),
    ],
)
def test_it_is_sent_packed_to_whom_takes_that(
    accepted: str, encoding: str | None, unpack: Callable[[bytes], bytes], client: Client
) -> None:
    a_record()
    plain = download(client)
    response = client.get(LOG, headers={"Accept-Encoding": accepted})
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response.headers.get("Content-Encoding") == encoding
    assert unpack(body) == plain
    assert response.headers["Vary"] == "Accept-Encoding"


def test_it_is_only_read(client: Client) -> None:
    assert client.head(LOG).content == b""
    assert client.post(LOG).status_code == 405
    assert client.post("/data/check_history.py").status_code == 405


def tag(client: Client, query: str = "") -> str:
    return str(client.head(f"{LOG}{query}").headers["ETag"])


def again(client: Client, known: str, query: str = "") -> int:
    """The status for a reader who has the log with this tag."""
    return client.get(f"{LOG}{query}", headers={"If-None-Match": known}).status_code


def test_who_has_it_is_told_so_and_no_event_is_read(client: Client) -> None:
    a_record()
    known = tag(client)
    assert client.get(LOG).headers["ETag"] == known
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(LOG, headers={"If-None-Match": f'"other", {known}'})
    assert (answer.status_code, answer.content, len(captured)) == (304, b"", 5)
    assert not [query for query in captured if ChangeEvent._meta.db_table in query["sql"]]
    assert answer.headers["ETag"] == known
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_new_event_makes_it_another_one_an_internal_event_too(client: Client) -> None:
    work, period = make.initiative(), make.periods()[0]
    known = tag(client)
    make.draft(initiative=work, period=period)
    newest = ChangeEvent.objects.latest("sequence")
    assert newest.public is False
    assert again(client, known) == 200
    assert lines(client)[-1] == {"head": {"sequence": newest.sequence, "hash": newest.hash}}
    known = tag(client)
    make.report(initiative=work)
    assert again(client, known) == 200


def test_the_day_alone_changes_nothing(client: Client, summer: time_machine.Traveller) -> None:
    a_record()
    known = tag(client)
    summer.shift(dt.timedelta(days=1))
    assert again(client, known) == 304


@pytest.mark.parametrize("query", ["", "?as_of=2022-02-01"])
def test_what_becomes_internal_is_not_shown_from_a_kept_copy(query: str, client: Client) -> None:
    """On a past date too, though its last event is the same as before."""
    work = make.initiative(code="apple", name=SECRET, now=make.at(2022, 1, 10))
    known = tag(client, query)
    assert again(client, known, query) == 304
    make.initiative(code="b", now=make.at(2022, 3, 1))
    assert again(client, known, query) == (304 if query else 200)
    known = tag(client, query)
    initiatives.revise_initiative(
        initiative=work,
        changes={"visibility": Visibility.INTERNAL.value},
        by="a",
        now=make.moment(),
    )
    assert again(client, known, query) == 200
    assert SECRET not in download(client, query).decode()


def test_the_tag_is_of_the_release_and_nobody_can_make_it(client: Client, settings: Any) -> None:
    """What it is made of is known but for the codes that are hidden: those could be tried."""
    a_record()
    known = tag(client)
    settings.RELEASE = "another"
    assert again(client, known) == 200
    known = tag(client)
    settings.SECRET_KEY = "another" * 10
    assert again(client, known) == 200


@pytest.mark.parametrize("batch", [2, 3, 1000])
def test_batches_change_nothing(
    batch: int, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_record()
    whole = download(client)
    monkeypatch.setattr(public_log, "BATCH", batch)
    with CaptureQueriesContext(connection) as captured:
        assert download(client) == whole
    events = ChangeEvent.objects.count()
    assert len(captured) == 5 + -(-events // batch)


def test_memory_does_not_grow_with_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty thousand lines take no more than five thousand: what was sent is let go."""

    def most(number: int) -> int:
        tracemalloc.start()
        lines = (f'{{"sequence": {n}, "digest": "{n:064d}"}}' for n in range(number))
        for _chunk in event_log.packed(event_log.gathered(lines), "gzip"):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(50_000) < 1.5 * most(5_000)


def test_the_script_needs_nothing_but_the_standard_library() -> None:
    source = (Path(settings.BASE_DIR) / "dashboards" / "check_history.py").read_text()
    named = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
        )
    }
    assert named <= sys.stdlib_module_names


def test_log_and_script_are_offered_and_explained(client: Client) -> None:
    make.plan()
    shown = client.get("/data/").content.decode()
    assert 'id="log"' in shown
    for path in (LOG, "/data/check_history.py"):
        assert f'href="{path}"' in shown
    method = " ".join(client.get("/method/").content.decode().split())
    section = method[method.index('id="history"') :]
    assert f'href="{LOG}"' in section
    assert 'href="/data/check_history.py"' in section
    assert "python3 check_history.py events.jsonl" in section
    assert "manage.py verify_history" in section
