"""What reviewers said, to look at: they write it on their own pages."""

from __future__ import annotations

from django.contrib import admin

from priorities.admin.base import ReadOnlyAdmin
from priorities.models import Answer, Question, ReviewRating


@admin.register(ReviewRating)
class ReviewRatingAdmin(ReadOnlyAdmin):
    """Reviewers' own ratings."""

    list_display = ("reviewer", "initiative", "metric", "period_end", "rating", "visibility")
    list_filter = ("rating", "visibility")
    list_select_related = ("reviewer", "initiative", "metric")
    search_fields = ("initiative__name", "metric__name", "reason", "reviewer__name")
    date_hierarchy = "period_end"


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    """Reviewers' questions."""

    list_display = ("text", "asker", "initiative", "metric", "answer_due_on", "closed_on")
    list_filter = ("visibility", ("closed_on", admin.EmptyFieldListFilter))
    list_select_related = ("asker", "initiative", "metric")
    search_fields = ("text", "initiative__name", "metric__name", "asker__name")
    date_hierarchy = "answer_due_on"


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    """Answers to questions."""

    list_display = ("question", "author", "text", "published_at")
    list_select_related = ("question", "author")
    search_fields = ("text", "question__text", "author__name")
    date_hierarchy = "published_at"
