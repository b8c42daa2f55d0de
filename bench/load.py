"""Ask a server on loopback the same thing again and again, and count the answers a second.

Plain sockets with keep-alive: the client must cost little beside the server it shares cores with.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import time

SECONDS = 1.5
CLIENTS = 4


def answers_a_second(port: int, path: str, *, anew: bool = False, **headers: str) -> float:
    """How many answers a second a server gives to ``CLIENTS`` readers at once.

    ``anew``: each asks for an address never asked for before, which no page cache has.
    Errors: ``SystemExit`` when an answer is neither 200 nor 304.
    """
    mark = "?reader={}" if anew else ""
    lines = [f"GET {path}{mark} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    asked = "\r\n".join(lines) + "\r\n\r\n"
    with multiprocessing.Pool(CLIENTS) as pool:
        return sum(pool.starmap(_ask, [(port, asked)] * CLIENTS))


def _ask(port: int, asked: str) -> float:
    """One reader: asks, waits for the whole answer, asks again."""
    answered, began, me = 0, time.perf_counter(), os.getpid()
    connection = _connect(port)
    while (passed := time.perf_counter() - began) < SECONDS:
        connection.sendall(asked.replace("{}", f"{me}-{answered}", 1).encode())
        if not _answer(connection):
            connection.close()
            connection = _connect(port)
        answered += 1
    connection.close()
    return answered / passed


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _answer(connection: socket.socket) -> bool:
    """Read one answer; False when the server ends the connection after it."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    status = lines[0].split()[1]
    if status not in (b"200", b"304"):
        raise SystemExit(f"The server answered {status.decode()}: {lines[0].decode()}")
    fields = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
    length = 0 if status == b"304" else int(fields.get(b"content-length", b"0"))
    while len(body) < length:
        body += _more(connection)
    return fields.get(b"connection") != b"close"


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(262_144)
    if not data:
        raise SystemExit("The server closed the connection in the middle of an answer.")
    return data
