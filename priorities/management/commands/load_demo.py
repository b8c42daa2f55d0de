"""``manage.py load_demo``: build the demonstration plan."""

from __future__ import annotations

import argparse
import datetime as dt

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from priorities.demo.loader import PASSWORD, STANDS_AT, Loaded, NotEmpty, load
from priorities.enums import Role
from priorities.labels import label
from priorities.models import Plan


def day(text: str) -> dt.date:
    """A date as the command line gives it."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("%(text)s is not a date; write it as 2023-07-07.") % {"text": text}
        ) from None


class Command(BaseCommand):
    """Builds the demonstration through the same actions as every other write."""

    help = _("Build the demonstration plan in an empty database.")

    def add_arguments(self, parser: CommandParser) -> None:
        """How far to go, and what to do when there is something already."""
        parser.add_argument(
            "--until",
            type=day,
            default=STANDS_AT,
            metavar="DATE",
            help=_("Enter what was public by the end of this day (default: %(day)s).")
            % {"day": STANDS_AT.isoformat()},
        )
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help=_("Do nothing when there are plans already, instead of failing."),
        )

    def handle(self, *args: object, **options: object) -> None:
        """Load, and say what to sign in with."""
        until = options["until"]
        if options["if_empty"] and Plan.objects.exists():
            self.stdout.write(_("There are plans already; the demonstration is left as it is."))
            return
        try:
            loaded = load(until)  # type: ignore[arg-type]
        except NotEmpty:
            raise CommandError(
                _(
                    "This database has plans already, so the demonstration is not loaded. "
                    "Use an empty database, or --if-empty to leave it as it is."
                )
            ) from None
        if options["verbosity"]:
            self._report(loaded)

    def _report(self, loaded: Loaded) -> None:
        self.stdout.write(
            ngettext(
                "The demonstration as known on %(day)s: %(plans)d plan.",
                "The demonstration as known on %(day)s: %(plans)d plans.",
                loaded.plans,
            )
            % {"day": loaded.until, "plans": loaded.plans}
        )
        self.stdout.write(_("Demonstration accounts, all with the password %s:") % PASSWORD)
        for email, role in loaded.accounts:
            self.stdout.write(f"  {email:<28} {label(Role(role))}")
