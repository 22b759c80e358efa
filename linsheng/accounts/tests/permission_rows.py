"""Who may call the addresses of this app."""

from linsheng.accounts.models import ApiToken
from linsheng.core.testing import ALL, SIGNED_IN, PermissionRow


def own_token(cast):
    """A token of the manager: nobody else may revoke it."""
    given = {"name": "x", "prefix": "ls_", "created_at": cast.organisation.created_at}
    token = ApiToken.objects.get_or_create(user=cast.manager, hash="h", defaults=given)[0]
    return {"token_id": token.pk}


NOBODY: frozenset[str] = frozenset()

ROWS = [
    PermissionRow("accounts:sign_in", ALL),
    PermissionRow("accounts:sign_in", ALL, "POST", accepted=frozenset({422})),
    # Without a right password before it, the page leads back to the start.
    PermissionRow("accounts:second_step", NOBODY),
    # Everybody may, and ends at the sign-in page.
    PermissionRow("accounts:sign_out", NOBODY, "POST", refused=dict.fromkeys(ALL, 302)),
    PermissionRow("accounts:privacy", ALL),
    PermissionRow("accounts:consent", SIGNED_IN),
    PermissionRow("accounts:preferences", ALL, "POST", data=lambda cast: {"large_text": "1"}),
    PermissionRow("accounts:me", SIGNED_IN),
    PermissionRow("accounts:change_password", SIGNED_IN),
    PermissionRow("accounts:end_sessions", SIGNED_IN, "POST"),
    PermissionRow("accounts:set_up_second_step", SIGNED_IN),
    PermissionRow("accounts:turn_off_second_step", SIGNED_IN),
    PermissionRow("accounts:tokens", SIGNED_IN),
    PermissionRow("accounts:revoke_token", frozenset({"manager"}), "POST", args=own_token),
]
