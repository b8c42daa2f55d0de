"""Keep what a person has typed, until it is handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from accounts.models import User
from priorities.actions.writing import keepable
from priorities.models import Draft

#: Longest text of one field that is kept: more than any field of ours takes.
LONGEST = 20_000
LONGEST_SEEN = 100


def keep_draft(
    *, person: User, form: str, fields: Mapping[str, str], seen: str = "", now: dt.datetime
) -> Draft:
    """Keep a form as it stands, in the place of what was kept of it before.

    A text beyond ``LONGEST`` characters is cut, and what no database keeps is left out; a draft
    is saved without anybody asking for it, so nothing in it is refused. Queries: two.
    """
    kept = {name: keepable(value)[:LONGEST] for name, value in fields.items()}
    seen = keepable(seen)[:LONGEST_SEEN]
    row, _created = Draft.objects.update_or_create(
        person=person, form=form, defaults={"fields": kept, "seen": seen, "saved_at": now}
    )
    return row


def drop_draft(*, person: User, form: str) -> None:
    """Forget a form: it was handed in, or its author threw it away."""
    Draft.objects.filter(person=person, form=form).delete()
