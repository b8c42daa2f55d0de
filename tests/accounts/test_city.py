"""The City's identity provider: a real one, which says who somebody is; the rest is the portal's.

The provider runs in a process of its own on a loopback port; a browser of urllib signs in there.
"""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from priorities.actions import people
from priorities.enums import Role
from tests import factories as make
from tests.accounts.city import provider_at
from tests.accounts.provider import CLIENT_ID, CLIENT_SECRET, PASSWORD
from tests.accounts.signing import who
from tests.portal import _free_port

pytestmark = [pytest.mark.django_db, pytest.mark.alone]

CALLBACK = "http://testserver/accounts/oidc/city/login/callback/"


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running provider's address."""
    with provider_at(_free_port(), tmp_path_factory.mktemp("city"), CALLBACK) as address:
        yield address


@pytest.fixture
def city(issuer: str, settings: Settings) -> str:
    """The portal as it is set up with that provider."""
    app = {
        "provider_id": "city",
        "name": "City account",
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "settings": {"server_url": issuer},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    return issuer


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows the provider, and stops at the door of the portal."""

    def redirect_request(self, *request: Any) -> Any:
        away = str(request[-1]).startswith("http://testserver/")
        return None if away else super().redirect_request(*request)


def at_the_provider(address: str, email: str) -> str:
    """Sign in there as a person would; the path that leads back to the portal."""
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies, Stay)
    with browser.open(address, timeout=30) as page:
        form = page.geturl()
    data = urllib.parse.urlencode({"login": email, "password": PASSWORD}).encode()
    try:
        browser.open(form, data, timeout=30).close()
    except urllib.error.HTTPError as answer:
        with answer:
            return str(answer.headers["Location"]).removeprefix("http://testserver")
    raise AssertionError("The provider did not lead back.")


def come(email: str, client: Client | None = None, query: str = "") -> tuple[Client, Any]:
    """Press the button of the sign-in page, sign in at the provider, come back."""
    client = client or Client()
    address = reverse("openid_connect_login", kwargs={"provider_id": "city"})
    away = client.post(address + query)["Location"]
    return client, client.get(at_the_provider(away, email), follow=True)


def test_the_sign_in_page_shows_the_way(city: str) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert "Sign in with City account" in page
    assert 'action="/accounts/oidc/city/login/?process=login"' in page


def test_a_person_with_an_account_comes_in_whatever_the_case_of_the_address(city: str) -> None:
    person = make.person(email="Known@Example.org")
    make.grant(Role.MANAGER, person=person)
    client, page = come("known@example.org")
    assert who(client) == str(person.pk)
    assert page.redirect_chain[0] == ("/updates/", 302)


def test_one_comes_back_to_where_one_wanted_to_go(city: str) -> None:
    make.person(email="known@example.org")
    _client, page = come("known@example.org", query="?process=login&next=/metrics/")
    assert page.redirect_chain[0] == ("/metrics/", 302)


def test_nothing_is_linked_and_nothing_kept(city: str) -> None:
    make.person(email="known@example.org")
    come("known@example.org")
    assert (SocialAccount.objects.count(), EmailAddress.objects.count()) == (0, 0)


@pytest.mark.parametrize("email", ["stranger@example.org", "unverified@example.org"])
def test_who_has_no_account_or_no_verified_address_is_turned_away(city: str, email: str) -> None:
    make.person(email="unverified@example.org")
    before = User.objects.count()
    client, page = come(email)
    assert who(client) is None
    assert "There is no active account for your address here." in page.content.decode()
    assert User.objects.count() == before


def test_a_closed_account_stays_closed(city: str) -> None:
    person = make.person(email="closed@example.org")
    people.revise_person(person=person, changes={"is_active": False}, by="t", now=make.moment())
    client, page = come("closed@example.org")
    assert who(client) is None
    assert "There is no active account" in page.content.decode()


def test_a_second_factor_is_required_of_them_too(city: str, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    person = make.person(email="administrator@example.org", is_staff=True)
    client, _page = come("administrator@example.org")
    assert who(client) == str(person.pk)
    assert client.get("/admin/")["Location"] == "/accounts/"


def test_an_answer_that_was_not_asked_for_opens_nothing(city: str) -> None:
    make.person(email="known@example.org")
    asker, thief = Client(), Client()
    address = reverse("openid_connect_login", kwargs={"provider_id": "city"})
    back = at_the_provider(asker.post(address)["Location"], "known@example.org")
    thief.get(back)
    assert who(thief) is None


def test_a_provider_that_is_down_is_said_in_words(city: str, settings: Settings) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    down = app | {"settings": {"server_url": f"http://127.0.0.1:{_free_port()}"}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [down]}}
    address = reverse("openid_connect_login", kwargs={"provider_id": "city"})
    answer = Client().post(address)
    assert answer.status_code == 502
    assert "The sign-in did not work" in answer.content.decode()
