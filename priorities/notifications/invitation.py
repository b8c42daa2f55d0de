"""The mail that invites a person: who invites, what to do, until when."""

from __future__ import annotations

import datetime as dt
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from priorities.notifications import links

log = logging.getLogger(__name__)


def send_invitation(*, person: User, token: str, inviter: str, ends_on: dt.date) -> bool:
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
        return bool(message.send())
    except (OSError, SMTPException, ValueError):
        log.exception("An invitation could not be sent")
        return False
