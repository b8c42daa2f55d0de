"""The addresses of sign-in and of one's own account; a choice of what the library offers.

Not among them: signing up, changing one's address, connecting accounts. Names are the library's.
"""

from allauth.account import views as account
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as city
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts.views import account_home, city_sign_in

urlpatterns = [
    path("", account_home, name="account_home"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # One page shows the whole account; the library's two lists lead there.
    path("second-factor/", RedirectView.as_view(pattern_name="account_home"), name="mfa_index"),
    path(
        "second-factor/webauthn/",
        RedirectView.as_view(pattern_name="account_home"),
        name="mfa_list_webauthn",
    ),
    path("second-factor/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("oidc/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/error/", social.login_error, name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", city_sign_in, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", city.callback, name="openid_connect_callback"),
]
