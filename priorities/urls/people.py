"""Invitations, people and their roles."""

from django.urls import URLPattern, path

from priorities.views import invitation, people

urlpatterns: list[URLPattern] = [
    path("manage/people/", people.people_list, name="people"),
    path("manage/people/invite/", people.invite, name="people-invite"),
    path("manage/people/invite-all/", people.invite_all, name="people-invite-all"),
    path("manage/people/<int:pk>/", people.person, name="person"),
    path("manage/people/<int:pk>/invite/", people.invite_again, name="person-invite"),
    path("manage/people/<int:pk>/roles/", people.give_role, name="person-role"),
    path("manage/people/<int:pk>/roles/<int:grant>/end/", people.end_role, name="person-role-end"),
    path("manage/people/<int:pk>/close/", people.deactivate, name="person-close"),
    path("manage/people/<int:pk>/open/", people.reactivate, name="person-open"),
    path(
        "manage/people/<int:pk>/second-factor/",
        people.take_off_second_factor,
        name="person-second-factor",
    ),
    path("accounts/invitation/", invitation.accept, name="invitation-accept"),
    path("accounts/invitation/<str:token>/", invitation.invitation, name="invitation"),
]
