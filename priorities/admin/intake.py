"""Imports and tokens, to look at: both have staff pages of their own."""

from __future__ import annotations

from django.contrib import admin

from priorities.admin.base import ReadOnlyAdmin
from priorities.models import IntakeToken


@admin.register(IntakeToken)
class IntakeTokenAdmin(ReadOnlyAdmin):
    """With what machines send values; the secret itself is kept nowhere."""

    list_display = ("name", "hint", "expires_on", "revoked_at", "last_used_at", "made_by")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "hint", "made_by")
    exclude = ("secret_hash",)
