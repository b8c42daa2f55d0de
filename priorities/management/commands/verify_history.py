"""Is the record whole? Recompute the chain, fold the log, compare it with the tables."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from priorities.models import RECORDED
from priorities.queries.history import Break, BreakCode, verify

#: How each break is said.
SENTENCES = {
    BreakCode.NUMBER_MISSING: gettext_lazy(
        "Event %(sequence)s is missing: after event %(before)s comes event %(found)s."
    ),
    BreakCode.LINK_BROKEN: gettext_lazy(
        "Event %(sequence)s (of the %(type)s %(item)s) was altered, or does not follow the one "
        "before it: its hash should be %(told)s and is %(found)s."
    ),
    BreakCode.HEAD_MOVED: gettext_lazy(
        "The head of the event log was moved: its %(name)s should be %(told)s and is %(found)s."
    ),
    BreakCode.TYPE_UNKNOWN: gettext_lazy(
        "Event %(sequence)s tells of a kind of item that there is not: %(type)s %(item)s."
    ),
    BreakCode.ROW_UNTOLD: gettext_lazy(
        "The %(type)s %(item)s (row %(id)s) stands in its table, but no event tells of it."
    ),
    BreakCode.ROW_GONE: gettext_lazy(
        "The %(type)s %(item)s (row %(id)s) is gone from its table; event %(sequence)s made it."
    ),
    BreakCode.FIELD_ALTERED: gettext_lazy(
        "The %(type)s %(item)s (row %(id)s) was altered: its %(name)s is %(found)s in the table, "
        "and %(told)s by event %(sequence)s."
    ),
}


def sentence(found: Break) -> str:
    """A break in plain words."""
    kinds = {model.ITEM_TYPE: model._meta.verbose_name for model in RECORDED}
    return str(SENTENCES[found.code]) % {
        "sequence": found.sequence,
        "before": (found.sequence or 1) - 1,
        "type": kinds.get(found.item_type, found.item_type),
        "item": found.item_code,
        "id": found.item_id,
        "name": found.name,
        "told": shown(found.told),
        "found": shown(found.found),
    }


def shown(value: object) -> str:
    """A value as it stands in the record; a text in quotation marks, long ones cut."""
    if value is None:
        return _("nothing")
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 120 else text[:119] + "…"


class Command(BaseCommand):
    """Exit 0 when the record is whole, 1 when not."""

    help = (
        "Recompute the chain of the event log, compare the log with the tables, and name the "
        "first link or row that was altered behind its back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--quiet`` says nothing when all is well, for a timer."""
        parser.add_argument("--quiet", action="store_true", help=_("Say nothing if all is well."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and say what was found."""
        result = verify()
        if not result.count:
            if not options["quiet"]:
                self.stdout.write(
                    _("The record is whole: %(events)s events and %(rows)s rows were checked.")
                    % {"events": f"{result.events:,}", "rows": f"{result.rows:,}"}
                )
            return
        first, more = sentence(result.breaks[0]), result.count - 1
        if more:
            first += " " + ngettext(
                "%(more)s more place does not hold.", "%(more)s more places do not hold.", more
            ) % {"more": f"{more:,}"}
        raise CommandError(first)
