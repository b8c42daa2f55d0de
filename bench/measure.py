"""Measure the pages inside one process: queries, time, bytes, and what they are compared with.

Run by ``python -m bench`` with the production settings, a built database and the clock set to the
benchmark's day; prints one JSON document.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

import brotli
import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.build import PAST  # noqa: E402
from dashboards import http  # noqa: E402
from dashboards.memory import MEMORY  # noqa: E402
from itaportal import health  # noqa: E402
from itaportal.wsgi import application  # noqa: E402
from priorities.assessment.periods import AsOf  # noqa: E402
from priorities.clock import now  # noqa: E402
from priorities.enums import Calendar  # noqa: E402
from priorities.models import Initiative, Metric, Priority, ReportingPeriod  # noqa: E402
from priorities.queries import head, publication, series, standing  # noqa: E402

#: Runs of a page; of one that takes longer than so many milliseconds, and with nothing remembered.
RUNS, FEW, SLOW = 15, 5, 500
TYPICAL, THOUSAND, LARGE = "bench-typical", "bench-thousand", "bench-large"
HOST = "127.0.0.1"

#: The ways to ask for a list, each measured for both sizes of plan.
WAYS = {
    "": "",
    " searched": "q=radio",
    " at risk": "status=at_risk",
    " by name, page 10": "status=on_track&sort=name&page=10",
}
SIZES = {"1,000": THOUSAND, "large": LARGE}
PAGES = {
    "plan, 60 cards": f"/plans/{TYPICAL}/",
    "plan, large": f"/plans/{LARGE}/",
    "priority": f"/plans/{TYPICAL}/priorities/1/",
    "all of 200": f"/plans/{TYPICAL}/initiatives.json",
    "2,000 as JSON": f"/plans/{LARGE}/initiatives.json",
    **{
        f"initiatives{way}, {name}": f"/plans/{plan}/initiatives/?{query}"
        for way, query in WAYS.items()
        for name, plan in SIZES.items()
    },
    "initiative": f"/plans/{LARGE}/initiatives/initiative-4711/",
    "metrics": "/metrics/",
    "metric, 120 months": f"/metrics/{TYPICAL}-metric-7/",
    "what changed": f"/plans/{TYPICAL}/changes/",
    "brief": f"/plans/{TYPICAL}/brief/",
    "brief, large": f"/plans/{LARGE}/brief/",
    "division": "/divisions/division-3/",
    "search": "/search/?q=radio+sites",
}


@dataclass
class Row:
    """One page's figures; times in milliseconds.

    ``median`` is of a page that is not cached. ``first`` and the queries are of one that is asked
    for first after a publication, when nothing is remembered either.
    """

    name: str
    url: str
    status: int
    queries: int
    median: float
    p95: float
    first: float
    render: float
    raw: int
    compressed: int
    past_queries: int
    past_median: float


def call(path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request through the whole stack of middleware, without a network."""
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "HTTP_HOST": HOST,
        "REMOTE_ADDR": HOST,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        **headers,
    }
    seen: dict[str, Any] = {}

    def start(status: str, fields: list[tuple[str, str]], _info: object = None) -> Any:
        seen["status"], seen["headers"] = int(status[:3]), dict(fields)

    response = HANDLER(environ, start)
    try:
        return seen["status"], seen["headers"], b"".join(response)
    finally:
        response.close()


#: The application as gunicorn loads it, with its setting of the garbage collector.
HANDLER = application


def timed(work: Callable[[], object], *, runs: int = RUNS, before: Any = None) -> list[float]:
    """Milliseconds of each run, sorted; ``before`` runs unmeasured ahead of each."""
    found = []
    for _ in range(runs + 1):
        if before:
            before()
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found[1:])


def in_turns(
    one: Callable[[], object], other: Callable[[], object], *, runs: int
) -> tuple[list[float], list[float]]:
    """Milliseconds of two pages that are compared, so that the machine drifts for both alike."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs + 1):
        for work, times in zip((one, other), found, strict=True):
            times += timed(work, runs=1, before=forget_pages)[:1]
    return sorted(found[0][1:]), sorted(found[1][1:])


def forget_pages() -> None:
    """No page is cached; what a worker remembers of a plan stays."""
    http.PAGES_SENT.forget()


def forget_all() -> None:
    """As after a publication: nothing is cached, nothing is remembered."""
    forget_pages()
    MEMORY.forget()
    head.forget_head()


def asked(work: Callable[[], object]) -> int:
    """How many SQL statements something takes."""
    with CaptureQueriesContext(connection) as queries:
        work()
        return len(queries.captured_queries)


def measure_page(name: str, url: str) -> Row:
    """One page, now and as of a past day."""
    status, _headers, body = call(url)
    forget_all()
    queries = asked(lambda: call(url))
    if status != 200:
        raise SystemExit(f"{url} answered {status}")
    mark = "&" if "?" in url else "?"
    past = f"{url}{mark}as_of={PAST}"
    forget_all()
    past_queries = asked(lambda: call(past))
    runs = RUNS if timed(lambda: call(url), runs=1, before=forget_pages)[0] < SLOW else FEW
    times, past_times = in_turns(lambda: call(url), lambda: call(past), runs=runs)
    return Row(
        name=name,
        url=url,
        status=status,
        queries=queries,
        median=statistics.median(times),
        p95=times[int(len(times) * 0.95)],
        first=statistics.median(timed(lambda: call(url), runs=FEW, before=forget_all)),
        render=statistics.median(timed(render_of(url))),
        raw=len(body),
        compressed=len(brotli.compress(body, quality=5)),
        past_queries=past_queries,
        past_median=statistics.median(past_times),
    )


def render_of(url: str) -> Callable[[], object]:
    """Rendering the page's template with its data already in memory."""
    kept: list[Any] = []
    original = http._render

    def keep(answer: Any, visit: Any) -> bytes:
        kept[:] = [answer, visit]
        return original(answer, visit)

    http._render = keep
    try:
        forget_pages()
        call(url)
    finally:
        http._render = original
    return lambda: original(kept[0], kept[1])


def measure_admin() -> float:
    """The Django admin's changelist of 100 initiatives, for comparison."""
    person = get_user_model().objects.filter(is_superuser=True).first()
    if person is None:
        person = get_user_model().objects.create_superuser("bench@example.org", "x", name="Bench")
    client = Client(SERVER_NAME=HOST)
    client.force_login(person)
    url = "/admin/priorities/initiative/"
    if client.get(url).status_code != 200:
        raise SystemExit("The admin's changelist does not answer.")
    return statistics.median(timed(lambda: client.get(url)))


def measure_queries() -> dict[str, float]:
    """The statements that pages are made of, and the plain ones they are compared with."""
    tz = head.head().zone
    as_of = AsOf.now(now(), tz)

    def large(as_of: AsOf) -> None:
        undo = publication.later_changes(Initiative, as_of=as_of, plan_code=LARGE)
        standing.standings(
            plan=documents["plan"][LARGE],
            priorities=documents["priority"],
            periods=documents["reporting_period"].values(),
            as_of=as_of,
            undo=undo,
            tz=tz,
        )

    documents = publication.documents(
        *publication.frame(),
        publication.of_plan(Priority, LARGE),
        ReportingPeriod.objects.filter(plan__code=LARGE),
        as_of=as_of,
        undo={},
    )
    columns = [standing.PATHS.get(name, name) for name in standing.COLUMNS]
    plain = Initiative.objects.filter(plan__code=LARGE).values_list("pk", *columns)
    past = AsOf.end_of(PAST, tz)
    measured = Metric.objects.filter(code__startswith=f"{TYPICAL}-")
    sixty = {pk: Calendar(code) for pk, code in measured.values_list("pk", "calendar")}
    thousand = Metric.objects.filter(code__startswith=f"{LARGE}-")

    def took(work: Callable[[], object]) -> float:
        return statistics.median(timed(work, runs=7))

    return {
        "rollup": took(lambda: large(as_of)),
        "rollup_past": took(lambda: large(past)),
        "plain": took(lambda: list(plain.all())),
        "series": took(lambda: series.card_facts(sixty, as_of=as_of, whole=True)),
        "latest": took(lambda: series.latest_figures(thousand, as_of=as_of)),
    }


def measure_cached() -> dict[str, float]:
    """A cached page and a 304 beside a bare view, all through the same middleware."""
    url = PAGES["plan, 60 cards"]
    forget_all()
    call(url, HTTP_ACCEPT_ENCODING="br")
    _status, headers, _body = call(url, HTTP_ACCEPT_ENCODING="br")
    tag = headers["ETag"]
    return {
        "hello": statistics.median(timed(lambda: call("/healthz"), runs=300)),
        "cached": statistics.median(timed(lambda: call(url, HTTP_ACCEPT_ENCODING="br"), runs=300)),
        "unchanged": statistics.median(timed(lambda: call(url, HTTP_IF_NONE_MATCH=tag), runs=300)),
        "cached_queries": asked(lambda: call(url, HTTP_ACCEPT_ENCODING="br")),
        "unchanged_queries": asked(lambda: call(url, HTTP_IF_NONE_MATCH=tag)),
    }


def main() -> None:
    """Measure everything and print it."""
    found = {
        "initiatives": Initiative.objects.filter(plan__code=LARGE).count(),
        "hello_view": health.healthz.__name__,
        "pages": [asdict(measure_page(name, url)) for name, url in PAGES.items()],
        "admin": measure_admin(),
        "queries": measure_queries(),
        "cached": measure_cached(),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
