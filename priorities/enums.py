"""The codes of the domain: what a column or an event may hold.

Pure: no Django, no words for people (those are in ``labels``). Pass ``.value`` to model fields.
"""

from enum import StrEnum


class PlanState(StrEnum):
    """Where a strategic plan is in its life."""

    DRAFT = "draft"
    ACTIVE = "active"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Visibility(StrEnum):
    """Who may see an item."""

    INTERNAL = "internal"
    PUBLIC = "public"


class Provenance(StrEnum):
    """How far a row can be trusted, and where it comes from.

    ``RECORDED`` is the agency's own record (the ordinary case, unmarked on pages).
    """

    RECORDED = "recorded"
    PUBLISHED = "published"
    INFERRED = "inferred"
    LOW_CONFIDENCE = "low_confidence"
    ILLUSTRATIVE = "illustrative"


class DatePrecision(StrEnum):
    """How exact a stored date is; a date of precision YEAR is shown as its year alone."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Lifecycle(StrEnum):
    """Where an initiative is: a fact of its own, apart from health."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    MERGED = "merged"
    SUPERSEDED = "superseded"


#: Lifecycles in which an initiative is over; each carries a date and a reason.
CLOSED_LIFECYCLES = frozenset(
    {Lifecycle.COMPLETED, Lifecycle.CANCELLED, Lifecycle.MERGED, Lifecycle.SUPERSEDED}
)


class Health(StrEnum):
    """What the owner says."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


class InitiativeState(StrEnum):
    """What an initiative shows, decided by rule 4.4 in this order of precedence."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    MERGED = "merged"
    SUPERSEDED = "superseded"
    NEVER_REPORTED = "never_reported"
    OVERDUE = "overdue"
    PAUSED = "paused"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


class MetricKind(StrEnum):
    """What sort of quantity a metric measures."""

    COUNT = "count"
    PERCENT = "percent"
    CURRENCY = "currency"
    DURATION = "duration"
    RANK = "rank"
    INDEX = "index"


class Direction(StrEnum):
    """Which way is better: stated by the agency, never guessed."""

    INCREASE = "increase"
    DECREASE = "decrease"
    MAINTAIN_RANGE = "maintain_range"
    INFORMATIONAL = "informational"


class Accumulation(StrEnum):
    """What one value adds up: the period alone, all so far, or the stock at its end."""

    PERIOD = "period"
    CUMULATIVE = "cumulative"
    STOCK = "stock"


class Calendar(StrEnum):
    """The periods in which something is reported."""

    FISCAL_YEAR = "fiscal_year"
    CALENDAR_YEAR = "calendar_year"
    QUARTER = "quarter"
    MONTH = "month"
    IRREGULAR = "irregular"


class Stage(StrEnum):
    """Where in the chain from effort to effect a metric measures."""

    INPUT = "input"
    OUTPUT = "output"
    OUTCOME = "outcome"


class TargetPath(StrEnum):
    """What is expected between two dated targets."""

    STRAIGHT_LINE = "straight_line"
    STEP = "step"


class MetricState(StrEnum):
    """What the numbers say, decided by rule 4.3."""

    NO_DATA = "no_data"
    NO_TARGET = "no_target"
    OVERDUE = "overdue"
    ON_TARGET = "on_target"
    NEAR_TARGET = "near_target"
    OFF_TARGET = "off_target"


class Quality(StrEnum):
    """How settled a value is; a provisional one is an estimate."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    REVISED = "revised"


class MissingReason(StrEnum):
    """Why a period has no value. Blank is not zero."""

    NOT_YET_AVAILABLE = "not_yet_available"
    NOT_COLLECTED = "not_collected"
    NOT_PUBLISHED = "not_published"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"
    #: Published by mistake and taken back, so that nothing was said of the period after all.
    WITHDRAWN = "withdrawn"


class UpdateState(StrEnum):
    """Where a status update is on its way to the public."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETURNED = "returned"


class AssignmentRole(StrEnum):
    """How a person answers for an item."""

    OWNER = "owner"
    CONTRIBUTOR = "contributor"


class AssignmentState(StrEnum):
    """Ownership is accepted, not assumed."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"


class QuestionState(StrEnum):
    """Whom a reviewer's question waits for, if anybody."""

    OPEN = "open"
    LATE = "late"
    ANSWERED = "answered"
    CONTINUED = "continued"
    CLOSED = "closed"


class BudgetKind(StrEnum):
    """Which of a budget's several numbers an amount is."""

    ADOPTED = "adopted"
    ADOPTED_CHANGE = "adopted_change"
    PROPOSED = "proposed"
    SET_ASIDE = "set_aside"
    CONTRACT = "contract"
    SPENT = "spent"


class Role(StrEnum):
    """What a person is to the portal (domain section 6); each may do all that those above may."""

    REVIEWER = "reviewer"
    MANAGER = "manager"
    DIVISION_EDITOR = "division_editor"
    PLAN_ADMINISTRATOR = "plan_administrator"


class AccountState(StrEnum):
    """May a person come in, and have they?"""

    ACTIVE = "active"
    INVITED = "invited"
    EXPIRED = "expired"
    NOT_INVITED = "not_invited"
    CLOSED = "closed"


class EventKind(StrEnum):
    """What happened, as the event log says it."""

    CREATED = "created"
    REVISED = "revised"
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    RECORDED = "recorded"
    CORRECTED = "corrected"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"
    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"
    RATED = "rated"
    FROZEN = "frozen"
    GRANTED = "granted"
    REVOKED = "revoked"


class ImportKind(StrEnum):
    """What a file that is imported holds."""

    OBSERVATIONS = "observations"
    TARGETS = "targets"
    METRICS = "metrics"
    INITIATIVES = "initiatives"
    PEOPLE = "people"


class ImportState(StrEnum):
    """Where an import is on its way."""

    UPLOADED = "uploaded"
    PREVIEWED = "previewed"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"


class RowOutcome(StrEnum):
    """What an import does with one row of its file."""

    CREATE = "create"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    BLANK = "blank"
    ERROR = "error"


class MailKind(StrEnum):
    """What sort of mail the portal sends of its own accord."""

    DIGEST = "digest"
    RETURNED = "returned"
    QUESTION = "question"
    ANSWER = "answer"
    FOLLOWING = "following"
    CONFIRMING = "confirming"


class FollowPace(StrEnum):
    """How often a person is told of what they follow."""

    DAILY = "daily"
    WEEKLY = "weekly"


class MailStep(StrEnum):
    """Why a person is written to today; in the order in which a round brings them."""

    OPENING = "opening"
    WEEK_BEFORE = "week_before"
    DAY_BEFORE = "day_before"
    DAY_AFTER = "day_after"
    WEEKLY = "weekly"
    OFFER = "offer"
    SUMMARY = "summary"
    QUESTION = "question"
    BY_HAND = "by_hand"
