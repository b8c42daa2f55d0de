"""nginx as deployed, before a stand-in for the portal: what it keeps, and what it never keeps."""

import gzip
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from tests.itaportal.proxy import nginx, rendered

pytestmark = pytest.mark.alone

#: What the portal says of a page of today, and of one of a past date.
PUBLIC = "public, max-age=60, stale-while-revalidate=600"
PAST = "public, max-age=86400, stale-while-revalidate=600"


@dataclass
class Proxy:
    """The running proxy, and what reached the stand-in behind it."""

    folder: Path
    http: int
    https: int
    portal: str = ""
    reached: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    #: What the stand-in answers at a path, if not the path.
    says: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask over TLS; a redirect is an answer, not followed."""
        return ask(f"https://localhost:{self.https}{path}", headers)

    def asks_as(self, other: "Proxy", path: str) -> str:
        """How the cache answers who asks for the address of another proxy."""
        host = f"localhost:{other.https}"
        return self.get(path, Host=host)[1]["X-Cache"]

    def count(self, path: str) -> int:
        """How often `path` reached the stand-in."""
        return [asked for asked, _ in self.reached].count(path)


class _NotFollowing(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def ask(url: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(
        _NotFollowing, urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({})
    )
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, headers=names)
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stand_in(proxy: Proxy) -> ThreadingHTTPServer:
    """Answers each GET with its path, and as the portal does: kept unless for one person."""

    class Portal(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            proxy.reached.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            asked = dict(parse_qsl(urlsplit(self.path).query))
            body = proxy.says.get(self.path, self.path).encode()
            self.send_response(int(asked.get("status", 200)))
            if self.path == "/sets-a-cookie/":
                self.send_header("Set-Cookie", "csrftoken=x")
            if keep := asked.get("keep", "" if "status" in asked else PUBLIC):
                self.send_header("Cache-Control", keep)
            self.send_header("Vary", "Accept-Encoding")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Portal)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    nginx()
    folder = tmp_path_factory.mktemp("proxy")
    running = Proxy(folder=folder, http=free_port(), https=free_port())
    portal = stand_in(running)
    running.portal = f"127.0.0.1:{portal.server_address[1]}"
    threading.Thread(target=portal.serve_forever, daemon=True).start()
    static = folder / "static"
    static.mkdir()
    (static / "portal.0123.css").write_text("body{}")
    (static / "portal.0123.css.gz").write_bytes(gzip.compress(b"gzip form"))
    (static / "portal.0123.css.br").write_bytes(b"brotli form")
    try:
        with started(running, folder):
            yield running
    finally:
        portal.shutdown()
        portal.server_close()


@contextmanager
def started(proxy: Proxy, run: Path, **names: str) -> Iterator[None]:
    """nginx with its files in a folder, but for those that the names put elsewhere."""
    names = {
        "UPSTREAM": proxy.portal,
        "STATIC_ROOT": str(proxy.folder / "static"),
        "HTTP_PORT": f"127.0.0.1:{proxy.http}",
        "HTTPS_PORT": f"127.0.0.1:{proxy.https}",
        "PUBLIC_HTTPS": f"https://localhost:{proxy.https}",
        **names,
    }
    path = rendered(run, **names)
    who = "user root; " if os.geteuid() == 0 else ""
    server = subprocess.Popen(
        [nginx(), "-c", str(path), "-g", f"{who}daemon off;"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(proxy.https)
        yield
    finally:
        server.terminate()
        server.wait(10)


def wait_for(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not start")


def test_a_page_is_asked_for_once_for_all_readers(proxy: Proxy) -> None:
    answers = [proxy.get("/plans/once/") for _ in range(3)]
    assert [headers["X-Cache"] for _, headers, _ in answers] == ["MISS", "HIT", "HIT"]
    assert {body for _, _, body in answers} == {b"/plans/once/"}
    assert proxy.count("/plans/once/") == 1


def test_each_reader_of_a_kept_page_has_an_own_request(proxy: Proxy) -> None:
    answers = [proxy.get("/plans/ids/")[1] for _ in range(2)]
    assert [headers["X-Cache"] for headers in answers] == ["MISS", "HIT"]
    assert len({headers["X-Request-ID"] for headers in answers}) == 2


def test_a_publication_shows_within_seconds_and_to_the_first_reader_too(proxy: Proxy) -> None:
    pages = {f"/plans/news/?keep={quote(keep)}": keep for keep in (PUBLIC, PAST)}
    proxy.says |= dict.fromkeys(pages, "old")
    assert [proxy.get(path)[2] for path in pages] == [b"old", b"old"]
    proxy.says |= dict.fromkeys(pages, "new")
    begun = time.monotonic()
    for path, keep in pages.items():
        while (answer := proxy.get(path))[1]["X-Cache"] == "HIT":
            assert (answer[2], time.monotonic() - begun < 15) == (b"old", True)
            time.sleep(0.1)
        _status, headers, body = answer
        assert (headers["X-Cache"], body) == ("EXPIRED", b"new")
        assert headers["Cache-Control"] == keep  # browsers are told what the portal says


@pytest.mark.parametrize(
    "keep",
    [
        "private",
        "no-store",
        "no-cache",
        "max-age=60",
        "max-age=0, no-cache, no-store, must-revalidate, private",
        "public, no-cache",
        "public, max-age=60, private",
    ],
)
def test_what_is_not_said_to_be_for_everyone_is_not_kept(proxy: Proxy, keep: str) -> None:
    path = f"/plans/own/?keep={quote(keep)}"
    assert [proxy.get(path)[1]["X-Cache"] for _ in range(2)] == ["MISS", "MISS"]
    assert proxy.count(path) == 2


def test_a_page_of_which_nothing_is_said_is_not_kept(proxy: Proxy) -> None:
    path = "/plans/silent/?status=200"
    assert "Cache-Control" not in proxy.get(path)[1]
    assert proxy.get(path)[1]["X-Cache"] == "MISS"


@pytest.mark.parametrize(
    ("status", "second"),
    [("404", "HIT"), ("301", "HIT"), ("302", "MISS"), ("403", "MISS"), ("500", "MISS")],
)
def test_a_crowd_at_an_address_without_a_page_is_answered_from_the_cache(
    proxy: Proxy, status: str, second: str
) -> None:
    path = f"/plans/no-page/?status={status}"
    assert proxy.get(path)[:1] == (int(status),)
    assert proxy.get(path)[1]["X-Cache"] == second
    own = f"{path}&keep=private"
    assert [proxy.get(own)[1]["X-Cache"] for _ in range(2)] == ["MISS", "MISS"]


def test_a_page_of_another_release_is_not_served(proxy: Proxy, tmp_path: Path) -> None:
    path = f"/plans/released/?keep={quote(PAST)}"
    proxy.get(path)
    # What it has kept outlives a proxy; here the former one goes on, so the next gets a copy.
    shutil.copytree(proxy.folder / "cache", tmp_path / "cache")
    same = replace(proxy, http=free_port(), https=free_port())
    with started(same, tmp_path, RELEASE="a1b2c3d"):
        assert same.asks_as(proxy, path) in ("HIT", "EXPIRED")
    with started(same, tmp_path, RELEASE="d4e5f6a"):
        assert same.asks_as(proxy, path) == "MISS"


def test_the_query_is_part_of_the_page(proxy: Proxy) -> None:
    proxy.get("/plans/q/")
    assert proxy.get("/plans/q/?as_of=2022-06-30")[2] == b"/plans/q/?as_of=2022-06-30"


def test_each_encoding_is_kept_once_however_the_browser_words_it(proxy: Proxy) -> None:
    for wish in ("gzip, deflate, br", "br", "gzip;q=1.0, br", "gzip", "gzip, deflate", ""):
        proxy.get("/plans/encodings/", Accept_Encoding=wish)
    assert proxy.count("/plans/encodings/") == 3


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0, br;q=0.5", "br"),
        ("gzip; q=0.000", None),
        ("br; q=0,gzip;q=0.01", "gzip"),
    ],
)
def test_no_encoding_is_asked_for_that_a_reader_refuses(
    proxy: Proxy, wish: str, told: str | None
) -> None:
    path = f"/plans/refused/?{quote(wish)}"
    proxy.get(path, Accept_Encoding=wish)
    assert dict(proxy.reached)[path].get("accept-encoding") == told


@pytest.mark.parametrize("cookie", ["sessionid=x", "csrftoken=x", "a=b; sessionid=x"])
def test_who_is_signed_in_is_never_answered_from_the_cache(proxy: Proxy, cookie: str) -> None:
    path = f"/plans/known/?{cookie.replace('; ', '-')}"
    proxy.get(path)
    assert proxy.get(path, Cookie=cookie)[1]["X-Cache"] == "BYPASS"
    assert proxy.count(path) == 2


def test_an_answer_that_sets_a_cookie_is_not_kept(proxy: Proxy) -> None:
    assert [proxy.get("/sets-a-cookie/")[1]["X-Cache"] for _ in range(2)] == ["MISS", "MISS"]


@pytest.mark.parametrize("path", ["/admin/", "/accounts/login/", "/readyz", "/updates/"])
def test_staff_pages_and_health_are_never_kept(proxy: Proxy, path: str) -> None:
    for _ in range(2):
        assert "X-Cache" not in proxy.get(path)[1]
    assert proxy.count(path) == 2


def test_the_portal_learns_the_scheme_and_the_request(proxy: Proxy) -> None:
    proxy.get("/plans/headers/", X_Forwarded_Proto="http", X_Request_ID="forged-forged")
    told = dict(proxy.reached)["/plans/headers/"]
    assert told["x-forwarded-proto"] == "https"
    assert (len(told["x-request-id"]), told["host"]) == (32, f"localhost:{proxy.https}")


@pytest.mark.parametrize(
    ("wish", "encoding", "body"),
    [("br, gzip", "br", b"brotli form"), ("gzip", "gzip", None), ("", None, b"body{}")],
)
def test_static_files_go_out_as_they_were_compressed(
    proxy: Proxy, wish: str, encoding: str | None, body: bytes | None
) -> None:
    status, headers, sent = proxy.get("/static/portal.0123.css", Accept_Encoding=wish)
    assert (status, headers.get("Content-Encoding")) == (200, encoding)
    assert headers["Content-Type"].startswith("text/css")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sent == body if body else gzip.decompress(sent) == b"gzip form"


def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    status, headers, _ = ask(f"http://localhost:{proxy.http}/plans/x/?as_of=2022-06-30", {})
    assert (status, headers["Location"]) == (
        301,
        f"https://localhost:{proxy.https}/plans/x/?as_of=2022-06-30",
    )


def test_guessing_passwords_is_slowed_down(proxy: Proxy) -> None:
    statuses = [proxy.get("/accounts/login/?guess")[0] for _ in range(60)]
    assert statuses[:41] == [200] * 41
    assert 429 in statuses


def test_papers_are_kept_as_pages_are_and_no_stranger_has_many_made(proxy: Proxy) -> None:
    paper = "/plans/ita/brief.pdf"
    kept = [proxy.get(paper)[1]["X-Cache"] for _ in range(2)]
    assert (kept, proxy.count(paper)) == (["MISS", "HIT"], 1)
    statuses = [proxy.get(f"{paper}?from=2022-01-01&to=2022-03-{n}")[0] for n in range(1, 31)]
    assert (statuses[0], 429 in statuses) == (200, True)
    assert proxy.get("/plans/ita/brief/")[0] == 200


def test_the_portal_is_asked_whether_a_reader_has_the_log_and_no_stranger_asks_often(
    proxy: Proxy,
) -> None:
    log = "/data/events.jsonl"
    _status, headers, _body = proxy.get(f"{log}?keep=no-cache", If_None_Match='W/"known"')
    assert dict(proxy.reached)[f"{log}?keep=no-cache"]["if-none-match"] == 'W/"known"'
    assert "X-Cache" not in headers
    statuses = [proxy.get(f"{log}?as_of=2022-01-{n:02}")[0] for n in range(1, 21)]
    assert (statuses[0], 429 in statuses) == (200, True)
    assert proxy.get("/data/")[0] == 200
