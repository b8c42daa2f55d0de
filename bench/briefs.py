"""Measure the brief of one plan, as a page and as a PDF: ``python -m bench.briefs PLAN``.

Run by ``python -m bench`` over the demonstration, whose clock stands at 7 Jul 2023, and over the
built plan of a thousand initiatives; prints one JSON document.
"""

from __future__ import annotations

import json
import statistics
import sys

from bench.measure import asked, call, forget_all, forget_pages, timed


def measure(plan: str) -> dict[str, float]:
    """Milliseconds of the brief since the last meeting, with nothing remembered for the PDF."""
    page, pdf = f"/plans/{plan}/brief/", f"/plans/{plan}/brief.pdf"
    for path in (page, pdf):
        status, _headers, _body = call(path)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
    forget_all()
    queries = asked(lambda: call(page))

    return {
        "queries": queries,
        "page": statistics.median(timed(lambda: call(page), before=forget_pages)),
        "first": statistics.median(timed(lambda: call(page), runs=5, before=forget_all)),
        "pdf": statistics.median(timed(lambda: call(pdf), runs=3, before=forget_all)),
    }


if __name__ == "__main__":
    json.dump(measure(sys.argv[1]), sys.stdout)
