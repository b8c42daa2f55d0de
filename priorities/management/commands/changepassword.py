"""``manage.py changepassword``: Django's own would change it behind the record's back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from priorities.actions.people import set_password
from priorities.actions.recording import Actor
from priorities.clock import now
from priorities.management.commands.createsuperuser import ask_password

DOOR = "changepassword"


class Command(BaseCommand):
    """Sets a password through the same action as every page does."""

    help = _("Set the password of a person; all their sessions end.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose password."""
        parser.add_argument("email", help=_("The address that they sign in with."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask twice, set, and say so."""
        person = User.objects.filter(email__iexact=options["email"].strip()).first()
        if person is None:
            raise CommandError(_("Nobody has the address %(email)s.") % options)
        password = ask_password(person, self.stderr.write)
        set_password(person=person, password=password, by=Actor(name=DOOR, door=DOOR), now=now())
        if options["verbosity"]:
            self.stdout.write(_("The password of %(email)s is changed.") % {"email": person.email})
