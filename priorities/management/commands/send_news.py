"""``manage.py send_news``: tell people by mail what is new in what they follow, for cron."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from priorities import clock
from priorities.assessment.periods import AsOf
from priorities.notifications.following import (
    Bundle,
    bundles,
    news_letter,
    news_teller,
    send_all_news,
)
from priorities.notifications.mail import Outcome, has_mail_server
from priorities.notifications.run import Run
from priorities.queries.head import head


class Command(BaseCommand):
    """Safe to run as often as one likes, and twice at once: nobody gets two mails of one day."""

    help = _("Tell people what is new in what they follow: one mail a person, if anything is.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--dry-run`` only says who would be told."""
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Say who would be written to; send nothing.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say what was done; end with 1 if the next run has to do some of it again."""
        newest = head()
        now = clock.now(newest.at)
        as_of = AsOf.now(now, newest.zone)
        loud = options["verbosity"] > 0

        def say(bundle: Bundle) -> None:
            person = bundle.choice.person
            self.stdout.write(f"{person} <{person.email}>: {news_letter(bundle).subject}")

        def said(bundle: Bundle, outcome: Outcome) -> None:
            if loud and outcome.state == "sent":
                say(bundle)

        if options["dry_run"]:
            for bundle in bundles(as_of=as_of, tell=news_teller()):
                say(bundle)
            self.stdout.write(_("Nothing was sent: this was a dry run."))
            return
        if loud and not has_mail_server():
            words = _("No mail server is set (EMAIL_URL): mail is written here, nothing is sent.")
            self.stdout.write(words)
        self._report(send_all_news(as_of=as_of, now=now, said=said), loud)

    def _report(self, run: Run, loud: bool) -> None:
        if run.down:
            words = _("The mail server cannot be reached (%(error)s): the next run tries again.")
            raise CommandError(words % {"error": run.down})
        sent = run.counted("sent")
        if loud:
            words = ngettext("%(count)s mail was sent.", "%(count)s mails were sent.", sent)
            self.stdout.write(words % {"count": sent})
        if refused := [one for one in run.outcomes if one.state == "refused"]:
            lines = [f"{one.name}: {one.error}" for one in refused]
            words = _("The mail server refused these; the next run tries again:")
            raise CommandError("\n".join([words, *lines]))
