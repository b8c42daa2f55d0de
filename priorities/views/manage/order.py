"""The desk on which rows are put in order: by numbers, by buttons, by dragging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from priorities.actions import ordering
from priorities.forms.manage.order import OrderForm
from priorities.queries.edits import Watch
from priorities.views.doors import Act
from priorities.views.manage.desk import Desk
from priorities.views.manage.elements import Link, Notice


def order_desk(
    act: Act, rows: Sequence[Any], title: str, watch: Watch, way: tuple[Link, ...]
) -> Desk:
    """Put rows in order; afterwards the person is back where they came from."""

    def ask(sent: QueryDict | None) -> OrderForm:
        return OrderForm(sent, rows=rows)

    def save(form: OrderForm) -> int:
        return ordering.reorder(rows=form.ordered(), reason=form.why, **act.who)

    return Desk(
        title=title,
        lead=_("Drag, use the buttons, or type numbers. Nothing is saved until you say so."),
        ask=ask,
        save=save,
        done=lambda _moved: way[-1].url,
        said=_("The order was saved."),
        crumbs=way,
        watch=watch,
        body="manage/parts/order.html",
        explain=lambda form: [str(one) for one in form.ordered()],
        notice=None if len(rows) > 1 else Notice(_("There is nothing to put in order yet.")),
    )
