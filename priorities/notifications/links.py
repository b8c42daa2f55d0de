"""Addresses in mails: signed, so that they say whom the mail was for; a sign-in is still needed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

from django.conf import settings
from django.core import signing
from django.urls import reverse

#: What each kind of link is signed for: one cannot stand in for the other.
OPENING, UNSUBSCRIBING = "priorities.mail.open", "priorities.mail.unsubscribe"
CONFIRMING, UNFOLLOWING = "priorities.mail.confirm", "priorities.mail.unfollow"
#: How long a link that confirms something works.
CONFIRM_WITHIN = dt.timedelta(days=7)

#: A link that carries a signature.
SIGNED = re.compile(r"(/mail/(?:open|unsubscribe|confirm|unfollow)/)[^/\s]+/")


def absolute(path: str) -> str:
    """A path as an address that works outside of the portal."""
    return f"{settings.PORTAL_URL}{path}"


def opening_url(person_pk: int) -> str:
    """The link that opens my updates."""
    token = signing.Signer(salt=OPENING).sign(str(person_pk))
    return absolute(reverse("priorities:mail-open", args=[token]))


def unsubscribe_url(person_pk: int) -> str:
    """The link that ends the optional mail of a person, for as long as the mail is kept."""
    token = signing.Signer(salt=UNSUBSCRIBING).sign(str(person_pk))
    return absolute(reverse("priorities:mail-unsubscribe", args=[token]))


def stamp_of(email: str, asked_at: dt.datetime) -> str:
    """What a link that confirms is bound to: an address, and the moment of asking it."""
    told = f"{email.lower()} {asked_at.astimezone(dt.UTC).isoformat()}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def confirming_url(person_pk: int, email: str, asked_at: dt.datetime) -> str:
    """The link that confirms that mail about what is followed is wanted, for a week."""
    bound = f"{person_pk}.{stamp_of(email, asked_at)}"
    token = signing.TimestampSigner(salt=CONFIRMING).sign(bound)
    return absolute(reverse("priorities:follow-confirm", args=[token]))


def unfollowing_url(person_pk: int) -> str:
    """The link that ends the mail about what is followed, for as long as the mail is kept."""
    token = signing.Signer(salt=UNFOLLOWING).sign(str(person_pk))
    return absolute(reverse("priorities:follow-stop", args=[token]))


def preferences_url() -> str:
    """Where a person says what they want."""
    return absolute(reverse("priorities:mail-preferences"))


def without_tokens(text: str) -> str:
    """A text of a mail as others may see it: its signed links lead nowhere.

    >>> without_tokens("Go to https://example.org/mail/open/7:abc/ now")
    'Go to https://example.org/mail/open/…/ now'
    """
    return SIGNED.sub(r"\1…/", text)


def read_confirming(token: str) -> tuple[int, str] | None:
    """Who confirms, and the stamp of the link; none if not signed by us, or too long ago."""
    try:
        signer = signing.TimestampSigner(salt=CONFIRMING)
        pk, _dot, stamp = signer.unsign(token, max_age=CONFIRM_WITHIN).partition(".")
        return int(pk), stamp
    except (signing.BadSignature, ValueError):
        return None


def read(token: str, salt: str) -> int | None:
    """Whom a link was for; none if it was not signed by us."""
    try:
        return int(signing.Signer(salt=salt).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
