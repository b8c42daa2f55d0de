"""Who answers for what, how fresh it is, and whom to remind."""

from django.urls import path

from priorities.views import coverage, handshake, mail_choices, owners

urlpatterns = [
    path("updates/offers/", handshake.offers, name="offers"),
    path("updates/offers/<int:pk>/accept/", handshake.accept, name="offer-accept"),
    path("updates/offers/<int:pk>/decline/", handshake.decline, name="offer-decline"),
    path("updates/not-mine/<int:pk>/", handshake.not_mine, name="updates-not-mine"),
    path("updates/hand-over/<int:pk>/", handshake.hand_over, name="updates-hand-over"),
    path("manage/owners/", owners.owners, name="manage-owners"),
    path(
        "manage/owners/initiatives/<slug:plan>/<slug:initiative>/",
        owners.owners_of_initiative,
        name="manage-owners-initiative",
    ),
    path(
        "manage/owners/metrics/<slug:metric>/",
        owners.owners_of_metric,
        name="manage-owners-metric",
    ),
    path("manage/owners/end/<int:pk>/", owners.end, name="assignment-end"),
    path("manage/coverage/", coverage.coverage, name="manage-coverage"),
    path("manage/coverage/remind/", coverage.remind, name="manage-remind"),
    path("manage/mail/", coverage.mail, name="manage-mail"),
    path("updates/mail/", mail_choices.preferences, name="mail-preferences"),
    path("mail/open/<str:token>/", mail_choices.open_updates, name="mail-open"),
    path("mail/unsubscribe/<str:token>/", mail_choices.unsubscribe, name="mail-unsubscribe"),
]
