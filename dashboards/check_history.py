#!/usr/bin/env python3
# ruff: noqa: UP031 - plain and old Python, so that it runs wherever there is one
"""Check a downloaded event log of the portal: is it the record as it was written, unaltered?

This file stands alone: Python 3.9 or newer, nothing to install, nothing is sent anywhere. Use:

    1. Download the log from the portal's data page, or fetch it with curl:
           curl --compressed -o events.jsonl https://<the portal>/data/events.jsonl
    2. python3 check_history.py events.jsonl

It recomputes every link of the chain. If all hold, it prints the number of the newest event and
its hash. Write that hash down, with the date, where the portal's operator cannot change it: print
it, mail it, put it into the minutes of a meeting. Next time, check that the record still has it:

    3. python3 check_history.py events.jsonl --has <the hash that you wrote down>

If a link is broken, it names the first one. The file may be packed with gzip (events.jsonl.gz),
and "-" reads standard input.

How the chain is made. Each line of the log is one event, numbered from 1. An event that the public
may read stands with its record ("event") and its hash. Any other stands with its digest alone,
which tells nothing about it. Then
    digest = SHA-256 of the record as JSON with sorted keys, no spaces, in UTF-8
    hash   = SHA-256 of (the hash of the event before, followed by the digest), both as hexadecimal
The first event follows a hash of 64 zeros. In a record, "sealed" stands for who of the staff made
the change: a hash of the name and of a random number. The last line, "head", says how far the
chain reaches.

What this does not prove: that what was entered was true, and that nobody rewrote the whole log
from some event on. The second is what the hash that you wrote down is for.

Exit status: 0 when the chain holds, 1 when not, 2 when the file cannot be read.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterable

GENESIS = "0" * 64


class Broken(Exception):
    """The chain does not hold; the message names the first place."""


class Unreadable(Exception):
    """The file is not an event log."""


class Checked:
    """What was found: how many events, how many of them public, the newest, hashes looked for."""

    def __init__(self) -> None:
        self.events = 0
        self.public = 0
        self.sequence = 0
        self.hash = GENESIS
        self.newest_at = ""
        self.found: dict[str, int] = {}


#: A hash, or how one begins: a page of history shows twelve letters.
HASH = re.compile("[0-9a-f]{8,64}")


def sha256(text: str) -> str:
    """The SHA-256 of a text, as hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def digest_of(record: object) -> str:
    """The digest of a public event."""
    return sha256(json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def check(lines: Iterable[str], wanted: Iterable[str] = ()) -> Checked:
    """Walk the chain from its first event to its head.

    ``wanted`` are hashes to look for, or how they begin. Raises ``Broken`` at the first link that
    does not hold, and ``Unreadable`` for what is no event log.
    """
    state, looked_for, certain, ended = Checked(), set(wanted), 0, False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        entry = parsed(line, number)
        if ended:
            raise Broken("There are lines after the head of the chain, from line %d on." % number)
        if "head" in entry:
            check_head(state, entry["head"], certain)
            ended = True
            continue
        certain = follow(state, entry, certain, number)
        for each in looked_for:
            if state.hash.startswith(each):
                state.found.setdefault(each, state.sequence)
    if not ended:
        raise Broken(
            "The log has no end: after event %d its head is missing. Was the download cut off?"
            % state.sequence
        )
    return state


def parsed(line: str, number: int) -> dict:
    """One line of the log."""
    try:
        entry = json.loads(line)
    except ValueError:
        raise Unreadable("Line %d is not JSON. Was the download cut off?" % number) from None
    if not isinstance(entry, dict) or not ("head" in entry or "sequence" in entry):
        raise Unreadable("Line %d is no line of an event log." % number)
    return entry


def follow(state: Checked, entry: dict, certain: int, number: int) -> int:
    """Add one event to the chain; returns the newest number whose hash is confirmed."""
    sequence = entry["sequence"]
    if sequence != state.sequence + 1:
        raise Broken(
            "Event %d is missing: after event %d comes event %s (line %d)."
            % (state.sequence + 1, state.sequence, sequence, number)
        )
    record = entry.get("event")
    if record is not None and (not isinstance(record, dict) or record.get("sequence") != sequence):
        raise Broken("Event %d says of itself that it has another number." % sequence)
    digest = entry.get("digest") if record is None else digest_of(record)
    if not isinstance(digest, str):
        raise Unreadable("Line %d has neither an event nor a digest." % number)
    state.hash = sha256(state.hash + digest)
    state.sequence = sequence
    state.events += 1
    if record is None:
        return certain
    state.public += 1
    state.newest_at = str(record.get("at", ""))
    if state.hash != entry.get("hash"):
        raise Broken(
            "%s: its hash should be %s and is %s."
            % (suspects(certain, sequence), state.hash, entry.get("hash"))
        )
    return sequence


def suspects(certain: int, sequence: int) -> str:
    """Which events the break may lie in: what is told by its digest alone has no hash beside it."""
    if certain + 1 == sequence:
        return "The link of event %d is broken" % sequence
    return "A link is broken among the events %d to %d; at event %d it shows" % (
        certain + 1,
        sequence,
        sequence,
    )


def check_head(state: Checked, head: object, certain: int) -> None:
    """Does the chain reach as far as its head says, and end with its hash?"""
    if not isinstance(head, dict):
        raise Unreadable("The last line names no head of a chain.")
    if head.get("sequence") != state.sequence:
        raise Broken(
            "The end is missing: the head is event %s, the log ends with event %d."
            % (head.get("sequence"), state.sequence)
        )
    if head.get("hash") != state.hash:
        raise Broken(
            "%s: the head’s hash should be %s and is %s."
            % (suspects(certain, state.sequence), state.hash, head.get("hash"))
        )


def opened(path: str) -> Iterable[str]:
    """The lines of a file, packed or not; "-" is standard input."""
    if path == "-":
        return (line.decode("utf-8") for line in sys.stdin.buffer)
    if path.endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8")
    return open(path, encoding="utf-8")


def say(text: str, to_errors: bool = False) -> None:
    """Print a line."""
    (sys.stderr if to_errors else sys.stdout).write(text + "\n")


def report(state: Checked, wanted: list[str]) -> int:
    """Say what was found; 1 when a hash that was asked for is not there."""
    say(
        "The chain holds: %d events, %d of them public, %d told by their digest alone."
        % (state.events, state.public, state.events - state.public)
    )
    if state.newest_at:
        say("The newest public event took effect at %s." % state.newest_at)
    say("Newest event: %d" % state.sequence)
    say("Newest hash:  %s" % state.hash)
    missing = [each for each in wanted if each not in state.found]
    for each in wanted:
        if each in state.found:
            say("The hash %s is that of event %d." % (each, state.found[each]))
    for each in missing:
        say(
            "No event has the hash %s. If it was noted from this portal, without a slip of the "
            "pen, the record was rewritten." % each,
            to_errors=True,
        )
    return 1 if missing else 0


def main(arguments: list[str] | None = None) -> int:
    """Check the file that is named; the exit status."""
    parser = argparse.ArgumentParser(description="Check a downloaded event log of the portal.")
    parser.add_argument("file", help='events.jsonl, events.jsonl.gz, or "-" for standard input')
    parser.add_argument(
        "--has",
        action="append",
        default=[],
        metavar="HASH",
        help="a hash noted earlier, or its first letters: eight or more",
    )
    asked = parser.parse_args(arguments)
    wanted = [each.strip().lower() for each in asked.has]
    for each in wanted:
        if not HASH.fullmatch(each):
            parser.error("%r is no hash: those are 8 to 64 of the letters 0-9 and a-f." % each)
    try:
        state = check(opened(asked.file), wanted)
    except Broken as broken:
        say("BROKEN. %s" % broken, to_errors=True)
        return 1
    except (OSError, EOFError, UnicodeDecodeError, Unreadable) as error:
        say("Cannot read the log. %s" % error, to_errors=True)
        return 2
    return report(state, wanted)


if __name__ == "__main__":
    sys.exit(main())
