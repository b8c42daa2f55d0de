"""A reviewer's own rating of an initiative or a metric, beside the owner's and the numbers'."""

from __future__ import annotations

import datetime as dt
from itertools import islice

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from priorities.actions import reviews
from priorities.enums import Health, Visibility
from priorities.forms.questions import Choices, RatingForm
from priorities.labels import label
from priorities.models import Observation, ReportingPeriod, ReviewRating
from priorities.permissions import Permission
from priorities.queries.value_grid import fiscal_start
from priorities.spelling import period
from priorities.views.doors import Act, staff_page
from priorities.views.handshake import came_from
from priorities.views.questions import public_url
from priorities.views.questions_ask import Item, about, metric_of
from priorities.views.ratings_beside import beside
from priorities.views.steps import Looked, Steps, readers, run
from priorities.views.updates import initiative_of

#: How many of the newest periods may be rated.
MOST_PERIODS = 8


@staff_page(Permission.RATE, item=initiative_of)
def rate_initiative(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponseBase:
    """Rate an initiative for one of its reporting periods."""
    row = initiative_of(plan, initiative)
    ended = ReportingPeriod.objects.filter(
        plan=row.plan, calendar=row.cadence, end__lt=act.today
    ).order_by("-end")
    return _rate(
        request, act, row, _periods(list(ended.values_list("start", "end")[:MOST_PERIODS]))
    )


@staff_page(Permission.RATE, item=metric_of)
def rate_metric(request: HttpRequest, act: Act, metric: str) -> HttpResponseBase:
    """Rate a metric for a period that it has a value of."""
    row = metric_of(metric)
    known = Observation.objects.filter(metric=row, categories="", published_at__isnull=False)
    pairs = known.order_by("-period_end").values_list("period_start", "period_end").distinct()
    return _rate(request, act, row, _periods(list(islice(pairs, MOST_PERIODS))))


def _periods(pairs: list[tuple[dt.date, dt.date]]) -> Choices:
    """Periods by their last day, the newest first."""
    fiscal = fiscal_start()
    return [
        (end.isoformat(), period(start, end, fiscal_start_month=fiscal)) for start, end in pairs
    ]


def _rate(request: HttpRequest, act: Act, item: Item, periods: Choices) -> HttpResponseBase:
    """The rating in two steps; an earlier one of the same period is superseded, and stays."""
    words = dict(periods)
    if not periods:
        messages.info(request, _("There is no period to rate yet: none has ended, or has a value."))
        return redirect(came_from(request, reverse("priorities:ask")))
    leave = came_from(request, public_url(item) or reverse("priorities:ask"))

    def send(form: forms.Form) -> HttpResponseBase:
        cleaned = form.cleaned_data
        reviews.rate(
            item=item,
            reviewer=act.person,
            rating=Health(cleaned["rating"]),
            reason=cleaned["reason"],
            period_end=dt.date.fromisoformat(cleaned["period_end"]),
            visibility=Visibility(cleaned["visibility"]),
            **act.who,
        )
        rated = {"item": item.name, "rating": label(Health(cleaned["rating"]))}
        messages.success(request, _("You rated %(item)s: %(rating)s.") % rated)
        return redirect(leave)

    def look(form: forms.Form) -> tuple[Looked, ...]:
        cleaned = form.cleaned_data
        lines = (
            Looked(_("Period"), words[cleaned["period_end"]]),
            Looked(_("Rating"), label(Health(cleaned["rating"]))),
            Looked(_("Why"), cleaned["reason"]),
        )
        if cleaned["visibility"] == Visibility.PUBLIC or not _is_public_already(item, form, act):
            return lines
        stays = _("Your public rating of this period stays public.")
        return (*lines, Looked(_("Beside it"), stays))

    return run(
        request,
        Steps(
            title=_("Rate it yourself"),
            about=item.name,
            about_url=public_url(item),
            leave_url=leave,
            form=lambda data: RatingForm(
                data,
                initial={"period_end": periods[0][0]},
                periods=periods,
                public=item.is_public,
            ),
            readers=lambda form: readers(form.cleaned_data["visibility"]),
            look=look,
            send=send,
            send_label=_("Save the rating"),
            beside=lambda: beside(item, act),
            intro=_(
                "Your rating stands beside what the owner says and what the numbers say. It "
                "changes neither."
            ),
        ),
    )


def _is_public_already(item: Item, form: forms.Form, act: Act) -> bool:
    """Has the person rated the period for everyone? Queries: one."""
    given = ReviewRating.objects.filter(
        reviewer=act.person,
        period_end=dt.date.fromisoformat(form.cleaned_data["period_end"]),
        visibility=Visibility.PUBLIC.value,
    )
    return given.filter(**about(item)).exists()
