"""`/review/plans/<plan>/briefs/`: freeze a brief as it is delivered, and read those for reviewers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboards.briefs import busy
from dashboards.pages.brief import build_brief_page
from dashboards.pages.brief_parts import Brief
from dashboards.pages.frozen import build_frozen_list, build_frozen_page, find_frozen
from dashboards.pdf.setting import Busy, NotSet
from dashboards.visit import Visit
from itaportal.freezing import address_of, freeze, set_now
from itaportal.review.brief_form import FreezeForm
from itaportal.review.doors import framed, visit_of
from priorities.enums import PlanState, Visibility
from priorities.models import FrozenBrief, Plan
from priorities.permissions import Permission
from priorities.queries.briefs import paper_of
from priorities.spelling import day
from priorities.views.doors import Act, staff_page
from priorities.views.steps import Looked, Steps, readers, run
