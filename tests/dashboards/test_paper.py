"""The paper of a brief: its structure as a screen reader finds it, and the same bytes each time."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path

import pytest

from dashboards.pages.brief_parts import Brief
from dashboards.pages.elements import Link
from dashboards.pdf import setting, worker
from dashboards.pdf.paper import PAPERS, Kept, brief_pdf, document
from tests.dashboards import written

ORIGIN = "https://priorities.example.org"
KEPT = Kept("Frozen on 6 Jul 2022.", "/plans/p/briefs/ef4deec075df/", "ef4deec075dfabcd" * 4)

needs_pdfinfo = pytest.mark.skipif(
    shutil.which("pdfinfo") is None,
    reason="pdfinfo is not there. Install it (Debian: apt-get install poppler-utils)",
)


@lru_cache
def paper(brief: Brief, kept: Kept | None = None) -> bytes:
    return brief_pdf(asdict(brief), origin=ORIGIN, kept=kept)


@lru_cache
def pdfinfo(pdf: bytes, *options: str) -> str:
    """What pdfinfo says of a PDF."""
    command = ["pdfinfo", *options, "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def tree(pdf: bytes) -> list[tuple[int, str]]:
    """The structure in reading order: how deep, and the kind of element or the text in quotes."""
    lines = pdfinfo(pdf, "-struct-text").splitlines()
    found = []
    for line in lines:
        text = line.strip()
        if text.startswith("/") or not text:
            continue
        kind = text if text.startswith('"') else re.split(r"[ :]", text, maxsplit=1)[0]
        found.append(((len(line) - len(line.lstrip())) // 2, kind))
    return found


def kinds(pdf: bytes) -> list[str]:
    return [kind for _depth, kind in tree(pdf) if not kind.startswith('"')]


def said(pdf: bytes) -> str:
    """All its texts in reading order, on one line."""
    words = " ".join(kind.strip('"') for _depth, kind in tree(pdf) if kind.startswith('"'))
    return re.sub(r"\s+", " ", words)


def children(pdf: bytes, parent: str) -> set[str]:
    """What stands directly within elements of a kind."""
    found, above = set(), []
    for depth, kind in tree(pdf):
        del above[depth:]
        if above and above[-1] == parent and not kind.startswith('"'):
            found.add(kind)
        above.append(kind)
    return found


# ── What a screen reader is told first ───────────────────────────────────────────────────────


@needs_pdfinfo
def test_it_is_tagged_and_says_its_title_and_that_it_is_accessible() -> None:
    told = dict(line.split(":", 1) for line in pdfinfo(paper(written.BRIEF)).splitlines())
    title = f"{written.BRIEF.title}, {written.BRIEF.span}"
    assert [told[name].strip() for name in ("Title", "Author", "Tagged", "JavaScript")] == [
        title,
        "Information Technology Agency",
        "yes",
        "no",
    ]
    meta = pdfinfo(paper(written.BRIEF), "-meta")
    assert re.findall(r"<xmp:CreateDate>([^<]+)<", meta) == ["2022-06-30T12:00:00+00:00"]
    assert re.findall(r"<pdfuaid:part>(\d)</pdfuaid:part>", meta) == ["1"]
    assert re.findall(r"<dc:language><rdf:Bag><rdf:li>([^<]+)<", meta) == ["en-US"]


def test_the_catalog_says_the_language_and_that_the_title_is_shown() -> None:
    pdf = paper(written.BRIEF)
    assert set(re.findall(rb"/Lang ?\(([^)]*)\)", pdf)) == {b"en-US"}
    assert set(re.findall(rb"/DisplayDocTitle (\w+)", pdf)) == {b"true"}
    assert set(re.findall(rb"/Marked (\w+)", pdf)) == {b"true"}


# ── Its parts ────────────────────────────────────────────────────────────────────────────────


@needs_pdfinfo
def test_headings_go_down_one_step_at_a_time() -> None:
    levels = [int(kind[1]) for kind in kinds(paper(written.BRIEF)) if re.fullmatch("H[1-6]", kind)]
    assert levels == [1, 2, 2, 2, 3, 2, 2]


@needs_pdfinfo
def test_tables_have_headers_of_their_columns() -> None:
    pdf = paper(written.BRIEF)
    assert children(pdf, "Table") == {"THead", "TBody"}
    assert children(pdf, "TR") == {"TH", "TD"}
    assert [kinds(pdf).count(kind) for kind in ("Table", "TH", "TD")] == [1, 3, 9]
    assert len(re.findall(r"/Scope /Column", pdfinfo(pdf, "-struct"))) == 3


@needs_pdfinfo
def test_what_differs_is_a_list_and_its_facts_are_terms() -> None:
    pdf = paper(written.BRIEF)
    assert children(pdf, "L") == {"LI"}
    assert children(pdf, "LI") == {"Lbl", "LBody"}
    entries = sum(len(block.entries) for each in written.BRIEF.sections for block in each.blocks)
    facts = 4
    assert kinds(pdf).count("LI") == entries + facts


def test_each_picture_says_what_it_shows() -> None:
    pdf = paper(written.BRIEF)
    alternatives = re.findall(rb"/Alt ?\(([^)]*)\)", pdf)
    assert alternatives == [
        b"3-1-1 calls answered, by fiscal year. From 63% in FY 2012-13 to 89% in FY 2020-21."
    ]


@needs_pdfinfo
def test_it_is_read_in_the_order_in_which_it_is_told() -> None:
    text = said(paper(written.FOR_REVIEWERS, KEPT))
    told = [
        "Committee brief",
        "Brief on the Strategic Plan 2022-2023",
        "From the end of 31 Mar 2022",
        "For reviewers only.",
        "15 of 24 initiatives",
        "Cover note",
        "Members will want",
        "In this brief",
        "The scope, then and now",
        "Initiatives 23 24",
        "MyLA311 Replacement",
        "On track → Off track",
        "moved for the third time",
        "Cause Procurement slipped",
        "No date moved.",
        "90% → 91%",
        "For reviewers Open",
        "MARKED-INTERNAL",
        "Frozen on 6 Jul 2022.",
        f"SHA-256 of its content: {' '.join(['ef4deec075dfabcd'] * 4)}",
    ]
    places = [text.find(each, 0) for each in told]
    assert [told[at] for at, place in enumerate(places) if place < 0] == []
    assert places[7:] == sorted(places[7:])


@needs_pdfinfo
def test_addresses_work_from_paper() -> None:
    text = pdfinfo(paper(written.BRIEF), "-url")
    assert sorted(set(re.findall(r"https://\S+", text))) == [
        "https://example.org/budget",
        f"{ORIGIN}/metrics/311-calls-answered/",
        f"{ORIGIN}/plans/ita-2022-2023/initiatives/myla311-replacement/",
        f"{ORIGIN}/plans/p/brief/",
    ]


# ── The same words, the same paper; and any words ────────────────────────────────────────────


def test_the_same_brief_is_the_same_bytes() -> None:
    first = paper(written.BRIEF)
    PAPERS.forget()
    assert brief_pdf(asdict(written.BRIEF), origin=ORIGIN) == first
    assert first != paper(replace(written.BRIEF, rest="."))


def renamed(name: str) -> Brief:
    """The brief with one more thing in it, of that name."""
    entry = replace(written.OVERDUE, item=Link(name, ""))
    section = written.BRIEF.sections[2]
    block = replace(section.blocks[0], entries=(entry,))
    return replace(written.BRIEF, sections=(replace(section, blocks=(block,)),))


@needs_pdfinfo
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Año Nuevo, Čeština – “quoted”", "Año Nuevo, Čeština – “quoted”"),
        ("Ωμέγα Жизнь", "Ωμέγα Жизнь"),
        ("\ud55c\uad6d \U0001f600", "□□ □"),
        ("half \ud800 and \x00 zero \u202e turned", "half and zero turned"),
        ('#import "x"; $a$ *b* <c> @d /e \\f', '#import "x"; $a$ *b* <c> @d /e \\f'),
        ("= No heading", "= No heading"),
    ],
)
def test_any_name_can_be_set(name: str, shown: str) -> None:
    pdf = paper(renamed(name))
    assert shown in said(pdf)
    assert kinds(pdf).count("H2") == 1


@needs_pdfinfo
def test_a_long_word_stays_within_its_column() -> None:
    command = ["pdftotext", "-layout", "-", "-"]
    done = subprocess.run(command, input=paper(renamed("w" * 300)), capture_output=True, check=True)
    lines = [line.strip() for line in done.stdout.decode().splitlines() if "www" in line]
    assert "".join(lines).replace("\u200b", "") == "w" * 300
    assert len(lines) == 6
    assert document(asdict(renamed("w" * 30)), origin="")["sections"][0]["blocks"][0]["entries"][0][
        "item"
    ]["label"] == "\u200b".join(["w" * 8, "w" * 8, "w" * 8, "w" * 6])


def test_the_fonts_have_every_character_that_they_are_said_to_have(tmp_path: Path) -> None:
    known = worker._UNKNOWN
    everything = "".join(chr(code) for code in range(0x20, 0x2600) if not known.match(chr(code)))
    template = tmp_path / "all.typ"
    template.write_text(
        '#set document(title: "All")\n#set text(font: "Public Sans", lang: "en")\n'
        "#json(bytes(sys.inputs.document)).all"
    )
    pdf = setting.set_document(template, {"all": everything})
    assert pdf.startswith(b"%PDF-1.7")


# ── When it cannot be set ────────────────────────────────────────────────────────────────────


def test_what_the_typesetter_refuses_is_said(tmp_path: Path) -> None:
    template = tmp_path / "wrong.typ"
    template.write_text('#image("nothing.png")')
    with pytest.raises(setting.NotSet, match="file not found"):
        setting.set_document(template, {})


def test_no_file_beside_the_templates_is_read(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    template = inner / "curious.typ"
    template.write_text('#read("../secret.txt")')
    with pytest.raises(setting.NotSet, match="escape the project root"):
        setting.set_document(template, {})


def test_a_document_that_takes_too_long_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(setting, "MOST_SECONDS", 0)
    with pytest.raises(setting.NotSet, match="longer than 0 seconds"):
        setting.set_document(tmp_path / "any.typ", {})


def fail() -> None:
    raise ZeroDivisionError


def test_one_at_a_time_has_a_turn_and_gives_it_back_whatever_happens() -> None:
    turn = setting.Turn(patience=0)
    with turn.taken(), pytest.raises(setting.Busy), turn.taken():
        fail()
    with pytest.raises(ZeroDivisionError), turn.taken():
        fail()
    with turn.taken():
        pass


def test_the_typesetter_steps_back_for_pages(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    steps: list[int] = []
    monkeypatch.setattr(worker.os, "nice", steps.append)
    monkeypatch.setattr(worker.typst, "compile", lambda *_args, **_known: b"%PDF-")
    monkeypatch.setattr(worker.sys, "argv", ["worker.py", "any.typ"])
    monkeypatch.setattr(worker.sys, "stdin", io.StringIO("{}"))
    worker.main()
    assert (steps, capsysbinary.readouterr().out) == ([10], b"%PDF-")
