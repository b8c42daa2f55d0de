"""Mail servers that do not work."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr
from typing import Any, ClassVar

from django.core.mail.backends import smtp
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


class Line:
    """A line to a mail server that hangs up in the middle of a mail to Hal."""

    #: To whom a mail was taken, one list for each line that was opened.
    taken: ClassVar[list[list[str]]] = []

    def __init__(self, *_where: Any, **_how: Any) -> None:
        self.is_dead = False
        self.taken.append([])

    def sendmail(self, _sender: str, receivers: list[str], _text: bytes) -> None:
        if self.is_dead:
            raise smtplib.SMTPServerDisconnected("please run connect() first")
        if "hal@" in receivers[0]:
            self.is_dead = True
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        self.taken[-1] += [parseaddr(receiver)[1] for receiver in receivers]

    def quit(self) -> None:
        if self.is_dead:
            raise smtplib.SMTPServerDisconnected("please run connect() first")

    def close(self) -> None:
        pass


class HangsUp(smtp.EmailBackend):
    """The framework's own way to a mail server, over such lines."""

    connection_class = Line
