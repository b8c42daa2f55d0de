"""The doors to the public copy of the event log, and to the script that checks it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from dashboards import check_history
from dashboards.http import parse
from priorities.clock import now
from priorities.queries.head import head
from priorities.queries.public_log import public_log

#: How many bytes are gathered before they are sent.
CHUNK = 64 * 1024
#: A whole log is too large for a shared cache; who has it asks again when it wants the new one.
KEEP = "no-cache"
#: The event log is compressed while it is sent: quickly rather than well.
LEVEL = 1


def events(request: HttpRequest) -> HttpResponseBase:
    """Every link of the chain, one line of JSON each, as known on the date asked for.

    Streamed: memory does not grow with the log. Errors: ``BadQuestion`` as on every page.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    newest, zone, at = head()
    visit = parse(request, zone, newest=newest, moment=now(at))
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {
        "Cache-Control": KEEP,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Content-Disposition": 'attachment; filename="events.jsonl"',
    } | ({"Content-Encoding": "gzip"} if packed else {})
    if request.method == "HEAD":
        return HttpResponse(content_type="application/jsonl", headers=headers)
    chunks = gathered(json.dumps(each, ensure_ascii=False) for each in public_log(visit.as_of))
    return StreamingHttpResponse(
        gzipped(chunks) if packed else chunks, content_type="application/jsonl", headers=headers
    )


def gathered(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines in chunks worth sending."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line.encode() + b"\n")
        size += len(held[-1])
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Chunks compressed on the way."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def script(request: HttpRequest) -> HttpResponse:
    """The script that checks the copy: one file that needs nothing but Python."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Content-Disposition": 'attachment; filename="check_history.py"',
    }
    source = Path(check_history.__file__).read_bytes()
    return HttpResponse(source, content_type="text/x-python; charset=utf-8", headers=headers)
