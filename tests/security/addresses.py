"""Every address with an object in it, and which object that is. An address that is missing here fails the suite."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.worlds import Things

# The object behind each argument of each address; "=word" stands for itself.
KINDS: dict[str, dict[str, str]] = {
    "web:retry_job": {"job_id": "job"},
    "web:retry_delivery": {"delivery_id": "delivery"},
    "accounts:revoke_token": {"token_id": "token"},
    "jobs:progress": {"job_id": "job"},
    "messaging:open": {"notice_id": "notice"},
    "messaging:mark_read": {"notice_id": "notice"},
    "communities:home": {"pk": "home"},
    "communities:edit_home": {"pk": "home"},
    "communities:retire_home": {"pk": "home"},
    "communities:restore_home": {"pk": "home"},
    "communities:home_letter": {"pk": "home"},
    "communities:move_in": {"pk": "home"},
    "communities:edit_residency": {"pk": "residency"},
    "communities:move_out": {"pk": "residency"},
    "communities:resident": {"pk": "resident"},
    "communities:edit_community": {"code": "community"},
    "communities:retire_community": {"code": "community"},
    "communities:restore_community": {"code": "community"},
    "communities:new_building": {"code": "community"},
    "communities:edit_building": {"pk": "building"},
    "communities:building_letters": {"pk": "building"},
    "communities:roster_import": {"pk": "upload"},
    "communities:confirm_roster": {"pk": "upload"},
    "communities:discard_roster": {"pk": "upload"},
    "communities:roster_errors": {"pk": "upload"},
    "communities:staff_member": {"pk": "staff"},
    "communities:give_post": {"pk": "staff"},
    "communities:reset_password": {"pk": "staff"},
    "communities:set_active": {"pk": "staff"},
    "communities:end_post": {"pk": "post"},
    "communities:data_request": {"pk": "request"},
    "standards:item": {"pk": "item"},
    "standards:item_retire": {"pk": "item"},
    "standards:item_restore": {"pk": "item"},
    "standards:promise": {"pk": "item"},
    "standards:calendar": {"pk": "calendar"},
    "standards:override": {"pk": "calendar"},
    "standards:override_remove": {"pk": "calendar", "override_pk": "override"},
    "feedback:reported": {"pk": "case"},
    "feedback:my_case": {"pk": "case"},
    "feedback:join": {"pk": "case"},
    "feedback:my_step": {"pk": "case", "step": "=urge"},
    # Whoever holds the link may come, from wherever; but only to this case's photos.
    "feedback:track": {"token": "=link"},
    "feedback:track_photo": {"token": "=link", "pk": "photo"},
    "feedback:track_photo_small": {"token": "=link", "pk": "photo"},
    "feedback:track_step": {"token": "=link", "step": "=urge"},
    # Whoever stands before a label may report there; the thanks need the case's own link.
    "intake:public_form": {"code": "=CODE"},
    "intake:public_hints": {"code": "=CODE"},
    "intake:public_done": {"code": "=CODE", "token": "=link"},
    "intake:slips": {"pk": "slip_batch"},
    "intake:slip_sender": {"pk": "slip_batch"},
    "intake:slip_scan": {"pk": "slip"},
    "intake:call_page": {"pk": "call"},
    "intake:tell": {"pk": "case"},
    "intake:retire_exchange": {"pk": "exchange"},
    "intake:take_call": {"pk": "call"},
    "intake:dismiss_call": {"pk": "call"},
    "intake:exchange": {"pk": "exchange"},
    "intake:rotate_secret": {"pk": "exchange"},
    "intake:retire_line": {"pk": "line"},
    **{f"intake:{name}": {"pk": "mail"} for name in ("one_mail", "mail_raw", "mail_html", "mail_match")},
    "intake:mail_file": {"pk": "mail", "index": "=0"},
    "intake:mail_step": {"pk": "mail", "name": "=discard"},
    **{f"intake:{name}": {"pk": "mailbox"} for name in ("mailbox", "try_mailbox", "try_sending", "fetch_mailbox")},
    **{f"api:{name}": {"mail_id": "mail"} for name in ("release", "retry", "discard")},
    "web:new_channel": {"provider": "=wecom"},
    "web:channel": {"pk": "channel"},
    "web:test_channel": {"pk": "channel"},
    "web:remove_channel": {"pk": "channel"},
    **{f"web:{name}": {"pk": "webhook"} for name in ("webhook", "test_webhook", "remove_webhook")},
    "web:tell_again": {"pk": "webhook", "delivery_id": "hook_delivery"},
    **{
        f"api:{name}": {"webhook_id": "webhook"}
        for name in ("get_webhook", "change_webhook", "remove_webhook", "test_webhook", "list_deliveries")
    },
    "api:tell_again": {"webhook_id": "webhook", "delivery_id": "hook_delivery"},
    **{f"messaging:{name}": {"organisation_id": "organisation"} for name in ("wechat_code", "unlink_wechat")},
    "messaging:unsubscribe_push": {"pk": "browser"},
    # Providers call these; each call proves whose it is.
    "messaging:wechat": {"pk": "channel"},
    "messaging:sms_receipts": {"pk": "channel", "token": "=guessed"},
    "intake:retire_place": {"pk": "place"},
    "intake:reissue_place": {"pk": "place"},
    "feedback:photo": {"pk": "photo"},
    "feedback:photo_small": {"pk": "photo"},
    "feedback:case": {"pk": "case"},
    # Whoever holds a code may come, from wherever.
    "surveys:enter": {"code": "=code"},
    "surveys:mine": {"pk": "wave"},
    **{
        f"surveys:{name}": {"pk": "wave"}
        for name in (
            *("wave", "edit_wave", "open_wave", "remind_wave", "close_wave", "export_response"),
            *("letters", "print_letters", "replace_letter", "paper", "results", "export", "published", "publish"),
            *("preview_publication", "publish_now", "withdraw_publication"),
        )
    },
    "surveys:results_part": {"pk": "wave", "part": "=groups"},
    **{f"surveys:{name}": {"pk": "ballot"} for name in ("enter_form", "check_entry", "drop_entry")},
    "surveys:draft_version": {"pk": "questionnaire"},
    **{f"surveys:{name}": {"pk": "version"} for name in ("version", "preview", "intro", "change_version", "new_block")},
    **{f"surveys:{name}": {"pk": "version", "block_pk": "block"} for name in ("block", "new_question")},
    "surveys:question": {"pk": "version", "question_pk": "question"},
    "feedback:step": {"pk": "case", "action": "=assign"},
    **{
        f"api:{name}": {"wave_id": "wave"}
        for name in (
            *("get_wave", "open_wave", "remind_wave", "close_wave", "wave_response", "wave_results", "publish_wave"),
            *("withdraw_wave", "export_workbook", "export_csv", "export_sav", "export_codebook"),
        )
    },
    "api:monthly_figures": {"code": "community", "month": "=2026-11"},
    **{
        f"api:{name}": {"case_id": "case"}
        for name in (
            *("get_case", "assign", "contact", "start", "wait", "resume", "resolve", "tell", "close", "reopen", "refer", "decline"),
            *("withdraw", "merge", "unmerge", "reclassify", "urge", "me_too", "rate", "callback", "note", "add", "acknowledge"),
        )
    },
}
# What a staff action says of a case that it may not touch, for each of them.
STAFF_ACTIONS = (
    *("assign", "claim", "contact", "start", "wait", "resume", "resolve", "tell", "close", "reopen", "refer", "decline", "merge"),
    *("unmerge", "reclassify", "callback", "note", "add", "photo", "acknowledge"),
)
RESIDENT_STEPS = ("answer", "rate", "reopen", "urge", "withdraw", "add")


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address with its full name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{prefix}{entry.namespace.split('-')[0]}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry


def with_arguments() -> dict[str, list[str]]:
    """Addresses with arguments, and their arguments' names."""
    return {name: list(found.pattern.converters) for name, found in patterns() if found.pattern.converters}


VALUES: dict[str, Callable[[Things], Any]] = {
    "community": lambda things: things.community.code,
    "building": lambda things: things.home.building_id,
    "token": lambda things: things.token_id,
}


def value(kind: str, things: Things) -> Any:
    """What stands in an address for one of a company's objects."""
    if kind == "=link":
        return things.case.track_token
    if kind.startswith("="):
        return kind[1:]
    return VALUES[kind](things) if kind in VALUES else getattr(things, kind).pk
