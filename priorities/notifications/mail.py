"""Render a mail, claim its row, send it: what was claimed by somebody else is left alone.

Never called inside a transaction of a write: a mail cannot be rolled back. What the mail server
refuses stays with its message, free for the next run.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from priorities.actions.mailing import claim_reminder, mark_refused, mark_sent
from priorities.models import Mailing, Organization
from priorities.notifications import links
from priorities.notifications.digest import Digest
from priorities.notifications.letter import Letter, letter_of

#: What went wrong on the way: the network, the server, or an address that no mail can have.
FAILURES = (OSError, ValueError, MessageError)

State = Literal["sent", "refused", "taken"]


class Content(NamedTuple):
    """A mail as it is sent."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail."""

    name: str
    state: State
    error: str = ""


def has_mail_server() -> bool:
    """Is mail sent at all, or only written to the standard output?"""
    return "console" not in settings.EMAIL_BACKEND


def open_connection() -> Any:
    """A connection to the mail server for several mails. Errors: ``OSError`` when it is down."""
    connection = get_connection()
    connection.open()
    return connection


def send(message: EmailMessage, *, connection: Any = None) -> bool:
    """Send a mail over a connection that several share, or over its own; was it taken?

    After a failure the shared one is closed, and the next mail opens it anew: the mail server may
    have hung up, and the framework would go on with what is dead. Errors: ``FAILURES``.
    """
    message.connection = connection
    try:
        if connection is not None:
            connection.open()
        return bool(message.send())
    except FAILURES:
        if connection is not None:
            with suppress(*FAILURES):
                connection.close()
        raise


def send_digest(
    digest: Digest, *, now: dt.datetime, connection: Any = None, asked_by: str = ""
) -> Outcome:
    """Send one person their reminder of the day, once.

    It is written before it is claimed: what cannot be written holds no claim.
    """
    optional = links.unsubscribe_url(digest.person.pk) if digest.is_optional else ""
    content = rendered(
        letter_of(digest),
        open_url=links.opening_url(digest.person.pk),
        unsubscribe_url=optional,
    )
    one_click = {
        "List-Unsubscribe": f"<{optional}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    mailing = _claimed(digest, now, asked_by)
    if mailing is None:
        return Outcome(digest.person.name, "taken")
    return deliver(
        mailing,
        to=(digest.person.name, digest.person.email),
        content=content,
        headers=one_click if optional else {},
        now=now,
        connection=connection,
    )


def _claimed(digest: Digest, now: dt.datetime, asked_by: str = "") -> Mailing | None:
    return claim_reminder(
        person_pk=digest.person.pk,
        day=digest.day,
        round_end=digest.round_end,
        steps=digest.steps,
        asked_by=asked_by,
        now=now,
    )


def keep_for_later(digest: Digest, *, error: str, now: dt.datetime) -> None:
    """Keep a reminder that could not be tried, with the reason, for the next run."""
    if (mailing := _claimed(digest, now)) is not None:
        mark_refused(mailing=mailing, subject=letter_of(digest).subject, text="", error=error)


def deliver(
    mailing: Mailing,
    *,
    to: tuple[str, str],
    content: Content,
    headers: dict[str, str] | None = None,
    now: dt.datetime,
    connection: Any = None,
) -> Outcome:
    """Send what was claimed, and keep what became of it."""
    name, _address = to
    subject, text, html = content
    kept = links.without_tokens(text)
    try:
        message = _message(mailing, to, subject, text, headers or {})
        message.attach_alternative(html, "text/html")
        send(message, connection=connection)
    except FAILURES as error:
        said = f"{type(error).__name__}: {error}"
        mark_refused(mailing=mailing, subject=subject, text=kept, error=said)
        return Outcome(name, "refused", said)
    note = "" if has_mail_server() else _("Written to the console: no mail server is set.")
    mark_sent(mailing=mailing, subject=subject, text=kept, note=note, now=now)
    return Outcome(name, "sent")


def rendered(letter: Letter, *, open_url: str, unsubscribe_url: str = "") -> Content:
    """A mail from its words. Queries: one."""
    agency = Organization.objects.order_by("pk").first()
    context = {
        "letter": letter,
        "agency": agency.name if agency else "",
        "open_url": open_url,
        "preferences_url": links.preferences_url(),
        "unsubscribe_url": unsubscribe_url,
        "style": style(),
    }
    text = render_to_string("mail/letter.txt", context).strip() + "\n"
    return Content(letter.subject, text, render_to_string("mail/letter.html", context))


@cache
def style() -> SafeString:
    """The style sheet of mails, which must travel inside of them."""
    sheet = (Path(settings.BASE_DIR) / "templates" / "mail" / "letter.css").read_text()
    return mark_safe(f"<style>{sheet}</style>")  # noqa: S308 - a file of ours


def _message(
    mailing: Mailing,
    to: tuple[str, str],
    subject: str,
    text: str,
    headers: dict[str, str],
) -> EmailMultiAlternatives:
    """A mail that machines know as one of a machine; its id stays the same when it is retried."""
    name, address = to
    domain = settings.PORTAL_URL.split("://")[-1].split("/")[0].split(":")[0]
    receiver = Address(" ".join(name.split()), addr_spec=address)
    return EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[str(receiver)],
        headers={
            "Message-ID": f"<mail-{mailing.pk}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        }
        | headers,
    )
