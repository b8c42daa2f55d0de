"""The mail that invites a person: who invites, what to do, until when."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from priorities.notifications import links
from priorities.notifications.mail import FAILURES, send

log = logging.getLogger(__name__)


def send_invitation(
    *, person: User, token: str, inviter: str, ends_on: dt.date, connection: Any = None
) -> bool:
    """Send it; False if the mail server did not take it. Never inside a transaction."""
    context = {
        "person": person,
        "inviter": inviter,
        "ends_on": ends_on,
        "url": links.absolute(reverse("priorities:invitation", kwargs={"token": token})),
    }
    text = render_to_string("people/mail/invitation.txt", context)
    subject = _("Your account for the strategic plan portal")
    message = EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [person.email])
    try:
        return send(message, connection=connection)
    except FAILURES:
        log.exception("An invitation could not be sent")
        return False
