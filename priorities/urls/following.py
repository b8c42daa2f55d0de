"""Following by mail. The page for everyone, which says how, is the read side's."""

from django.urls import path

from priorities.views import following

urlpatterns = [
    path("follow/mail/", following.follow_mail, name="follow-mail"),
    path("follow/mail/add/", following.follow_add, name="follow-add"),
    path("follow/mail/<int:pk>/end/", following.follow_end, name="follow-end"),
    path("mail/confirm/<str:token>/", following.follow_confirm, name="follow-confirm"),
    path("mail/unfollow/<str:token>/", following.follow_stop, name="follow-stop"),
]
