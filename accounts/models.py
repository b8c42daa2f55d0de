"""The person who signs in. What a person may do is decided in the domain, not here."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes and finds people by their e-mail address, in any case of letters."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with this address. Without a password the account cannot be signed in to."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A system administrator: may do everything in the admin."""
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this address; `Ana@…` and `ana@…` are one person."""
        return self.get(email__iexact=username)

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The address in small letters, without surrounding blanks."""
        return (email or "").strip().lower()


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("There is already an account with this e-mail address.")},
    )
    name = models.CharField(_("name"), max_length=150, help_text=_("As colleagues know it."))
    is_staff = models.BooleanField(
        _("may open the admin"), default=False, help_text=_("System administrators only.")
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Untick this instead of deleting an account: the history keeps its name."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name", "email")
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("There is already an account with this e-mail address."),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name as colleagues know it."""
        return self.name

    def get_short_name(self) -> str:
        """How the portal greets: the name, as it stands."""
        return self.name


class Invitation(models.Model):
    """The way of a person into their account: a link that works once and ends.

    One a person; sending it again makes the former link worthless. Of the link only a hash is kept.
    Its moments are real ones, whatever the portal's clock says.
    """

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="invitation")
    digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("sent_at")),
                name="invitation_ends_after_it_is_sent",
                violation_error_message=_("An invitation ends after it is sent."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id}"

    def is_open(self, now: dt.datetime) -> bool:
        """May its link still be used? ``now`` is the real time."""
        return self.used_at is None and now < self.ends_at


class SharedCacheRow(models.Model):
    """What the workers must know of each other; the cache of that name keeps its rows here.

    A table like any other, so that `migrate` makes it and nothing else has to be called.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "shared_cache"

    def __str__(self) -> str:
        return self.cache_key
