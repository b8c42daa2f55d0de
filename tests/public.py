"""Every public page of the demonstration, in each of its states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PLAN = "/plans/ita-2022-2023/"
PAST = "2022-06-30"


@dataclass(frozen=True)
class State:
    """One address: the name of its URL, what is special about it, the status it answers."""

    name: str
    path: str
    what: str = ""
    status: int = 200

    def __str__(self) -> str:
        return f"{self.name} {self.what}".strip().replace(" ", "-")


STATES = (
    State("home", "/"),
    State("home", f"/?as_of={PAST}", "past"),
    State("plans", "/plans/"),
    State("plan", PLAN),
    State("plan", f"{PLAN}?as_of={PAST}", "past"),
    State("plan", f"{PLAN}?as_of={PAST}T12:00:00-07:00", "at a moment"),
    State("plan", "/plans/no-such-plan/", "unknown", 404),
    State("plan", f"{PLAN}?as_of=yesterday", "at no date", 400),
    State("plan", f"{PLAN}?as_of=2099-01-01", "in the future", 400),
    State("plan", f"{PLAN}?as_of=1999-01-01", "before it began", 404),
    State("plan", f"{PLAN}?as_of=%00", "at a character that is none", 400),
    State("priority", f"{PLAN}priorities/1/"),
    State("priority", f"{PLAN}priorities/3/?as_of={PAST}", "past"),
    State("priority", f"{PLAN}priorities/99/", "unknown", 404),
    State("initiatives", f"{PLAN}initiatives/"),
    State("initiatives", f"{PLAN}initiatives/?status=at_risk&priority=3", "filtered"),
    State("initiatives", f"{PLAN}initiatives/?q=zzzz", "none found"),
    State("initiatives", f"{PLAN}initiatives/?status=splendid", "by no status", 400),
    State("initiatives", f"{PLAN}initiatives/?late=1", "by no filter", 400),
    State("initiatives", f"{PLAN}initiatives/?q=%00%1B", "for characters that are none", 400),
    State("initiatives", f"{PLAN}initiatives/?sort=status&as_of={PAST}", "past"),
    State("initiative", f"{PLAN}initiatives/myla311-replacement/"),
    State("initiative", f"{PLAN}initiatives/fiber-network-replacement/", "off track"),
    State("initiative", f"{PLAN}initiatives/obsolete-equipment-replacement/", "never reported"),
    State("initiative", f"{PLAN}initiatives/remote-virtual-meeting-licenses/", "merged"),
    State("initiative", f"{PLAN}initiatives/permanent-wifi-hotspots/", "cancelled"),
    State("initiative", f"{PLAN}initiatives/endpoint-protection/", "completed"),
    State("initiative", f"{PLAN}initiatives/regional-procurement-portal/", "overdue"),
    State("initiative", f"{PLAN}initiatives/cyberlabla/", "paused"),
    State("initiative", f"{PLAN}initiatives/myla311-replacement/?as_of={PAST}", "past"),
    State("initiative", f"{PLAN}initiatives/no-such-one/", "unknown", 404),
    State("metrics", "/metrics/"),
    State("metrics", "/metrics/?view=table", "as a table"),
    State("metrics", "/metrics/?status=overdue", "filtered"),
    State("metrics", "/metrics/?q=zzzz", "none found"),
    State("metrics", f"/metrics/?as_of={PAST}", "past"),
    State("metrics", "/metrics/?stage=zz", "by no filter", 400),
    State("metric", "/metrics/311-calls-answered/"),
    State("metric", "/metrics/311-wait-by-quarter/", "by quarter"),
    State("metric", "/metrics/virtual-capacity-used/", "in a range"),
    State("metric", "/metrics/digital-services-nps/", "an index"),
    State("metric", "/metrics/ita-budget/", "a currency"),
    State("metric", "/metrics/payroll-accuracy/", "without values"),
    State("metric", f"/metrics/311-calls-answered/?as_of={PAST}", "past"),
    State("metric", "/metrics/no-such-metric/", "unknown", 404),
    State("changes", f"{PLAN}changes/"),
    State("changes", f"{PLAN}changes/?from=2022-06-30&to=2023-03-31", "between two dates"),
    State("changes", f"{PLAN}changes/?from=2023-07-01&to=2023-06-01", "backwards", 400),
    State("changes", f"{PLAN}changes/?as_of={PAST}", "past"),
    State("brief", f"{PLAN}brief/"),
    State("brief", f"{PLAN}brief/?from=2022-06-30&to=2023-03-31", "between two dates"),
    State("brief", f"{PLAN}brief/?from=2022-06-30&to=2022-06-30", "of one day"),
    State("brief", f"{PLAN}brief/?from=2022-01-31&sections=dates", "one section"),
    State("brief", f"{PLAN}brief/?as_of={PAST}", "past"),
    State("brief", f"{PLAN}brief/?from=2023-07-01&to=2023-06-01", "backwards", 400),
    State("brief", f"{PLAN}brief/?sections=gossip", "of no section", 400),
    State("brief", f"{PLAN}brief/?sections=dates&page=9", "beyond its end", 404),
    State("frozen-briefs", f"{PLAN}briefs/"),
    State("frozen-briefs", f"{PLAN}briefs/?as_of={PAST}", "past"),
    State("frozen-brief", f"{PLAN}briefs/0123456789ab/", "unknown", 404),
    State("plan-history", f"{PLAN}history/"),
    State("priority-history", f"{PLAN}priorities/3/history/"),
    State("initiative-history", f"{PLAN}initiatives/myla311-replacement/history/"),
    State(
        "initiative-history", f"{PLAN}initiatives/myla311-replacement/history/?as_of={PAST}", "past"
    ),
    State("initiative-history", f"{PLAN}initiatives/no-such-one/history/", "unknown", 404),
    State("metric-history", "/metrics/311-calls-answered/history/"),
    State("metric-history", "/metrics/311-calls-answered/history/?page=9", "beyond its end", 404),
    State("plan-compare", f"{PLAN}compare/"),
    State("plan-compare", f"{PLAN}compare/?from=2022-06-30&to=2023-03-31", "between two dates"),
    State("priority-compare", f"{PLAN}priorities/3/compare/?from=2022-06-30", "since a date"),
    State("priority-compare", f"{PLAN}priorities/3/compare/"),
    State("initiative-compare", f"{PLAN}initiatives/myla311-replacement/compare/"),
    State(
        "initiative-compare",
        f"{PLAN}initiatives/myla311-replacement/compare/?from=2021-06-30",
        "before it was public",
    ),
    State(
        "initiative-compare",
        f"{PLAN}initiatives/myla311-replacement/compare/?from=2023-07-01&to=2023-06-01",
        "backwards",
        400,
    ),
    State("metric-compare", "/metrics/311-wait-by-quarter/compare/"),
    State("metric-compare", "/metrics/311-wait-by-quarter/compare/?from=2022-06-30", "since"),
    State("division", "/divisions/customer-engagement/"),
    State("division", f"/divisions/customer-engagement/?as_of={PAST}", "past"),
    State("division", "/divisions/no-such-division/", "unknown", 404),
    State("search", "/search/"),
    State("search", "/search/?q=fiber", "with results"),
    State("search", "/search/?q=zzzz", "none found"),
    State("search", f"/search/?q=311&as_of={PAST}", "past"),
    State("follow", "/follow/"),
    State("follow", "/follow/?of=initiative:ita-2022-2023/myla311-replacement", "an initiative"),
    State("follow", "/follow/?of=metric:no-such-metric", "nothing", 400),
    State("method", "/method/"),
    State("method", f"/method/?as_of={PAST}", "past"),
    State("data", "/data/"),
    State("accessibility", "/accessibility/"),
    State("not found", "/no/such/page/", "", 404),
)

#: One state of each page, as a first visit finds it.
FIRST_STATES = tuple(state for state in STATES if not state.what and state.status == 200)


def answering(status: int = 200) -> Iterator[State]:
    """The states that answer with a status."""
    return (state for state in STATES if state.status == status)
