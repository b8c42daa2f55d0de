"""What reviewers say: their own ratings, their questions, and the answers."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from priorities import labels
from priorities.enums import Health, Visibility
from priorities.models.base import Fact, Recorded


def one_item(name: str) -> models.CheckConstraint:
    """The rule that a row concerns one initiative or one metric."""
    return models.CheckConstraint(
        name=name,
        condition=Q(initiative__isnull=False, metric__isnull=True)
        | Q(initiative__isnull=True, metric__isnull=False),
        violation_error_message=_("Choose an initiative or a metric, one of them."),
    )


class AboutAnItem(models.Model):
    """A row about an initiative or a metric, public or internal as its author chose."""

    initiative = models.ForeignKey(
        "priorities.Initiative",
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    metric = models.ForeignKey(
        "priorities.Metric",
        verbose_name=_("metric"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=labels.choices(Visibility),
        default=Visibility.INTERNAL.value,
    )

    class Meta:
        abstract = True

    @property
    def item(self) -> Recorded:
        """The initiative or metric that this is about."""
        return self.initiative or self.metric  # type: ignore[return-value]

    @property
    def plan_code(self) -> str:
        return self.item.plan_code

    @property
    def subject(self) -> tuple[str, str]:
        return self.item.subject

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC and self.item.is_public


class ReviewRating(AboutAnItem, Fact):
    """A reviewer's own rating, beside the owner's and the computed one."""

    ITEM_TYPE: ClassVar[str] = "review_rating"
    CODE = ("pk",)
    LOGGED = (
        "initiative",
        "metric",
        "visibility",
        "reviewer",
        "period_end",
        "rating",
        "reason",
        "supersedes",
        "recorded_by",
        "published_at",
        "provenance",
    )

    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewer"),
        on_delete=models.PROTECT,
        related_name="ratings",
    )
    period_end = models.DateField(_("for the period ending"))
    rating = models.CharField(_("rating"), max_length=20, choices=labels.choices(Health))
    reason = models.TextField(_("reason"))
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("supersedes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )

    class Meta:
        verbose_name = _("review rating")
        verbose_name_plural = _("review ratings")
        ordering = ("-period_end", "-id")
        constraints = [
            one_item("review_rating_of_one_item"),
            models.CheckConstraint(
                name="review_rating_has_reason",
                condition=~Q(reason=""),
                violation_error_message=_("A rating says why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.period_end}"


class Question(AboutAnItem, Recorded):
    """A reviewer asks; the owner answers; the asker closes or asks on.

    One that asks on ``follows`` the question before it, which then waits for nobody any more.
    """

    ITEM_TYPE: ClassVar[str] = "question"
    CODE = ("pk",)
    LOGGED = (
        "initiative",
        "metric",
        "target",
        "status_update",
        "follows",
        "visibility",
        "asker",
        "text",
        "answer_due_on",
        "closed_on",
        "provenance",
    )

    target = models.ForeignKey(
        "Target",
        verbose_name=_("target"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
    )
    status_update = models.ForeignKey(
        "StatusUpdate",
        verbose_name=_("status update"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
    )
    follows = models.OneToOneField(
        "self",
        verbose_name=_("follow-up to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
    )
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        related_name="questions",
    )
    text = models.TextField(_("question"))
    answer_due_on = models.DateField(_("answer due on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("-recorded_at", "-id")
        constraints = [
            one_item("question_about_one_item"),
            models.CheckConstraint(
                name="question_has_text",
                condition=~Q(text=""),
                violation_error_message=_("Write the question."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Answer(Fact):
    """One answer to a question."""

    ITEM_TYPE: ClassVar[str] = "answer"
    CODE = ("pk",)
    LOGGED = ("question", "author", "text", "recorded_by", "published_at", "provenance")

    question = models.ForeignKey(
        Question, verbose_name=_("question"), on_delete=models.PROTECT, related_name="answers"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        related_name="answers",
    )
    text = models.TextField(_("answer"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("question", "id")
        constraints = [
            models.CheckConstraint(
                name="answer_has_text",
                condition=~Q(text=""),
                violation_error_message=_("Write the answer."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def plan_code(self) -> str:
        return self.question.plan_code

    @property
    def subject(self) -> tuple[str, str]:
        return self.question.subject

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.question.is_public
