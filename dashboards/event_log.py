"""The doors to the public copy of the event log, and to the script that checks it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.crypto import salted_hmac

from dashboards import check_history
from dashboards.http import encoding_for, has_it, parse
from priorities.clock import now
from priorities.queries.head import head
from priorities.queries.public_log import Extent, extent_of, public_log

#: How many bytes are gathered before they are sent.
CHUNK = 64 * 1024
#: Whoever keeps a log asks by its tag before showing it again, since what it tells may become
#: internal. The proxy keeps only what is said to be public: a whole log is too large for it.
KEEP = "no-cache"
#: The event log is compressed while it is sent: quickly rather than well.
LEVEL = 1
#: How a packer takes in a chunk, and how what it holds back comes out.
Packer = tuple[Callable[[bytes], bytes], Callable[[], bytes]]


def events(request: HttpRequest) -> HttpResponseBase:
    """Every link of the chain, one line of JSON each, as known on the date asked for.

    Streamed: memory does not grow with the log. Who has it already gets 304, and no event is read.
    Errors: ``BadQuestion`` as on every page.
    """
    newest, zone, at = head()
    extent = extent_of(parse(request, zone, newest=newest, moment=now(at)).as_of)
    headers = {
        "ETag": entity_tag(extent),
        "Cache-Control": KEEP,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
    }
    if has_it(request, headers["ETag"]):
        return HttpResponse(status=304, headers=headers)
    headers["Content-Disposition"] = 'attachment; filename="events.jsonl"'
    if encoding := encoding_for(request):
        headers["Content-Encoding"] = encoding
    if request.method == "HEAD":
        return HttpResponse(content_type="application/jsonl", headers=headers)
    lines = (json.dumps(each, ensure_ascii=False) for each in public_log(extent))
    return StreamingHttpResponse(
        packed(gathered(lines), encoding), content_type="application/jsonl", headers=headers
    )


def entity_tag(extent: Extent) -> str:
    """The key of a copy: all that its lines depend on, and the release that writes them.

    The date asked for is in it by the last event of then, so midnight changes nothing. Made with
    the portal's secret: else whoever tries codes could find out which of them are hidden.
    """
    parts = (extent.newest, extent.hash, sorted(extent.hidden), settings.RELEASE)
    made = salted_hmac("dashboards.event_log", repr(parts), algorithm="sha256")
    return f'W/"{made.hexdigest()[:32]}"'


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


def packed(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Chunks compressed on the way, or as they are."""
    if not encoding:
        yield from chunks
        return
    compress, finish = PACKERS[encoding]()
    for chunk in chunks:
        if ready := compress(chunk):
            yield ready
    yield finish()


def _brotli() -> Packer:
    packer = brotli.Compressor(quality=LEVEL)
    return packer.process, packer.finish


def _gzip() -> Packer:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress, packer.flush


PACKERS: dict[str, Callable[[], Packer]] = {"br": _brotli, "gzip": _gzip}


def script(request: HttpRequest) -> HttpResponse:
    """The script that checks the copy: one file that needs nothing but Python."""
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Content-Disposition": 'attachment; filename="check_history.py"',
    }
    source = Path(check_history.__file__).read_bytes()
    return HttpResponse(source, content_type="text/x-python; charset=utf-8", headers=headers)
