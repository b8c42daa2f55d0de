"""The doors of `priorities/urls/coverage.py`: each name, what its address needs, who gets what."""

from __future__ import annotations

from typing import Any

from django.core import signing

from priorities.models import Assignment
from priorities.notifications import links
from tests import factories as make
from tests.doors.table import ROLES, Row, Statuses, everyone, those_from


def nobody() -> Statuses:
    """What only one person is asked: a stranger signs in first, everybody else is refused."""
    return dict.fromkeys(ROLES, 403) | {"anonymous": 302}


def elsewhere() -> Assignment:
    """An assignment in a division of its own, of a person of its own."""
    division = make.division(code="coverage-elsewhere")
    return make.owner(item=make.initiative(code="coverage-foreign", lead_division=division))


def rows(world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix, by the address's name without its namespace."""
    offer, foreign = world["assignment"], elsewhere()
    one, other = {"pk": offer.pk}, {"pk": foreign.pk}
    item, metric = {"plan": "ita-2022-2023", "initiative": "cloud"}, {"metric": "calls"}
    other_item = {"plan": "ita-2022-2023", "initiative": "coverage-foreign"}
    other_metric = make.metric(
        code="coverage-foreign", lead_division=foreign.initiative.lead_division
    )
    accepted = make.owner(item=world["metric"])
    letters = {
        salt: signing.Signer(salt=salt).sign(str(world["user"].pk))
        for salt in (links.OPENING, links.UNSUBSCRIBING)
    }
    # Who offered it may hand it over or end it; who was asked may answer, and nobody else.
    return {
        "offers": Row(those_from("manager")),
        "offer-accept": Row(nobody(), one, method="post", foreign=other),
        "offer-decline": Row(nobody(), one, foreign=other),
        "updates-not-mine": Row(nobody(), {"pk": accepted.pk}, foreign=other),
        "updates-hand-over": Row(those_from("division editor"), {"pk": accepted.pk}, foreign=other),
        "manage-owners": Row(those_from("division editor")),
        "manage-owners-initiative": Row(those_from("division editor"), item, foreign=other_item),
        "manage-owners-metric": Row(
            those_from("division editor"), metric, foreign={"metric": other_metric.code}
        ),
        "assignment-end": Row(those_from("division editor"), one, foreign=other),
        "manage-coverage": Row(those_from("division editor")),
        "manage-remind": Row(those_from("division editor", 302), method="post"),
        "manage-mail": Row(those_from("plan administrator")),
        "mail-preferences": Row(those_from("reviewer")),
        # What stands in a mail is signed; it leads to the sign-in, or ends mail and nothing else.
        "mail-open": Row(everyone(302), {"token": letters[links.OPENING]}),
        "mail-unsubscribe": Row(everyone(200), {"token": letters[links.UNSUBSCRIBING]}),
    }
