"""The admin site: who may open it, and its own sign-in matters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import PasswordChangeView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities.admin.acting import act_of
from priorities.admin.passwords import OwnPasswordForm
from priorities.models import ChangeEvent
from priorities.permissions import Permission, can

NEWEST = 10


class PortalAdminSite(admin.AdminSite):
    """For system administrators; what they save goes through actions into the event log."""

    site_title: str | Promise = gettext_lazy("ITA Priorities admin")  # type: ignore[assignment]
    site_header: str | Promise = gettext_lazy("ITA Priorities admin")  # type: ignore[assignment]
    index_title: str | Promise = gettext_lazy("Everything that is kept")  # type: ignore[assignment]

    def has_permission(self, request: HttpRequest) -> bool:
        """System administrators only."""
        return can(request.user, Permission.OPEN_ADMIN)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """A stranger is asked to sign in; a known person without the right is told so (403)."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            leaving = request.path == reverse("admin:logout", current_app=self.name)
            known = request.user.is_authenticated and not self.has_permission(request)
            if known and not leaving:
                raise PermissionDenied(_("The admin is open to system administrators only."))
            return guarded(request, *args, **kwargs)

        return door

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """There is one sign-in, with the same second factor and the same limits for all."""
        wanted = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        return redirect_to_login(wanted)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The first page, with the newest changes of all beside it."""
        newest = ChangeEvent.objects.order_by("-sequence")[:NEWEST]
        return super().index(request, {"newest": newest, **(extra_context or {})})

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """One's own password, changed through the action like everything else."""
        request.current_app = self.name
        view = PasswordChangeView.as_view(
            form_class=partial(OwnPasswordForm, act=act_of(request)),
            success_url=reverse("admin:password_change_done", current_app=self.name),
            template_name="registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)
