"""People sign in by e-mail address, in any case of letters."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_an_address_is_kept_in_small_letters() -> None:
    person = User.objects.create_user(" Plan.Administrator@Example.ORG ", name="Plan administrator")
    assert person.email == "plan.administrator@example.org"


def test_sign_in_ignores_the_case_of_the_address() -> None:
    person = User.objects.create_user("editor@example.org", "a long password", name="Editor")
    assert authenticate(username="Editor@Example.org", password="a long password") == person


def test_an_account_without_a_password_cannot_be_signed_in_to() -> None:
    person = User.objects.create_user("nobody@example.org", name="Nobody")
    assert not person.has_usable_password()


def test_an_account_needs_an_address() -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        User.objects.create_user("", name="No one")


def test_the_database_refuses_the_same_address_in_other_letters() -> None:
    User.objects.create_user("editor@example.org", name="Editor")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="EDITOR@example.org", name="Double")])


def test_a_system_administrator_may_open_the_admin() -> None:
    person = User.objects.create_superuser("root@example.org", "a long password", name="Root")
    assert (person.is_staff, person.is_superuser) == (True, True)


def test_a_person_is_called_by_name() -> None:
    assert str(User(email="editor@example.org", name="Editor")) == "Editor"
    assert str(User(email="editor@example.org")) == "editor@example.org"
