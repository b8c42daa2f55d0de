"""Mail servers that do not work."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends.locmem import EmailBackend


class Down(EmailBackend):
    """A mail server that cannot be reached."""

    def open(self) -> bool:
        raise ConnectionRefusedError(111, "Connection refused")

    def send_messages(self, messages: Any) -> int:
        return self.open()


class Choosy(EmailBackend):
    """A mail server that knows nobody called Hal."""

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            if "hal@" in message.to[0]:
                raise smtplib.SMTPRecipientsRefused({"hal@example.org": (550, b"unknown")})
        return super().send_messages(messages)
