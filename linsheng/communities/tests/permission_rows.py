"""Who may call the addresses of this app."""

from linsheng.accounts.models import DataRequest
from linsheng.communities.models import Home, Residency, RosterImport
from linsheng.core.testing import ALL, SIGNED_IN, PermissionRow

DESK = frozenset({"frontdesk", "supervisor", "manager"})
ROSTER_EDITORS = DESK | {"administrator"}
ROSTER_READERS = ROSTER_EDITORS | {"director"}
LEADERS = frozenset({"director", "administrator"})
ADMINISTRATOR = frozenset({"administrator"})
# Staff of another company have their own lists: what they may not see is refused object by object.
OTHERS_TOO = frozenset({"outsider"})


def home(cast):
    return {"pk": cast.home.pk}


def empty_home(cast):
    made = Home.objects.get_or_create(community=cast.community, building=cast.building, number="3-9-901")[0]
    made.retired_at = None
    made.save()
    return {"pk": made.pk}


def retired_home(cast):
    found = Home.objects.get(pk=empty_home(cast)["pk"])
    found.retired_at = cast.organisation.created_at
    found.save()
    return {"pk": found.pk}


def building(cast):
    return {"pk": cast.building.pk}


def community(cast):
    return {"code": cast.community.code}


def used_community(cast):
    cast.community.retired_at = None
    cast.community.save()
    return community(cast)


def retired_community(cast):
    cast.community.retired_at = cast.organisation.created_at
    cast.community.save()
    return community(cast)


def residency(cast):
    found = Residency.objects.get(home=cast.home)
    Residency.objects.filter(pk=found.pk).update(until=None)
    return {"pk": found.pk}


def resident(cast):
    return {"pk": cast.residents["owner"].pk}


def upload(cast):
    made = RosterImport.objects.create(
        community=cast.community,
        created_by=cast.frontdesk,
        created_at=cast.organisation.created_at,
        file_name="x.xlsx",
        state="checked",
    )
    return {"pk": made.pk}


def colleague(cast):
    return {"pk": cast.cleaner.pk}


def post(cast):
    held = cast.cleaner.posts.get()
    held.ended_at = None
    held.save()
    return {"pk": held.pk}


def request(cast):
    made = DataRequest.objects.get_or_create(
        user=cast.owner, organisation_id=cast.organisation.pk, kind="delete", defaults={"created_at": cast.organisation.created_at}
    )[0]
    return {"pk": made.pk}


def new_post(cast):
    return {"role": "handler", "place": f"community-{cast.community.pk}"}


ROWS = [
    PermissionRow("communities:phone_sign_in", ALL),
    # Without a code that was sent before it, the page leads back to the start.
    PermissionRow("communities:code_sign_in", frozenset()),
    PermissionRow("communities:claim", ALL),
    PermissionRow("communities:claim_home", ALL),
    PermissionRow("communities:claim_code", ALL),
    PermissionRow("communities:my_data", SIGNED_IN),
    PermissionRow("communities:export_my_data", SIGNED_IN),
    PermissionRow("communities:my_profile", SIGNED_IN),
    PermissionRow("communities:my_phone", SIGNED_IN),
    PermissionRow("communities:request_data_change", SIGNED_IN, "POST", accepted=frozenset({422})),
    # Nobody of the cast consented: the refusal is a sentence, not a missing right.
    PermissionRow("communities:withdraw_consent", SIGNED_IN, "POST", accepted=frozenset({409})),
    PermissionRow("communities:homes", ROSTER_READERS | OTHERS_TOO),
    PermissionRow("communities:home", ROSTER_READERS, args=home),
    PermissionRow("communities:new_home", ROSTER_EDITORS | OTHERS_TOO),
    PermissionRow("communities:edit_home", ROSTER_EDITORS, args=home),
    PermissionRow("communities:edit_home", ROSTER_EDITORS, "POST", args=home, accepted=frozenset({422})),
    PermissionRow("communities:retire_home", ROSTER_EDITORS, "POST", args=empty_home, accepted=frozenset({409})),
    PermissionRow("communities:restore_home", ROSTER_EDITORS, "POST", args=retired_home, accepted=frozenset({409})),
    PermissionRow("communities:home_letter", ROSTER_EDITORS, "POST", args=home),
    PermissionRow("communities:move_in", ROSTER_EDITORS, args=home),
    PermissionRow("communities:move_in", ROSTER_EDITORS, "POST", args=home, accepted=frozenset({422})),
    PermissionRow("communities:edit_residency", ROSTER_EDITORS, args=residency),
    PermissionRow("communities:move_out", ROSTER_EDITORS, args=residency),
    PermissionRow("communities:move_out", ROSTER_EDITORS, "POST", args=residency, accepted=frozenset({422})),
    PermissionRow("communities:residents", ROSTER_READERS | OTHERS_TOO),
    PermissionRow("communities:export_residents", frozenset({"supervisor", "manager", "director", "outsider"})),
    PermissionRow("communities:resident", ROSTER_EDITORS, args=resident),
    PermissionRow("communities:communities", ROSTER_READERS | OTHERS_TOO),
    PermissionRow("communities:new_community", LEADERS),
    PermissionRow("communities:edit_community", LEADERS, args=community),
    PermissionRow("communities:retire_community", LEADERS, "POST", args=used_community, accepted=frozenset({409})),
    PermissionRow("communities:restore_community", LEADERS, "POST", args=retired_community, accepted=frozenset({409})),
    PermissionRow("communities:new_building", ROSTER_EDITORS, args=community),
    PermissionRow("communities:edit_building", ROSTER_EDITORS, args=building),
    PermissionRow("communities:building_letters", ROSTER_EDITORS, "POST", args=building),
    PermissionRow("communities:roster", ROSTER_EDITORS | OTHERS_TOO),
    PermissionRow("communities:roster_template", ROSTER_EDITORS | OTHERS_TOO),
    PermissionRow("communities:roster_import", ROSTER_EDITORS, args=upload),
    PermissionRow("communities:confirm_roster", ROSTER_EDITORS, "POST", args=upload),
    PermissionRow("communities:discard_roster", ROSTER_EDITORS, "POST", args=upload),
    PermissionRow("communities:roster_errors", ROSTER_EDITORS, args=upload),
    PermissionRow("communities:staff", ADMINISTRATOR),
    PermissionRow("communities:new_staff", ADMINISTRATOR),
    PermissionRow("communities:new_staff", ADMINISTRATOR, "POST", accepted=frozenset({422})),
    PermissionRow("communities:staff_member", ADMINISTRATOR, args=colleague),
    PermissionRow("communities:give_post", ADMINISTRATOR, "POST", args=colleague, data=new_post, accepted=frozenset({422})),
    PermissionRow("communities:reset_password", ADMINISTRATOR, "POST", args=colleague),
    PermissionRow("communities:set_active", ADMINISTRATOR, "POST", args=colleague, data=lambda cast: {"active": "1"}),
    PermissionRow("communities:end_post", ADMINISTRATOR, "POST", args=post, accepted=frozenset({409})),
    PermissionRow("communities:data_requests", frozenset({"manager", "administrator", "outsider"})),
    PermissionRow("communities:data_request", frozenset({"manager", "administrator"}), args=request),
    PermissionRow("communities:audit_log", frozenset({"manager", "director", "auditor", "administrator", "outsider"})),
    PermissionRow("communities:export_audit", frozenset({"manager", "director", "auditor", "administrator", "outsider"})),
]
