"""``manage.py createsuperuser``: Django's own would make an account behind the record's back."""

from __future__ import annotations

import os
from collections.abc import Callable
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from priorities.actions.people import create_person
from priorities.actions.recording import Actor
from priorities.clock import now

DOOR = "createsuperuser"
PASSWORD = "DJANGO_SUPERUSER_PASSWORD"  # noqa: S105


def ask_password(person: User, tell: Callable[[str], object]) -> str:
    """A password typed twice and strong enough; asked for until it is."""
    while True:
        password = getpass(_("Password: "))
        if password != getpass(_("Password again: ")):
            tell(_("The two are not the same."))
            continue
        try:
            validate_password(password, person)
        except ValidationError as weak:
            tell("\n".join(weak.messages))
            continue
        return password


class Command(BaseCommand):
    """Makes a system administrator through the same action as every other account."""

    help = _("Make a system administrator, who may do everything in the admin.")

    def add_arguments(self, parser: CommandParser) -> None:
        """What is not given is asked for, unless ``--noinput`` forbids it."""
        parser.add_argument("--email", help=_("The address to sign in with."))
        parser.add_argument("--name", help=_("The name as colleagues know it."))
        parser.add_argument(
            "--noinput",
            "--no-input",
            action="store_false",
            dest="interactive",
            help=_("Ask nothing; the password is taken from %(variable)s, else there is none.")
            % {"variable": PASSWORD},
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, make, and say so."""
        asks = options["interactive"]
        email = options["email"] or self._asked(_("E-mail address: "), "--email", asks)
        name = options["name"] or self._asked(_("Name: "), "--name", asks)
        password = os.environ.get(PASSWORD) or (
            ask_password(User(email=email, name=name), self.stderr.write) if asks else None
        )
        try:
            create_person(
                email=email,
                name=name,
                password=password,
                is_staff=True,
                is_superuser=True,
                by=Actor(name=DOOR, door=DOOR),
                now=now(),
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        if options["verbosity"]:
            self.stdout.write(_("%(email)s may now sign in at /admin/.") % {"email": email})

    def _asked(self, question: str, option: str, asks: bool) -> str:
        """What the person types; an error naming the option where nobody may be asked."""
        answer = input(question).strip() if asks else ""
        if not answer:
            raise CommandError(_("%(option)s is needed.") % {"option": option})
        return answer
