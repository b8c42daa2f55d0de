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
from priorities.models import Observation, ReportingPeriod
from priorities.permissions import Permission
from priorities.queries.value_grid import fiscal_start
from priorities.spelling import period
from priorities.views.doors import Act, staff_page
from priorities.views.questions import public_url
from priorities.views.questions_ask import Item, metric_of
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
        return redirect("priorities:ask")

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
        return redirect("priorities:ask")

    return run(
        request,
        Steps(
            title=_("Rate it yourself"),
            about=item.name,
            about_url=public_url(item),
            leave_url=reverse("priorities:ask"),
            form=lambda data: RatingForm(
                data,
                initial={"period_end": periods[0][0]},
                periods=periods,
                public=item.is_public,
            ),
            readers=lambda form: readers(form.cleaned_data["visibility"]),
            look=lambda form: (
                Looked(_("Period"), words[form.cleaned_data["period_end"]]),
                Looked(_("Rating"), label(Health(form.cleaned_data["rating"]))),
                Looked(_("Why"), form.cleaned_data["reason"]),
            ),
            send=send,
            send_label=_("Save the rating"),
            intro=_(
                "Your rating stands beside what the owner says and what the numbers say. It "
                "changes neither."
            ),
        ),
    )
