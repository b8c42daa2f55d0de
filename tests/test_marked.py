"""What is marked inside is nowhere outside: every public page and twin is read, now and as of then.

Names of staff, drafts, comments, what is internal: each holds the mark, written as the staff doors
write it. Then everything that a stranger can reach by links is fetched.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
from collections import deque
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.test import Client

from dashboards.pdf import paper
from priorities.actions.assignments import decline_assignment
from priorities.actions.drafts import keep_draft
from priorities.actions.following import confirm_following, follow
from priorities.actions.initiatives import revise_initiative
from priorities.actions.metrics import revise_metric
from priorities.actions.people import revise_person
from priorities.actions.plans import revise_plan
from priorities.actions.saved_views import save_view
from priorities.actions.updates import return_update, submit_update
from priorities.enums import Role, Visibility
from priorities.models import FrozenBrief
from tests import factories as make
from tests.dashboards.test_paper import needs_pdfinfo

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 9, 20)
MARK = "zebra"
LINK = re.compile(r"""(?:href|src|action)=["']([^"'#]+)|"(/[^"\s<>]*\.(?:json|csv|xml))\"""")
NOT_PUBLIC = ("/accounts/", "/admin/", "/static/", "/updates/", "/manage/", "/review/")
#: More addresses than this small plan has; whatever is left unread is an error.
MOST = 1500
#: Before anything was public, and when most of it stood.
SINCE = ("2022-01-01", "2022-01-31")
#: What the crawl must have come to, among all else.
REACHED = (
    "/plans/ita-2022-2023/brief.json",
    "/plans/ita-2022-2023/brief.pdf",
    "/plans/ita-2022-2023/briefs/",
    "/plans/ita-2022-2023/initiatives/cloud/compare/",
    "/plans/ita-2022-2023/feed.atom",
)


def frozen(said: str, **values: Any) -> FrozenBrief:
    """A brief as it was delivered, with a cover note."""
    written = {"number": 1, "said": said, "brief": make.BRIEF | {"note": [said]}}
    return make.frozen_brief(content=json.dumps(written), note=said, **values)


def marked() -> None:
    """A plan with all that is internal beside and within it."""
    boss = make.grant(Role.PLAN_ADMINISTRATOR, person=make.person(name="Zebra Boss")).person
    plan = make.plan(code="ita-2022-2023")
    top = make.priority(code="1", plan=plan)
    item = make.initiative(code="cloud", plan=plan, priority=top)
    metric = make.metric(code="calls")
    draft = make.plan(code="zebra-draft", title="Zebra draft", state="draft")
    draft_top = make.priority(code="zebra-top", name="Zebra top", plan=draft)
    make.initiative(code="zebra-later", name="Zebra later", plan=draft, priority=draft_top)
    hidden = make.initiative(
        code="zebra-hidden", name="Zebra hidden", plan=plan, priority=top, visibility="internal"
    )
    make.milestone(initiative=hidden, name="Zebra step")
    make.metric(code="zebra-metric", name="Zebra metric", visibility="internal", initiatives=[item])
    make.report(initiative=hidden, narrative="Zebra said inside.", by=boss)
    act = {"by": boss, "now": make.at(2022, 2, 1)}
    # What is public comes to hang on what is not.
    revise_metric(
        metric=metric, changes={"initiatives": [item, hidden], "priorities": [draft_top]}, **act
    )
    revise_plan(plan=plan, changes={"predecessor": draft}, **act)
    make.owner(item=item, person=make.person(name="Zebra Owner"), by=boss)
    no = make.offer(item=metric, person=make.person(name="Zebra Other"), by=boss)
    decline_assignment(
        assignment=no,
        reason="Zebra is on leave.",
        on=dt.date(2022, 2, 1),
        by=boss,
        now=make.moment(),
    )
    make.report(initiative=item, narrative="Said in public.", by=boss)
    make.observation(metric=metric, by=boss)
    make.target(metric=metric, by=boss)
    make.token(name="Zebra machine", metrics=[metric], by=boss)
    revise_person(
        person=make.person(name="Zebra Gone"),
        changes={"is_active": False},
        reason="Zebra left.",
        by=boss,
        now=make.moment(),
    )
    later = make.period(dt.date(2022, 6, 30), plan=plan)
    update = make.draft(initiative=item, period=later, narrative="Zebra is not sure.", by=boss)
    update = submit_update(update=update, by=boss, now=make.moment())
    return_update(update=update, comment="Zebra wants more.", by=boss, now=make.moment())
    keep_draft(person=boss, form="f", fields={"text": "Zebra typed."}, now=make.moment())
    # What reviewers say inside, and who they are whatever they say.
    asker = make.person(name="Zebra Reviewer")
    for about in (item, metric):
        inside_question = make.question(item=about, asker=asker, text="Zebra asks?", by=asker)
        make.answer(question=inside_question, author=boss, text="Zebra answers.", by=boss)
        make.rating(item=about, reviewer=asker, reason="Zebra doubts it.", by=asker)
        told = make.question(
            item=about, asker=asker, text="When?", visibility=Visibility.PUBLIC, by=asker
        )
        make.answer(question=told, author=boss, text="Soon.", by=boss)
    make.question(item=item, asker=asker, text="Zebra, and this?", status_update=update)
    make.rating(item=hidden, reviewer=asker, reason="Zebra doubts this too.", by=asker)
    make.question(item=hidden, asker=asker, text="Zebra, inside?", by=asker)
    frozen("Zebra, for reviewers.", pdf=b"%PDF- zebra", plan=plan, by=asker)
    frozen("For all.", plan=plan, visibility=Visibility.PUBLIC, by=asker)
    save_view(
        person=asker,
        name="Zebra view",
        page="table",
        query="q=zebra",
        shared=False,
        now=make.moment(),
    )
    follow(person=asker, item=item, now=make.moment())
    confirm_following(person=asker, told=0, on=dt.date(2022, 2, 2), now=make.moment())
    # It was public for a while, and what was changed while it was hidden stays hidden.
    shown = make.initiative(code="once", name="Once", plan=plan, priority=top)
    inside = {"by": boss, "now": make.at(2022, 5, 1)}
    revise_initiative(initiative=shown, changes={"visibility": "internal"}, **inside)
    revise_initiative(initiative=shown, changes={"summary": "Zebra meanwhile."}, **inside)


def words_of(paper: bytes) -> str:
    """What a PDF says; one of a few bytes, as factories make it, says those."""
    done = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=False)
    return f"{paper[:200]!r} {done.stdout.decode()}"


def crawled(client: Client, as_of: str = "") -> dict[str, str]:
    """Every public address within reach, and what it says; streamed answers too."""
    waiting, said = deque(["/", "/data/", "/metrics.json", "/plans.json", "/search/?q=zebra"]), {}
    while waiting:
        path = waiting.popleft()
        if path in said:
            continue
        assert len(said) < MOST, f"{len(waiting)} more wait to be read; raise MOST."
        query = (
            f"{'&' if '?' in path else '?'}as_of={as_of}" if as_of and "as_of=" not in path else ""
        )
        response = client.get(path + query)
        body = response.getvalue() if hasattr(response, "getvalue") else response.content
        text = words_of(body) if body.startswith(b"%PDF") else body.decode(errors="replace")
        said[path] = text + str(response.headers)
        for found in LINK.finditer(text):
            link = urlsplit(urljoin(path, (found[1] or found[2]).replace("&amp;", "&")))
            target = link.path + (f"?{link.query}" if link.query else "")
            ours = not link.netloc or link.netloc == "testserver"
            # Of another moment: the crawl of today comes to those.
            other = as_of and "as_of=" in link.query and f"as_of={as_of}" not in link.query
            if not ours or other or link.scheme not in ("", "http"):
                continue
            if not target.startswith(NOT_PUBLIC):
                waiting.append(target)
    return said


@pytest.mark.parametrize("as_of", ["", "2022-01-31", "2022-03-01", "2022-09-19"])
def test_what_is_marked_inside_is_nowhere_outside(
    as_of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of each paper all that it is set from is read; to set them all would take minutes.
    monkeypatch.setattr(
        paper, "set_document", lambda _template, document: json.dumps(document).encode()
    )
    with time_machine.travel(NOW, tick=False):
        marked()
        said = crawled(Client(), as_of)
    reached = {path.partition("?")[0] for path in said}
    assert [path for path in REACHED if path not in reached] == []
    asked = "/search/?q=zebra"
    telling = {
        path: text[max(0, at.start() - 80) : at.end() + 40]
        for path, text in said.items()
        if MARK not in path and (at := re.search(MARK, text.lower()))
    }
    assert telling == {}
    assert "No results" in said[asked] or "zebra-" not in said[asked]


@needs_pdfinfo
def test_the_paper_says_nothing_inside(client: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        marked()
        address = "/plans/ita-2022-2023/brief.pdf?to=2022-09-20&from="
        text = "".join(words_of(client.get(address + day).content) for day in SINCE)
    assert text.count("As known on 20 Sep 2022") >= len(SINCE)
    assert MARK not in text.lower()
