"""Two windows on one row of the admin: who saves over what was saved meanwhile is refused.

A page sends all its fields, so one that was opened earlier would put the old values back. Each
names the newest event of what it edits, as the forms of plan work do, and is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from priorities import spelling
from priorities.models import ChangeEvent
from priorities.queries.edits import Watch, sequence_of, wrote_alone

#: The hidden field that names the newest event which the page was made from.
SEEN = "seen"

Kind = type[Model]


def item_type_of(model: Kind) -> str:
    """What the event log calls the rows of a model; people are no items of the domain."""
    return str(getattr(model, "ITEM_TYPE", "person"))


def watch_of(model: Kind, pk: int, below: Iterable[Any]) -> Watch:
    """The events of a row and of the rows below it: ``below`` are the inlines that edit those."""
    condition = Q(item_type=item_type_of(model), item_id=pk)
    for inline in below:
        owner = inline.fk_name or next(
            field.name for field in inline.model._meta.fields if field.related_model is model
        )
        rows = inline.model._default_manager.filter(**{owner: pk}).values("pk")
        condition |= Q(item_type=item_type_of(inline.model), item_id__in=rows)
    return Watch(condition)


def overtaken(model: Kind, watch: Watch, seen: str, person: User) -> ValidationError:
    """What to tell the one who came second: who wrote meanwhile, and what. Queries: two."""
    since = ChangeEvent.objects.filter(watch.condition, sequence__gt=sequence_of(seen))
    events = list(since.order_by("sequence"))
    names = list(dict.fromkeys(event.actor for event in events))
    fields = list(dict.fromkeys(each for event in events for each in _changed(model, event)))
    if wrote_alone(person, names):
        said = _("You saved this in another window: %(fields)s.")
    else:
        said = _("%(names)s saved this meanwhile: %(fields)s.")
    rest = _(
        "Nothing was saved now; what you typed is still here. Open this page once more in a new "
        "window, and enter it there."
    )
    told = said % {"names": spelling.joined(names), "fields": spelling.joined(fields)}
    return ValidationError(f"{told} {rest}")


def _changed(model: Kind, event: ChangeEvent) -> list[str]:
    """The fields of the row that an event changed; of a row below, its code."""
    if event.item_type != item_type_of(model):
        return [event.item_code]
    names = [str(model._meta.get_field(name).verbose_name) for name in event.fields]  # type: ignore[union-attr]
    return [capfirst(name) for name in names]
