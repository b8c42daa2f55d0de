"""`/review/briefs/<plan>/`: freeze a brief as it is delivered; those for reviewers alone."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboards.briefs import no_paper
from dashboards.pages.brief import chosen_sections, titles
from dashboards.pages.brief_parts import SECTIONS, Brief
from dashboards.pages.brief_review import build_review_json
from dashboards.pages.frozen import build_frozen_list, build_frozen_page, find_frozen
from dashboards.pages.portfolio_plan import build_nothing_page
from dashboards.pdf.setting import Busy, NotSet
from dashboards.visit import BadQuestion, PageNotFound, Visit
from itaportal.freezing import address_of, brief_for, freeze, set_now, written
from itaportal.review.brief_form import FreezeForm, field_of
from itaportal.review.doors import NOTHING, framed, visit_of
from priorities.enums import PlanState, Visibility
from priorities.models import FrozenBrief, Plan
from priorities.permissions import Permission
from priorities.queries.briefs import paper_of
from priorities.spelling import day, joined
from priorities.views.doors import Act, staff_page
from priorities.views.steps import Looked, Steps, readers, run

log = logging.getLogger(__name__)


def plan_of(plan: str) -> Plan:
    """The plan of an address; 404 for none, and for a draft."""
    row = Plan.objects.filter(code=plan).exclude(state=PlanState.DRAFT.value).first()
    if row is None:
        raise Http404(_("There is no such plan."))
    return row


def _brief(visit: Visit, plan: str, form: FreezeForm) -> Brief:
    """The brief that a form asks for.

    Errors: ``ValidationError`` for what has no answer.
    """
    cleaned = form.cleaned_data
    asked = QueryDict(mutable=True)
    asked["from"], asked["to"] = cleaned["since"].isoformat(), cleaned["until"].isoformat()
    try:
        return brief_for(
            replace(visit, query=asked),
            plan,
            sections=form.included,
            internal=cleaned["visibility"] == Visibility.INTERNAL,
        )
    except (BadQuestion, PageNotFound) as error:
        raise ValidationError(str(error)) from error


@staff_page(Permission.MAKE_BRIEF, item=plan_of)
def freeze_brief(request: HttpRequest, act: Act, plan: str) -> HttpResponseBase:
    """Freeze a brief in two steps: what is to stand in it, then who will read it."""
    row = plan_of(plan)
    visit = visit_of(request, act)
    chosen = chosen_sections(visit)

    def form(data: dict[str, str] | None) -> FreezeForm:
        initial = {
            "since": visit.query.get("from") or _last_meeting(row, act.today),
            "until": visit.query.get("to") or act.today,
        } | {field_of(code): code in chosen for code in SECTIONS}
        return FreezeForm(data, initial=initial, today=act.today)

    def send(form: forms.Form) -> HttpResponseBase:
        assert isinstance(form, FreezeForm)  # noqa: S101 - made above
        brief, note = _brief(visit, plan, form), form.cleaned_data["note"]
        kept = _kept(brief, row, note, act)
        messages.success(request, _("The brief is frozen. This is its permanent address."))
        return redirect(_address(kept))

    steps = Steps(
        title=_("Freeze a brief"),
        about=row.title,
        about_url=_brief_url(plan, visit),
        leave_url=reverse("review:frozen-briefs", kwargs={"plan": plan}),
        form=form,
        readers=lambda form: readers(form.cleaned_data["visibility"]),
        look=_look,
        send=send,
        send_label=_("Freeze the brief"),
        intro=_("It is kept as it is now, under a permanent address with its hash."),
        form_template="review/freeze_form.html",
    )
    return run(request, steps)


def _kept(brief: Brief, plan: Plan, note: str, act: Act) -> FrozenBrief:
    """The frozen brief. Errors: ``ValidationError`` when it cannot be set now, or at all."""
    try:
        return freeze(brief, plan=plan, note=note, today=act.today, **act.who)
    except Busy:
        raise ValidationError(
            _("Other briefs are being made just now. Send it again in half a minute.")
        ) from None
    except NotSet as error:
        log.error("A brief could not be set.", exc_info=error)
        raise ValidationError(
            _("The brief could not be set on paper, so nothing is kept. Leave out a section, "
              "or take dates that are closer together.")
        ) from None  # fmt: skip


def _last_meeting(plan: Plan, today: dt.date) -> dt.date | None:
    """The day since which one usually asks."""
    held = plan.meetings.filter(called_off=False, held_on__lt=today)
    return held.order_by("-held_on").values_list("held_on", flat=True).first()


def _brief_url(plan: str, visit: Visit) -> str:
    query = visit.query.urlencode()
    return reverse("dashboards:brief", kwargs={"plan": plan}) + (f"?{query}" if query else "")


def _look(form: forms.Form) -> tuple[Looked, ...]:
    """What will be kept, before it is."""
    assert isinstance(form, FreezeForm)  # noqa: S101 - made above
    cleaned = form.cleaned_data
    return (
        Looked(_("From the end of"), day(cleaned["since"])),
        Looked(_("To the end of"), day(cleaned["until"])),
        Looked(_("Sections"), joined([titles()[code] for code in form.included])),
        Looked(_("Cover note"), cleaned["note"] or _("None")),
    )


# ── Those that reviewers may read ────────────────────────────────────────────────────────────


@staff_page(Permission.READ_INTERNAL)
def newest_plan(request: HttpRequest, act: Act) -> HttpResponseBase:
    """The briefs of the plan in force, or of the newest; says so where there is none."""
    known = Plan.objects.exclude(state=PlanState.DRAFT.value)
    begun = known.filter(period_start__lte=act.today)
    row = begun.order_by("-period_start").first() or known.order_by("period_start").first()
    if row is None:
        why = _("No plan has been published yet.")
        return framed(request, NOTHING, build_nothing_page(visit=visit_of(request, act), why=why))
    return redirect("review:frozen-briefs", plan=row.code)


@staff_page(Permission.READ_INTERNAL, item=plan_of)
def frozen_briefs(request: HttpRequest, act: Act, plan: str) -> HttpResponseBase:
    """Every frozen brief of a plan, those for reviewers among them."""
    page = build_frozen_list(
        visit=visit_of(request, act), plan_code=plan, internal=True, address=_address
    )
    new = reverse("review:freeze-brief", kwargs={"plan": plan})
    return framed(request, "review/frozen_briefs.html", page, new=new)


def _address(row: FrozenBrief) -> str:
    internal = row.visibility == Visibility.INTERNAL
    return address_of(row.plan.code, row.code, internal=internal)


@staff_page(Permission.READ_INTERNAL, item=lambda plan, brief: plan_of(plan))
def frozen_brief(request: HttpRequest, act: Act, plan: str, brief: str) -> HttpResponseBase:
    """One of them."""
    others = reverse("review:frozen-briefs", kwargs={"plan": plan})
    page = build_frozen_page(
        visit=visit_of(request, act), plan_code=plan, code=brief, internal=True, others=others
    )
    return framed(request, "review/frozen_brief.html", page)


@staff_page(Permission.READ_INTERNAL, item=lambda plan, brief: plan_of(plan))
def frozen_content(request: HttpRequest, act: Act, plan: str, brief: str) -> HttpResponseBase:
    """Its content, to the byte."""
    row = find_frozen(visit_of(request, act), plan, brief, internal=True)
    return HttpResponse(row.content.encode(), content_type="application/json")


@staff_page(Permission.READ_INTERNAL, item=lambda plan, brief: plan_of(plan))
def frozen_paper(request: HttpRequest, act: Act, plan: str, brief: str) -> HttpResponseBase:
    """Its paper, as it was delivered."""
    row = find_frozen(visit_of(request, act), plan, brief, internal=True)
    return HttpResponse(paper_of(row), content_type="application/pdf")


@staff_page(Permission.READ_INTERNAL, item=plan_of)
def paper(request: HttpRequest, act: Act, plan: str) -> HttpResponseBase:
    """The brief of reviewers between two dates as PDF/UA."""
    visit = visit_of(request, act)
    brief = brief_for(visit, plan, sections=chosen_sections(visit), internal=True)
    try:
        return HttpResponse(set_now(brief), content_type="application/pdf")
    except (Busy, NotSet) as error:
        return no_paper(error)


@staff_page(Permission.READ_INTERNAL, item=plan_of)
def values(request: HttpRequest, act: Act, plan: str) -> HttpResponseBase:
    """The brief of reviewers between two dates in raw values."""
    found = build_review_json(visit=visit_of(request, act), plan_code=plan)
    return HttpResponse(written(found), content_type="application/json")
