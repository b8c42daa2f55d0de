"""The tables of the domain, one file a family."""

from priorities.models.assignment import Assignment, RoleGrant
from priorities.models.base import Fact, Recorded, encode, logged_form
from priorities.models.brief import FrozenBrief
from priorities.models.draft import Draft
from priorities.models.event import GENESIS, ChainHead, ChangeEvent
from priorities.models.facts import Baseline, BudgetLine, Observation, StatusUpdate, Target
from priorities.models.following import FollowChoice, Following
from priorities.models.initiative import Initiative, Milestone
from priorities.models.intake import ImportRun, IntakeToken
from priorities.models.mailing import Mailing, MailPreference
from priorities.models.metric import Category, Dimension, Metric
from priorities.models.organization import Division, Organization
from priorities.models.plan import Meeting, Plan, Priority, ReportingPeriod
from priorities.models.review import Answer, Question, ReviewRating
from priorities.models.rounds import RoundTiming
from priorities.models.saved_view import SavedView

#: Everything the event log knows, in an order in which references come first.
RECORDED: tuple[type[Recorded], ...] = (
    Organization,
    Division,
    Plan,
    Priority,
    ReportingPeriod,
    Meeting,
    Initiative,
    Milestone,
    Dimension,
    Category,
    Metric,
    StatusUpdate,
    Observation,
    Target,
    Baseline,
    BudgetLine,
    RoleGrant,
    Assignment,
    ReviewRating,
    Question,
    Answer,
    IntakeToken,
    FrozenBrief,
)

__all__ = [
    "GENESIS",
    "RECORDED",
    "Answer",
    "Assignment",
    "Baseline",
    "BudgetLine",
    "Category",
    "ChainHead",
    "ChangeEvent",
    "Dimension",
    "Division",
    "Draft",
    "Fact",
    "FollowChoice",
    "Following",
    "FrozenBrief",
    "ImportRun",
    "Initiative",
    "IntakeToken",
    "MailPreference",
    "Mailing",
    "Meeting",
    "Metric",
    "Milestone",
    "Observation",
    "Organization",
    "Plan",
    "Priority",
    "Question",
    "Recorded",
    "ReportingPeriod",
    "ReviewRating",
    "RoleGrant",
    "RoundTiming",
    "SavedView",
    "StatusUpdate",
    "Target",
    "encode",
    "logged_form",
]
