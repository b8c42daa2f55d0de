"""``manage.py make_brief``: the brief of a plan into a file, or frozen, for cron or a timer."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboards.pages.brief import build_brief_page, chosen_sections
from dashboards.pages.brief_parts import SECTIONS
from dashboards.pages.brief_review import build_review_json
from dashboards.pages.brief_span import quarter_end_before, year_end_before
from dashboards.pages.frozen import paragraphs
from dashboards.pdf.setting import Busy, NotSet
from dashboards.visit import BadQuestion, PageNotFound, Visit
from itaportal.freezing import address_of, brief_for, freeze, set_now, written
from priorities import clock
from priorities.actions.recording import Actor
from priorities.assessment.periods import AsOf
from priorities.models import Plan
from priorities.queries.head import head

#: The stretches that have a name; without one it is since the last meeting.
STRETCHES = ("meeting", "quarter", "year", "adoption")
ENDINGS = (".pdf", ".json")


class Command(BaseCommand):
    """Writes a file, or freezes; the same brief as the page of the same dates."""

    help = _("Make the brief of a plan between two dates: as a PDF or JSON file, or frozen.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which plan, which dates, what of it, and where to."""
        parser.add_argument("plan", metavar="PLAN", help=_("the plan's code"))
        parser.add_argument("--from", dest="since", type=_date, help=_("from the end of this day"))
        parser.add_argument("--to", dest="until", type=_date, help=_("to the end of this day"))
        parser.add_argument(
            "--since",
            dest="stretch",
            choices=STRETCHES,
            help=_("instead of dates: since the last meeting, the last quarter, the last fiscal "
                   "year, or since adoption"),
        )  # fmt: skip
        parser.add_argument(
            "--leave-out", default="", help=_("sections to leave out, between commas")
        )
        parser.add_argument("--output", type=Path, help=_("a file that ends in .pdf or .json"))
        parser.add_argument("--freeze", action="store_true", help=_("keep it for good"))
        parser.add_argument(
            "--reviewers", action="store_true", help=_("for reviewers, with what is internal")
        )
        parser.add_argument(
            "--note", default="", help=_("the cover note: of a frozen brief, or of a PDF")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; end with 1 and a sentence when it cannot be made."""
        output: Path | None = options["output"]
        if (output is None) == (not options["freeze"]):
            raise CommandError(_("Say where to: --output FILE, or --freeze."))
        if output is not None and output.suffix not in ENDINGS:
            raise CommandError(_("The file must end in .pdf or .json."))
        if output is not None and output.suffix == ".json" and options["note"]:
            raise CommandError(_("JSON has no cover note: leave out --note, or write a .pdf."))
        try:
            visit = self._visit(options)
            if options["freeze"]:
                self._freeze(visit, options)
            elif output is not None:
                output.write_bytes(self._file(visit, options, output.suffix))
                self.stdout.write(str(output))
        except (BadQuestion, PageNotFound, NotSet) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Busy:
            raise CommandError(_("Other briefs are being made just now.")) from None
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written: %(why)s.") % {"path": output, "why": error.strerror}
            ) from error

    def _visit(self, options: dict[str, Any]) -> Visit:
        """The question of the page with the same dates."""
        newest = head()
        present = AsOf.now(clock.now(newest.at), newest.zone)
        since, until = _dates(options, present.day)
        left_out = {code.strip() for code in options["leave_out"].split(",") if code.strip()}
        if unknown := left_out.difference(SECTIONS):
            message = _("There is no section %(name)s. The sections: %(all)s.")
            raise CommandError(
                message % {"name": ", ".join(sorted(unknown)), "all": ", ".join(SECTIONS)}
            )
        asked = QueryDict(mutable=True)
        asked["to"] = until.isoformat()
        if since is not None:
            asked["from"] = since.isoformat()
        asked["sections"] = ",".join(code for code in SECTIONS if code not in left_out)
        path = reverse("dashboards:brief", kwargs={"plan": options["plan"]})
        return Visit(path, asked, present, present.day, newest.zone, revision=newest.revision)

    def _file(self, visit: Visit, options: dict[str, Any], ending: str) -> bytes:
        """What the page's twin of that kind says, a PDF with the cover note."""
        plan, internal = options["plan"], options["reviewers"]
        if ending == ".json" and internal:
            return written(build_review_json(visit=visit, plan_code=plan))
        if ending == ".json":
            return written(build_brief_page(visit=visit, plan_code=plan).public_json())
        brief = brief_for(visit, plan, sections=chosen_sections(visit), internal=internal)
        return set_now(replace(brief, note=paragraphs(options["note"])))

    def _freeze(self, visit: Visit, options: dict[str, Any]) -> None:
        """Keep it, and say its permanent address."""
        brief = brief_for(
            visit,
            options["plan"],
            sections=chosen_sections(visit),
            internal=options["reviewers"],
        )
        kept = freeze(
            brief,
            plan=Plan.objects.get(code=options["plan"]),
            note=options["note"],
            by=Actor(name="manage.py make_brief", door="command"),
            now=visit.as_of.moment,
            today=visit.today,
        )
        path = address_of(brief.plan_code, kept.code, internal=brief.internal)
        self.stdout.write(f"{settings.PORTAL_URL}{path}")


def _date(text: str) -> dt.date:
    """A day as it is written in addresses."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        message = _("%(text)s is not a day. Write it as year-month-day: 2022-06-30.")
        raise ArgumentTypeError(message % {"text": text}) from None


def _dates(options: dict[str, Any], today: dt.date) -> tuple[dt.date | None, dt.date]:
    """The first day and the last; None where the brief itself looks for the last meeting."""
    since, until, stretch = options["since"], options["until"] or today, options["stretch"]
    if since is not None and stretch is not None:
        raise CommandError(_("Say --from or --since, not both."))
    if since is not None or stretch in (None, "meeting"):
        return since, until
    plan = Plan.objects.select_related("organization").filter(code=options["plan"]).first()
    if plan is None:
        raise CommandError(_("There is no plan %(code)s.") % {"code": options["plan"]})
    month = plan.organization.fiscal_year_start_month
    if stretch == "adoption":
        if plan.adopted_on is None:
            raise CommandError(_("The plan does not say when it was adopted."))
        return plan.adopted_on, until
    before = quarter_end_before if stretch == "quarter" else year_end_before
    last = before(until, month)
    return before(last, month), last
