"""What reviewers ask and rate, and what owners answer."""

from django.urls import URLPattern, path

from priorities.views import questions, questions_ask, ratings

INITIATIVE = "initiatives/<slug:plan>/<slug:initiative>/"
METRIC = "metrics/<slug:metric>/"
QUESTION = "review/questions/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("review/questions/", questions.question_list, name="questions"),
    path(QUESTION, questions.question, name="question"),
    path(f"{QUESTION}answer/", questions.answer, name="question-answer"),
    path(f"{QUESTION}close/", questions.close, name="question-close"),
    path(f"{QUESTION}ask-on/", questions_ask.ask_on, name="question-ask-on"),
    path("review/ask/", questions_ask.find, name="ask"),
    path(f"review/ask/{INITIATIVE}", questions_ask.ask_initiative, name="ask-initiative"),
    path(f"review/ask/{METRIC}", questions_ask.ask_metric, name="ask-metric"),
    path(f"review/rate/{INITIATIVE}", ratings.rate_initiative, name="rate-initiative"),
    path(f"review/rate/{METRIC}", ratings.rate_metric, name="rate-metric"),
]
