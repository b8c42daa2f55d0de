"""What was measured, as a table and as points met or not met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: The closest open-source peer's list of 200 actions, measured beforehand: milliseconds.
PEER_MILLISECONDS = 6100
HEADS = (
    "page", "queries", "median ms", "p95 ms", "first ms", "raw KB", "br KB", "of render",
    "× hello", "of admin", "past queries", "past ÷ now",
)  # fmt: skip


def table(name: str, found: dict[str, Any]) -> str:
    """One line a page.

    "of render" is the time of rendering the same template with its data in memory, as a share of
    the page's; "× hello" is how many bare views the page costs; "of admin" is its time as a share
    of the admin's changelist of 100 rows.
    """
    hello, admin = found["cached"]["hello"], found["admin"]
    rows: list[tuple[str, ...]] = [HEADS]
    for page in found["pages"]:
        median = page["median"]
        rows.append(
            (
                page["name"],
                str(page["queries"]),
                f"{median:.1f}",
                f"{page['p95']:.1f}",
                f"{page['first']:.1f}",
                f"{page['raw'] / 1024:.1f}",
                f"{page['compressed'] / 1024:.1f}",
                f"{page['render'] / median:.0%}",
                f"{median / hello:.0f}",
                f"{median / admin:.0%}",
                str(page["past_queries"]),
                f"{page['past_median'] / median:.2f}",
            )
        )
    rows.append(("admin changelist", "", f"{admin:.1f}", *[""] * 9))
    rows.append(("bare view", "", f"{hello:.2f}", *[""] * 9))
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADS))]
    lines = [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    title = f"{name}, {found['initiatives']:,} initiatives"
    return "\n".join(["", title, "=" * len(title), *lines])


def points(found: dict[str, Any], smaller: dict[str, Any] | None = None) -> str:
    """Each point of docs/performance.md, met or not met, with its figures.

    ``smaller``: what was measured with a tenth of the data on the same database.
    """
    told = [*_points(found), *(_growth(found, smaller) if smaller else ())]
    lines = [f"{'met    ' if met else 'NOT MET'}  {text}" for met, text in told]
    return "\n".join(["", *lines, ""])


def _points(found: dict[str, Any]) -> Iterator[tuple[bool, str]]:
    pages = {page["name"]: page for page in found["pages"]}
    plan, served, queries = pages["plan, 60 cards"], found["served"]["of_hello"], found["queries"]
    said = f"{plan['queries']} queries where nothing is remembered (≤ 6)"
    yield plan["queries"] <= 6, f"1  plan page: {said}"
    share = plan["render"] / plan["median"]
    first = plan["render"] / plan["first"]
    said = f"{share:.0%} of the render limit (≥ 30%); the first after a publication {first:.0%}"
    yield share >= 0.3, f"1  plan page: {said}"
    share = served["uncached"]
    yield share >= 0.025, f"1  plan page, uncached: {share:.1%} of hello (≥ 2.5%)"
    times = found["admin"] / plan["median"]
    first = found["admin"] / plan["first"]
    said = f"{times:.1f} × the admin changelist (≥ 2); the first after a publication {first:.1f} ×"
    yield times >= 2, f"1  plan page: {said}"
    share = served["cached"]
    yield share >= 0.8, f"2  cached page: {share:.0%} of hello (≥ 80%)"
    share = served["unchanged"]
    asked = found["cached"]["unchanged_queries"]
    yield (
        share >= 0.85 and asked <= 1,
        f"2  304: {share:.0%} of hello (≥ 85%) with {asked} query (≤ 1)",
    )
    if "microcache" not in served:
        yield False, "2  micro-cache: not measured, nginx is not installed"
    else:
        times = served["microcache"]
        yield times >= 5, f"2  behind the micro-cache: {times:.1f} × hello (≥ 5)"
    yield from _lists(pages, found["initiatives"])
    ratio = queries["rollup"] / queries["plain"]
    yield ratio <= 4, f"5  roll-up of the whole plan: {ratio:.1f} × a plain read (≤ 4)"
    ratio = queries["rollup_past"] / queries["plain"]
    yield ratio <= 4, f"5  the same at a past date: {ratio:.1f} × (≤ 4)"
    yield queries["series"] <= 60, f"6  series of 60 × 120: {queries['series']:.0f} ms (≤ 60)"
    if found["initiatives"] <= 10_000:  # a thousand metrics; with more the point says nothing
        yield queries["latest"] <= 25, f"6  latest of 1,000: {queries['latest']:.0f} ms (≤ 25)"
    for page in found["pages"]:
        ratio = page["past_median"] / page["median"]
        same = page["queries"] == page["past_queries"]
        met = ratio <= 1.5 and same
        counts = f"{page['past_queries']} and {page['queries']} queries"
        yield met, f"7  {page['name']}, past: {ratio:.2f} × now (≤ 1.5), {counts} (the same)"
    html = [page for page in found["pages"] if ".json" not in page["url"]]
    largest = max(html, key=lambda page: page["compressed"])
    size = largest["compressed"] / 1024
    yield size <= 20, f"8  HTML at most {size:.1f} KB compressed (≤ 20): {largest['name']}"
    yield from _briefs(found["briefs"])


def _briefs(found: dict[str, dict[str, float]]) -> Iterator[tuple[bool, str]]:
    small, large = found["demonstration"], found["thousand"]
    said = f"{small['page']:.0f} ms (≤ 40) with {small['queries']:.0f} queries"
    said += f"; the first after a publication {small['first']:.0f} ms"
    yield small["page"] <= 40, f"10 brief of the demonstration: {said}"
    yield small["pdf"] <= 2_000, f"10 the same as PDF: {small['pdf'] / 1000:.1f} s (≤ 2)"
    yield (
        large["pdf"] <= 10_000,
        f"10 brief of 1,000 initiatives as PDF: {large['pdf'] / 1000:.1f} s (≤ 10)",
    )
    # Where dates moved, as in the demonstration, one more tells how they moved before.
    no_more = large["queries"] <= small["queries"]
    yield no_more, f"10 brief: {large['queries']:.0f} queries for 1,000 initiatives (no more)"


def _lists(pages: dict[str, Any], size: int) -> Iterator[tuple[bool, str]]:
    lists = {name: page for name, page in pages.items() if name.startswith("initiatives")}
    asked = max(page["queries"] for page in lists.values())
    yield asked <= 4, f"3  lists: {asked} queries (≤ 4)"
    for name, large in lists.items():
        way, _comma, which = name.rpartition(", ")
        if which == "large":
            ratio = large["median"] / lists[f"{way}, 1,000"]["median"]
            said = f"{ratio:.2f} × from 1,000 to {size:,} (0.5 to 1.5)"
            yield 0.5 <= ratio <= 1.5, f"3  {way}: {said}"
    all_of, many = pages["all of 200"], pages["2,000 as JSON"]
    times = PEER_MILLISECONDS / all_of["first"]
    met = times >= 50 and all_of["queries"] <= 10
    counted = f"{all_of['queries']} queries (≤ 10)"
    yield met, f"4  all of 200 initiatives: {times:.0f} × the peer (≥ 50), {counted}"
    counted = f"{many['queries']} queries (≤ 10), {many['first']:.0f} ms"
    yield many["queries"] <= 10, f"4  2,000 initiatives as JSON: {counted}"


def _growth(found: dict[str, Any], smaller: dict[str, Any]) -> Iterator[tuple[bool, str]]:
    """How the roll-up grows with the plan."""
    sizes = f"{smaller['initiatives']:,} to {found['initiatives']:,}"
    times = found["queries"]["rollup"] / smaller["queries"]["rollup"]
    yield times <= 12, f"5  roll-up from {sizes} initiatives: {times:.1f} × (≤ 12)"
