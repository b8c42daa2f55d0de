"""The doors of `accounts/urls.py`: sign-in and one's own account; each person sees only their own.

The people of the matrix have no password and no second factor, so what asks for them refuses.
"""

from __future__ import annotations

from typing import Any

from tests.doors.table import Row, Statuses, everyone


def known(status: int) -> Statuses:
    """A stranger is asked to sign in; everyone else gets the same."""
    return everyone(status) | {"anonymous": 302}


def rows(_world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix; these names have no namespace."""
    nobodys = {"pk": 4711}
    provider = {"provider_id": "city"}
    return {
        "account_home": Row(known(200)),
        "account_login": Row(everyone(302) | {"anonymous": 200}),
        "account_logout": Row(known(200)),
        "account_reauthenticate": Row(known(403)),
        "account_change_password": Row(known(302)),
        "account_set_password": Row(known(200)),
        "account_reset_password": Row(everyone(200)),
        "account_reset_password_done": Row(everyone(200)),
        "account_reset_password_from_key": Row(everyone(200), {"uidb36": "1", "key": "a-b"}),
        "account_reset_password_from_key_done": Row(everyone(200)),
        "mfa_index": Row(everyone(302)),
        "mfa_list_webauthn": Row(everyone(302)),
        "mfa_authenticate": Row(everyone(302)),
        "mfa_reauthenticate": Row(known(403)),
        "mfa_reauthenticate_webauthn": Row(known(403)),
        "mfa_activate_totp": Row(known(200)),
        "mfa_deactivate_totp": Row(known(404)),
        "mfa_add_webauthn": Row(known(200)),
        "mfa_edit_webauthn": Row(known(404), nobodys),
        "mfa_remove_webauthn": Row(known(404), nobodys),
        "mfa_login_webauthn": Row(everyone(302)),
        "mfa_view_recovery_codes": Row(known(404)),
        "mfa_generate_recovery_codes": Row(known(200)),
        "mfa_download_recovery_codes": Row(known(404)),
        "usersessions_list": Row(known(200)),
        "socialaccount_login_cancelled": Row(everyone(200)),
        "socialaccount_login_error": Row(everyone(401)),
        # No identity provider is set up in the tests; `tests/accounts/test_city.py` has one.
        "openid_connect_login": Row(everyone(404), provider),
        "openid_connect_callback": Row(everyone(404), provider),
    }
