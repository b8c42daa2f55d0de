"""Signing in with a browser, as in production: second factor required, nothing inline allowed.

The portal is asked for as `localhost`, since a passkey belongs to a host name, never to an address.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts.city import provider_at
from tests.accounts.provider import CLIENT_ID, CLIENT_SECRET
from tests.accounts.provider import PASSWORD as AT_THE_CITY
from tests.browser.looking import NARROW, Watch, barriers, follow, sideways
from tests.portal import HOST, Portal, _free_port, served

PASSWORD = "Angeles-2023-demo"
#: A device that keeps passkeys and says that its person is there.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Portal]:
    """The portal with a second factor required, and the City's identity provider beside it."""
    port = _free_port()
    settings = {
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "REQUIRE_SECOND_FACTOR": "true",
        "OIDC_ISSUER": f"http://{HOST}:{port}",
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_NAME": "City account",
    }
    with served(tmp_path_factory.mktemp("strict"), shared, **settings) as portal:
        site = Portal(portal.url.replace(HOST, "localhost"))
        back = f"{site.url}/accounts/oidc/city/login/callback/"
        with provider_at(port, tmp_path_factory.mktemp("city"), back):
            yield site


@pytest.fixture
def watch(page: Page) -> Watch:
    """A tab that tells of what it complains of."""
    return Watch.over(page)


def sign_in(page: Page, portal: Portal, name: str) -> None:
    page.goto(f"{portal.url}/accounts/login/")
    page.get_by_label("E-mail address").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def look(page: Page, watch: Watch) -> None:
    """No barrier, nothing wider than a phone, nothing that the policy stopped."""
    assert barriers(page) == []
    page.set_viewport_size(NARROW)
    assert sideways(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert watch.csp_reports() == []


def test_an_editor_is_led_to_a_passkey_and_then_signs_in_with_it_alone(
    strict: Portal, page: Page, watch: Watch
) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    sign_in(page, strict, "editor")
    expect(page).to_have_url(f"{strict.url}/accounts/")
    expect(page.get_by_text("Set up a second factor first.")).to_be_visible()
    look(page, watch)
    follow(page.get_by_role("link", name="Add a passkey"))
    look(page, watch)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    look(page, watch)
    page.goto(f"{strict.url}/updates/")
    expect(page).to_have_url(f"{strict.url}/updates/")
    page.goto(f"{strict.url}/accounts/")
    follow(page.get_by_role("main").get_by_role("button", name="Sign out"))
    expect(page).to_have_url(f"{strict.url}/")
    page.goto(f"{strict.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{strict.url}/updates/")
    page.context.clear_cookies()
    sign_in(page, strict, "editor")
    expect(page).to_have_url(f"{strict.url}/accounts/second-factor/authenticate/")
    look(page, watch)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{strict.url}/updates/")
    assert watch.complaints == []


def test_a_device_that_refuses_says_so_in_the_page(
    strict: Portal, page: Page, watch: Watch
) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(f"{strict.url}/accounts/login/")
    said = page.get_by_text("The passkey was not accepted.")
    expect(said).to_be_hidden()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(said).to_be_visible()
    look(page, watch)


def test_the_policy_lets_the_button_lead_to_the_citys_sign_in(strict: Portal, page: Page) -> None:
    page.goto(f"{strict.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with City account").click()
    page.get_by_label("Email").fill("administrator@example.org")
    page.get_by_label("Password").fill(AT_THE_CITY)
    page.get_by_role("button", name="Sign In").click()
    expect(page).to_have_url(f"{strict.url}/accounts/")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_text("Set up a second factor first.")).to_be_visible()


def test_without_javascript_nothing_is_offered_that_needs_it(
    strict: Portal, chromium: Browser
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{strict.url}/accounts/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    page.get_by_label("E-mail address").fill("manager@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{strict.url}/updates/")
    context.close()


def test_an_error_takes_the_focus_and_leads_to_its_field(strict: Portal, page: Page) -> None:
    page.goto(f"{strict.url}/accounts/login/")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Password: Type your password.").click()
    expect(page.get_by_label("Password")).to_be_focused()
