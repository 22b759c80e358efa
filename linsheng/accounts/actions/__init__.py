"""Everything that changes accounts."""

from linsheng.accounts.actions.codes import SentCode, check_code, send_code
from linsheng.accounts.actions.consents import give_consent, has_agreed, withdraw_consent
from linsheng.accounts.actions.passwords import change_password, generated_password, reset_password
from linsheng.accounts.actions.people import change_phone, correct_profile, erase_user, set_active, set_preferences
from linsheng.accounts.actions.second_step import (
    begin_second_step,
    check_second_step,
    confirm_second_step,
    has_second_step,
    remove_second_step,
    turn_off_second_step,
)
from linsheng.accounts.actions.sessions import end_sessions, open_session
from linsheng.accounts.actions.tokens import NewToken, authenticate_token, create_token, revoke_token

__all__ = [
    "NewToken",
    "SentCode",
    "authenticate_token",
    "begin_second_step",
    "change_password",
    "change_phone",
    "check_code",
    "check_second_step",
    "confirm_second_step",
    "correct_profile",
    "create_token",
    "end_sessions",
    "erase_user",
    "generated_password",
    "give_consent",
    "has_agreed",
    "has_second_step",
    "open_session",
    "remove_second_step",
    "reset_password",
    "revoke_token",
    "send_code",
    "set_active",
    "set_preferences",
    "turn_off_second_step",
    "withdraw_consent",
]
