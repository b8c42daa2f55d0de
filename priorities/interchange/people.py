"""People and what they are to answer for. An import offers; accepting is for the person alone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from priorities.actions.assignments import end_assignment, offer_assignment
from priorities.actions.people import create_person, revise_person
from priorities.enums import AssignmentRole, AssignmentState, RowOutcome
from priorities.interchange.columns import EMPTY, PEOPLE, Cell, show, unknown_code
from priorities.interchange.items import by_code
from priorities.interchange.rows import Importer, Judged, Record, Results, Told, Trouble, messages
from priorities.models import Assignment, Initiative, Metric

OPEN = (AssignmentState.OFFERED.value, AssignmentState.ACCEPTED.value)


class People(Importer):
    """People with assignments, a row for each of both."""

    columns = PEOPLE

    def load(self, records: list[Record]) -> None:
        """People by address, items by code, and what is offered or accepted. Queries: four."""
        self.people = {person.email: person for person in get_user_model().objects.all()}
        self.new: dict[str, str] = {}
        self.items: dict[str, dict[str, Any]] = {
            "initiative": by_code(Initiative.objects.select_related("plan")),
            "metric": by_code(Metric.objects.all()),
        }
        rows = Assignment.objects.filter(state__in=OPEN).select_related("person").order_by("pk")
        self.open = {
            (row.person.email, row.initiative_id, row.metric_id, row.role): row for row in rows
        }

    def judge_read(self, record: Record, cells: dict[str, Cell]) -> Judged:
        """A person and an item: new, offered, or known."""
        self.demand(cells, "email")
        email = show(cells["email"]).lower()
        item = self.item(cells)
        role = cells.get("role") or AssignmentRole.OWNER
        what = email if item is None else f"{email} · {item.item_code}"
        self.once((email, item and (type(item), item.pk), role if item else None), record.line)
        person, name = self.people.get(email), show(cells.get("name")).replace(EMPTY, "")
        judged = Judged(record.line, RowOutcome.UNCHANGED, what)
        judged.act = {"email": email, "name": "", "item": None, "role": role}
        if person is None and email not in self.new:
            self.greet(email, name, judged)
        elif person is not None and not person.is_active:
            raise Trouble(_("This account is deactivated. Activate it first."))
        elif person is not None and name and name != person.name:
            if person.is_staff or person.is_superuser:
                raise Trouble(_("A system administrator's account is changed in the admin."))
            judged.outcome = RowOutcome.CHANGE
            judged.changes.append(("name", person.name, name))
            judged.act["name"] = name
        if item is not None and self.is_new(email, item, str(role)):
            if judged.outcome is RowOutcome.UNCHANGED:
                judged.outcome = RowOutcome.CREATE
            kind = "initiative" if isinstance(item, Initiative) else "metric"
            judged.changes += [(kind, "", item.item_code), ("role", "", show(role))]
            judged.act["item"] = item
        return judged

    def greet(self, email: str, name: str, judged: Judged) -> None:
        """A person whom the portal does not know yet."""
        if not name:
            raise Trouble(_("This person is new: give the name as well."))
        try:
            probe = get_user_model()(email=email, name=name, password="!")  # noqa: S106
            probe.full_clean()
        except ValidationError as error:
            raise Trouble(*messages(error, self.by_name)) from None
        self.new[email] = name
        judged.outcome = RowOutcome.CREATE
        judged.changes += [("email", "", email), ("name", "", name)]
        judged.act["name"] = name
        judged.note = _("Gets an account without a password; invite the person afterwards.")

    def item(self, cells: dict[str, Cell]) -> Any:
        """The initiative or metric of a row; none for a row about the person alone."""
        given = [kind for kind in self.items if cells.get(kind) not in (None, EMPTY)]
        if len(given) > 1:
            raise Trouble(_("Name an initiative or a metric, and use another row for the other."))
        if not given:
            return None
        kind, code = given[0], show(cells[given[0]])
        found = self.items[kind].get(code.casefold())
        if found is None:
            words = str((Initiative if kind == "initiative" else Metric)._meta.verbose_name)
            raise unknown_code(code, self.items[kind], words)
        return found

    def is_new(self, email: str, item: Any, role: str) -> bool:
        """Is the item not offered to the person, nor accepted, in that role?"""
        pks = (item.pk, None) if isinstance(item, Initiative) else (None, item.pk)
        return (email, *pks, role) not in self.open

    def apply(self, rows: list[Judged], told: Told, **who: Any) -> None:
        """Add people, then offer."""
        for done, row in enumerate(rows, start=1):
            act = row.act
            person = self.people.get(act["email"])
            if person is None:
                person = create_person(email=act["email"], name=act["name"], **who)
                self.people[person.email] = person
                row.made["person"] = person.pk
            elif act["name"]:
                revise_person(person=person, changes={"name": act["name"]}, **who)
                row.made["renamed"] = person.pk
            if act["item"] is not None:
                role = AssignmentRole(act["role"])
                made = offer_assignment(
                    person=person, item=act["item"], role=role, on=self.setting.day, **who
                )
                row.made["assignment"] = made.pk
            told(done)

    def undo(self, results: Results, reason: str, told: Told, **who: Any) -> list[int]:
        """End what is still offered, deactivate who is new; what was accepted since stays."""
        stayed = []
        users = get_user_model().objects
        told_rows = [row for row in results if row["made"]]
        for done, result in enumerate(told_rows, start=1):
            if pk := result["made"].get("assignment"):
                row = Assignment.objects.get(pk=pk)
                if row.state == AssignmentState.OFFERED:
                    end_assignment(assignment=row, on=self.setting.day, reason=reason, **who)
                elif row.state == AssignmentState.ACCEPTED:
                    stayed.append(result["line"])
            if pk := result["made"].get("renamed"):
                person = users.get(pk=pk)
                old, new = next((o, n) for name, o, n in result["changes"] if name == "name")
                if person.name == new:
                    revise_person(person=person, changes={"name": old}, reason=reason, **who)
            told(done)
        for result in told_rows:
            if pk := result["made"].get("person"):
                person = users.get(pk=pk)
                if person.assignments.filter(state=AssignmentState.ACCEPTED.value).exists():
                    stayed.append(result["line"])
                else:
                    off = {"is_active": False}
                    revise_person(person=person, changes=off, reason=reason, **who)
        return sorted(set(stayed))
