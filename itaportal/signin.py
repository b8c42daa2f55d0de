"""How people sign in: invited accounts only, every change of a password in the event log.

Three adapters of django-allauth: for accounts and passwords, for the City's identity provider,
and for the second factor. They stand here because they know both the accounts and the domain.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import time
from smtplib import SMTPException
from threading import Thread
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from priorities import clock
from priorities.actions import people
from priorities.actions.recording import Actor, as_actor
from priorities.permissions import Permission, rights_of

log = logging.getLogger(__name__)

#: One answer for a wrong password, an unknown address and an account that is closed.
REFUSED = gettext_lazy(
    "The e-mail address or the password is not right. After several tries the sign-in waits a "
    "few minutes."
)

#: What a person is told by mail of, by the library's name for it.
NOTICES = {
    "password_changed": gettext_lazy("Your password was changed."),
    "password_set": gettext_lazy("A password was set for your account."),
    "password_reset": gettext_lazy("A new password was chosen for your account."),
    "totp_activated": gettext_lazy("An app that makes codes was set up for your account."),
    "totp_deactivated": gettext_lazy("The app that makes codes was removed from your account."),
    "webauthn_added": gettext_lazy("A passkey was added to your account."),
    "webauthn_removed": gettext_lazy("A passkey was removed from your account."),
    "recovery_codes_generated": gettext_lazy("New recovery codes were made for your account."),
}


def landing(user: User) -> str:
    """Where a person goes after the sign-in: to their work. Queries: at most two."""
    rights = rights_of(user)
    if rights.is_system_administrator:
        return reverse("admin:index")
    try:
        if rights.holds(Permission.REPORT):
            return reverse("priorities:updates")
        return reverse("review:overview") if rights.holds(Permission.READ_INTERNAL) else "/"
    except NoReverseMatch:
        return "/"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts and passwords."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": REFUSED,
        "too_many_login_attempts": gettext_lazy(
            "Too many tries. Wait five minutes, then try again or choose a new password."
        ),
        "enter_current_password": gettext_lazy("This is not your password."),
        "incorrect_password": gettext_lazy("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are invited."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person with this password; a closed account is answered like an unknown one."""
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        # The backend keeps aside whom it knows but may not let in; nothing must come of that.
        AuthenticationBackend.unstash_authenticated_user()
        if isinstance(user, User):
            self._rollback_login_failed_rl_usage()
            return user
        self.authentication_failed(request, **credentials)
        return None

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, and forget where sessions that have ended came from."""
        super().login(request, user)
        UserSession.objects.purge_and_list(user)

    def set_password(self, user: Any, password: str) -> None:
        """Through the action, so that the log tells of it."""
        by = Actor(name=str(user), role=as_actor(user).role, door="web")
        changed = people.set_password(person=user, password=password, by=by, now=clock.now())
        user.password = changed.password

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Lead on, and let the browser forget the pages of everyone that it kept.

        At some addresses (a brief, a history) who may review reads more than the public does. The
        public page varies with nothing, so that every cache keeps it; the browser's own copy would
        be shown for minutes after the sign-in.
        """
        response: HttpResponse = super().post_login(request, user, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the person's work."""
        return landing(request.user) if isinstance(request.user, User) else "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own account."""
        return reverse("account_home")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of a person who has signed in within the last minutes."""
        records = get_authentication_records(self.request, self.request.user)
        recent = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        if any(record["at"] > recent for record in records):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """As if there were no such account."""
        messages.error(request, str(REFUSED))
        return HttpResponseRedirect(reverse("account_login"))

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """To those who have a password; who was invited follows the invitation instead."""
        if user.has_usable_password():
            super().send_password_reset_mail(user, user.email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person what was changed of their sign-in; if it was not them, they can act."""
        if what := NOTICES.get(template_prefix.rpartition("/")[2]):
            self.send_mail("account/email/changed", user.email, {"what": what, "user": user})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send beside the request: how long it takes must not tell who has an account."""
        request = allauth_context.request
        around = {"request": request, "email": email, "current_site": get_current_site(request)}
        message = self.render_mail(template_prefix, email, around | context)
        if settings.SEND_MAIL_BESIDE_REQUEST:
            Thread(target=_deliver, args=(message,), name="mail").start()
        else:
            _deliver(message)


def _deliver(message: EmailMessage) -> None:
    """Send; if the mail server is down the log tells, and the page says the same as ever."""
    try:
        message.send()
    except (OSError, SMTPException):
        log.exception("A mail could not be sent: %s", message.subject)


class IdentityProviderAdapter(DefaultSocialAccountAdapter):
    """The City's identity provider: it says who somebody is, not that they have an account."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Accounts are invited."""
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[Any, str] | None:
        """The active account with an address that the provider has verified; nothing is linked."""
        for address in sociallogin.email_addresses:
            # `is True`: a provider that says "false" as a word has not verified it.
            if address.verified is True:
                user = User.objects.filter(email__iexact=address.email, is_active=True).first()
                if user is not None:
                    return user, user.email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Turn away who has no account here, or comes for anything but to sign in."""
        comes_to = sociallogin.state.get("process", AuthProcess.LOGIN)
        if sociallogin.is_existing and comes_to == AuthProcess.LOGIN:
            return
        messages.error(
            request,
            _(
                "There is no active account for your address here. Ask a plan administrator "
                "for an invitation."
            ),
        )
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor; its secrets are kept encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right. Type the one that is shown now."),
    }

    def build_totp_svg(self, url: str) -> str:
        """The square that an app reads, to stand in the page."""
        svg = re.sub(r"^<\?xml[^>]*\?>\s*", "", super().build_totp_svg(url))
        label = _("The key as a QR code")
        return svg.replace("<svg ", f'<svg class="qr-code" role="img" aria-label="{label}" ', 1)

    def encrypt(self, text: str) -> str:
        """What the database keeps of a secret."""
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; made with a former key it opens as long as that key is a fallback."""
        return _vault().decrypt(encrypted_text.encode()).decode()


def _vault() -> MultiFernet:
    """Encrypts with a key drawn from the portal's secret, opens with former ones too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(b"second factor:" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
