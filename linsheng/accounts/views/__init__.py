"""Pages of this app."""

from linsheng.accounts.views.me import me, preferences
from linsheng.accounts.views.privacy import consent, privacy
from linsheng.accounts.views.security import change_password, end_sessions, set_up_second_step, turn_off_second_step
from linsheng.accounts.views.sign_in import locked_out, second_step, sign_in, sign_out
from linsheng.accounts.views.tokens import revoke_token, tokens

__all__ = [
    "change_password",
    "consent",
    "end_sessions",
    "locked_out",
    "me",
    "preferences",
    "privacy",
    "revoke_token",
    "second_step",
    "set_up_second_step",
    "sign_in",
    "sign_out",
    "tokens",
    "turn_off_second_step",
]
