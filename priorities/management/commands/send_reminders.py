"""``manage.py send_reminders``: remind people of what is due, for cron or a systemd timer."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from priorities import clock
from priorities.assessment.periods import AsOf
from priorities.labels import label
from priorities.notifications.digest import Digest
from priorities.notifications.letter import subject_of
from priorities.notifications.mail import Outcome, has_mail_server
from priorities.notifications.run import Run, due_digests, send_all
from priorities.queries.head import head


class Command(BaseCommand):
    """Safe to run as often as one likes, and twice at once: nobody gets two mails of one day."""

    help = _("Send today's reminders: one mail a person, of what is theirs.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--dry-run`` only says who would get what."""
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Say who would be written to; send nothing.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say what was done; end with 1 if the next run has to do some of it again."""
        newest = head()
        now = clock.now(newest.at)
        as_of = AsOf.now(now, newest.zone)
        self.loud = options["verbosity"] > 0
        if options["dry_run"]:
            for digest in due_digests(as_of):
                self._say(digest)
            self.stdout.write(_("Nothing was sent: this was a dry run."))
            return
        if self.loud and not has_mail_server():
            words = _("No mail server is set (EMAIL_URL): mail is written here, nothing is sent.")
            self.stdout.write(words)
        self._report(send_all(as_of=as_of, now=now, tell=self._tell))

    def _say(self, digest: Digest) -> None:
        steps = ", ".join(label(step) for step in digest.steps)
        person = f"{digest.person.name} <{digest.person.email}>"
        self.stdout.write(f"{person}: {subject_of(digest)} ({steps})")

    def _tell(self, digest: Digest, outcome: Outcome) -> None:
        if self.loud and outcome.state == "sent":
            self._say(digest)

    def _report(self, run: Run) -> None:
        if run.down:
            raise CommandError(
                ngettext(
                    "The mail server cannot be reached (%(error)s): %(count)s mail waits for the "
                    "next run.",
                    "The mail server cannot be reached (%(error)s): %(count)s mails wait for the "
                    "next run.",
                    run.waiting,
                )
                % {"error": run.down, "count": run.waiting}
            )
        if self.loud:
            sent = run.counted("sent")
            words = ngettext("%(count)s mail was sent.", "%(count)s mails were sent.", sent)
            self.stdout.write(words % {"count": sent})
        if refused := [one for one in run.outcomes if one.state == "refused"]:
            lines = [f"{one.name}: {one.error}" for one in refused]
            words = ngettext(
                "%(count)s mail was refused and is tried again by the next run:",
                "%(count)s mails were refused and are tried again by the next run:",
                len(refused),
            ) % {"count": len(refused)}
            raise CommandError("\n".join([words, *lines]))
