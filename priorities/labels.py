"""The only words for the codes of the domain, translated.

A code is shown nowhere; a label is stored nowhere. Every enum member has exactly one label (a
test walks them all).
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from priorities.enums import (
    AccountState,
    Accumulation,
    AssignmentRole,
    AssignmentState,
    BudgetKind,
    Calendar,
    DatePrecision,
    Direction,
    EventKind,
    FollowPace,
    Health,
    ImportKind,
    ImportState,
    InitiativeState,
    Lifecycle,
    MailKind,
    MailStep,
    MetricKind,
    MetricState,
    MissingReason,
    PlanState,
    Provenance,
    Quality,
    QuestionState,
    Role,
    RowOutcome,
    Stage,
    TargetPath,
    UpdateState,
    Visibility,
)
from priorities.saying import language

Words = dict[StrEnum, Promise | str]

#: One table per enum: enums share values ("on_track"), and equal strings hash alike.
WORDS: dict[type[StrEnum], Words] = {
    PlanState: {
        PlanState.DRAFT: _("Draft"),
        PlanState.ACTIVE: _("Active"),
        PlanState.CLOSED: _("Closed"),
        PlanState.ARCHIVED: _("Archived"),
    },
    Visibility: {
        Visibility.INTERNAL: _("Internal"),
        Visibility.PUBLIC: _("Public"),
    },
    Provenance: {
        Provenance.RECORDED: _("Recorded by the agency"),
        Provenance.PUBLISHED: _("Published"),
        Provenance.INFERRED: _("Inferred"),
        Provenance.LOW_CONFIDENCE: _("Low confidence"),
        Provenance.ILLUSTRATIVE: _("Illustrative"),
    },
    DatePrecision: {
        DatePrecision.DAY: _("the day"),
        DatePrecision.MONTH: _("the month"),
        DatePrecision.QUARTER: _("the quarter"),
        DatePrecision.YEAR: _("the year"),
    },
    Lifecycle: {
        Lifecycle.NOT_STARTED: _("Not started"),
        Lifecycle.IN_PROGRESS: _("In progress"),
        Lifecycle.PAUSED: _("Paused"),
        Lifecycle.COMPLETED: _("Complete"),
        Lifecycle.CANCELLED: _("Cancelled"),
        Lifecycle.MERGED: _("Merged"),
        Lifecycle.SUPERSEDED: _("Superseded"),
    },
    Health: {
        Health.ON_TRACK: _("On track"),
        Health.AT_RISK: _("At risk"),
        Health.OFF_TRACK: _("Off track"),
    },
    InitiativeState: {
        InitiativeState.COMPLETED: _("Complete"),
        InitiativeState.CANCELLED: _("Cancelled"),
        InitiativeState.MERGED: _("Merged"),
        InitiativeState.SUPERSEDED: _("Superseded"),
        InitiativeState.NEVER_REPORTED: _("Not reported"),
        InitiativeState.OVERDUE: _("Overdue"),
        InitiativeState.PAUSED: _("Paused"),
        InitiativeState.ON_TRACK: _("On track"),
        InitiativeState.AT_RISK: _("At risk"),
        InitiativeState.OFF_TRACK: _("Off track"),
    },
    MetricKind: {
        MetricKind.COUNT: _("Count"),
        MetricKind.PERCENT: _("Percent"),
        MetricKind.CURRENCY: _("Currency"),
        MetricKind.DURATION: _("Duration"),
        MetricKind.RANK: _("Rank"),
        MetricKind.INDEX: _("Index"),
    },
    Direction: {
        Direction.INCREASE: _("Higher is better"),
        Direction.DECREASE: _("Lower is better"),
        Direction.MAINTAIN_RANGE: _("Within a range is better"),
        Direction.INFORMATIONAL: _("For information"),
    },
    Accumulation: {
        Accumulation.PERIOD: _("In the period"),
        Accumulation.CUMULATIVE: _("In all so far"),
        Accumulation.STOCK: _("At the end of the period"),
    },
    Calendar: {
        Calendar.FISCAL_YEAR: _("Fiscal year"),
        Calendar.CALENDAR_YEAR: _("Calendar year"),
        Calendar.QUARTER: _("Quarter"),
        Calendar.MONTH: _("Month"),
        Calendar.IRREGULAR: _("When published"),
    },
    Stage: {
        Stage.INPUT: _("Input"),
        Stage.OUTPUT: _("Output"),
        Stage.OUTCOME: _("Outcome"),
    },
    TargetPath: {
        TargetPath.STRAIGHT_LINE: _("A straight line"),
        TargetPath.STEP: _("A step at each date"),
    },
    MetricState: {
        MetricState.NO_DATA: _("No data"),
        MetricState.NO_TARGET: _("No target"),
        MetricState.OVERDUE: _("Overdue"),
        MetricState.ON_TARGET: _("On target"),
        MetricState.NEAR_TARGET: _("Near target"),
        MetricState.OFF_TARGET: _("Off target"),
    },
    Quality: {
        Quality.PROVISIONAL: _("Estimate"),
        Quality.FINAL: _("Final"),
        Quality.REVISED: _("Revised"),
    },
    MissingReason: {
        MissingReason.NOT_YET_AVAILABLE: _("Not yet available"),
        MissingReason.NOT_COLLECTED: _("Not collected"),
        MissingReason.NOT_PUBLISHED: _("Not published"),
        MissingReason.NOT_APPLICABLE: _("Does not apply"),
        MissingReason.SUPPRESSED: _("Withheld"),
        MissingReason.WITHDRAWN: _("Withdrawn"),
    },
    UpdateState: {
        UpdateState.DRAFT: _("Draft"),
        UpdateState.SUBMITTED: _("Submitted"),
        UpdateState.PUBLISHED: _("Published"),
        UpdateState.RETURNED: _("Returned"),
    },
    AssignmentRole: {
        AssignmentRole.OWNER: _("Owner"),
        AssignmentRole.CONTRIBUTOR: _("Contributor"),
    },
    AssignmentState: {
        AssignmentState.OFFERED: _("Offered"),
        AssignmentState.ACCEPTED: _("Accepted"),
        AssignmentState.DECLINED: _("Declined"),
        AssignmentState.ENDED: _("Ended"),
    },
    QuestionState: {
        QuestionState.OPEN: _("Open"),
        QuestionState.LATE: _("Late"),
        QuestionState.ANSWERED: _("Answered"),
        QuestionState.CONTINUED: _("Followed up"),
        QuestionState.CLOSED: _("Closed"),
    },
    BudgetKind: {
        BudgetKind.ADOPTED: _("Adopted"),
        BudgetKind.ADOPTED_CHANGE: _("Change in the adopted budget"),
        BudgetKind.PROPOSED: _("Proposed"),
        BudgetKind.SET_ASIDE: _("Set aside"),
        BudgetKind.CONTRACT: _("Contract"),
        BudgetKind.SPENT: _("Spent"),
    },
    AccountState: {
        AccountState.ACTIVE: _("Active"),
        AccountState.INVITED: _("Invited"),
        AccountState.EXPIRED: _("Invitation ended"),
        AccountState.NOT_INVITED: _("Not invited"),
        AccountState.CLOSED: _("Closed"),
    },
    Role: {
        Role.REVIEWER: _("Reviewer"),
        Role.MANAGER: _("Manager"),
        Role.DIVISION_EDITOR: _("Division editor"),
        Role.PLAN_ADMINISTRATOR: _("Plan administrator"),
    },
    EventKind: {
        EventKind.CREATED: _("Created"),
        EventKind.REVISED: _("Revised"),
        EventKind.DRAFTED: _("Drafted"),
        EventKind.SUBMITTED: _("Submitted"),
        EventKind.RETURNED: _("Returned"),
        EventKind.PUBLISHED: _("Published"),
        EventKind.RECORDED: _("Recorded"),
        EventKind.CORRECTED: _("Corrected"),
        EventKind.OFFERED: _("Offered"),
        EventKind.ACCEPTED: _("Accepted"),
        EventKind.DECLINED: _("Declined"),
        EventKind.ENDED: _("Ended"),
        EventKind.ASKED: _("Asked"),
        EventKind.ANSWERED: _("Answered"),
        EventKind.CLOSED: _("Closed"),
        EventKind.RATED: _("Rated"),
        EventKind.FROZEN: _("Frozen"),
        EventKind.GRANTED: _("Granted"),
        EventKind.REVOKED: _("Revoked"),
    },
    ImportKind: {
        ImportKind.OBSERVATIONS: _("Values"),
        ImportKind.TARGETS: _("Targets"),
        ImportKind.METRICS: _("Metrics"),
        ImportKind.INITIATIVES: _("Initiatives"),
        ImportKind.PEOPLE: _("People and what they answer for"),
    },
    ImportState: {
        ImportState.UPLOADED: _("Columns to be matched"),
        ImportState.PREVIEWED: _("Preview"),
        ImportState.APPLYING: _("Being applied"),
        ImportState.APPLIED: _("Applied"),
        ImportState.UNDOING: _("Being undone"),
        ImportState.UNDONE: _("Undone"),
        ImportState.DISCARDED: _("Discarded"),
    },
    RowOutcome: {
        RowOutcome.CREATE: _("New"),
        RowOutcome.CHANGE: _("Change"),
        RowOutcome.UNCHANGED: _("Unchanged"),
        RowOutcome.BLANK: _("Left blank"),
        RowOutcome.ERROR: _("Error"),
    },
    MailKind: {
        MailKind.DIGEST: _("Reminder"),
        MailKind.RETURNED: _("Returned update"),
        MailKind.QUESTION: _("Question"),
        MailKind.ANSWER: _("Answer"),
        MailKind.FOLLOWING: _("News of what is followed"),
        MailKind.CONFIRMING: _("Confirmation"),
    },
    FollowPace: {
        FollowPace.DAILY: _("Once a day"),
        FollowPace.WEEKLY: _("Once a week"),
    },
    MailStep: {
        MailStep.OPENING: _("A round opens"),
        MailStep.WEEK_BEFORE: _("A week before"),
        MailStep.DAY_BEFORE: _("A day before"),
        MailStep.DAY_AFTER: _("The day after"),
        MailStep.WEEKLY: _("Overdue"),
        MailStep.OFFER: _("Offered"),
        MailStep.SUMMARY: _("Weekly summary"),
        MailStep.QUESTION: _("Question to answer"),
        MailStep.BY_HAND: _("Sent by hand"),
    },
}


def label(code: StrEnum) -> str:
    """The word for a code, in the language of the reader."""
    return _label(type(code), code.value, language())


@lru_cache(maxsize=1024)
def _label(enum: type[StrEnum], value: str, language: str | None) -> str:
    return str(WORDS[enum][enum(value)])


def choices(enum: type[StrEnum]) -> list[tuple[str, Promise | str]]:
    """The choices of a model field, in the order of the enum."""
    return [(member.value, WORDS[enum][member]) for member in enum]
