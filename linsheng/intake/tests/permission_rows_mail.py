"""Who may see what came in by mail, and who the mailboxes."""

from conftest import NOW
from linsheng.core.testing import PermissionRow
from linsheng.intake.models import Mailbox
from linsheng.intake.tests.mails_of_our_own import arrives, box, eml

# Who logs cases reads the mail; a company's administrator sees what belongs to no community, and the list.
DESK = frozenset({"frontdesk", "supervisor", "manager"})
LISTS = DESK | {"administrator", "outsider"}
SETS_UP = frozenset({"administrator", "outsider"})


def _arrived(cast, **changes):
    file = ("合同.pdf", "application/pdf", b"%PDF-1.4 x")
    return {"pk": arrives(eml(files=[file], html="<p>x</p>", **changes), NOW, community=cast.community).pk}


def arrived(cast):
    return _arrived(cast)


def parked(step):
    def args(cast):
        raw = eml().replace(b"From:", b"X-From:")
        return {"pk": arrives(raw, NOW, community=cast.community).pk, "name": step}

    return args


def mailbox(cast):
    found = Mailbox.objects.first() or box(cast)
    return {"pk": found.pk}


def a_file(cast):
    return {**_arrived(cast), "index": 0}


def known(cast):
    return {"resident": cast.residents["owner"].pk}


ROWS = [
    PermissionRow("intake:mail", LISTS),
    PermissionRow("intake:one_mail", DESK, args=arrived),
    PermissionRow("intake:mail_raw", DESK, args=arrived),
    PermissionRow("intake:mail_html", DESK, args=arrived),
    # Whoever works on the case: a lift that stands is filed with the engineers.
    PermissionRow("intake:mail_file", DESK | {"director", "handler"}, args=a_file),
    PermissionRow("intake:mail_match", DESK, args=arrived),
    PermissionRow("intake:mail_match", DESK, "POST", args=arrived, data=known),
    PermissionRow("intake:mail_step", DESK, "POST", args=parked("retry")),
    PermissionRow("intake:mail_step", DESK, "POST", args=parked("discard")),
    PermissionRow("intake:mailboxes", SETS_UP),
    PermissionRow("intake:new_mailbox", SETS_UP),
    PermissionRow("intake:new_mailbox", SETS_UP, "POST", accepted=frozenset({422})),
    PermissionRow("intake:mailbox", frozenset({"administrator"}), args=mailbox),
    PermissionRow("intake:mailbox", frozenset({"administrator"}), "POST", args=mailbox, accepted=frozenset({422})),
    PermissionRow("intake:try_mailbox", frozenset({"administrator"}), "POST", args=mailbox),
    PermissionRow("intake:try_sending", frozenset({"administrator"}), "POST", args=mailbox),
    PermissionRow("intake:fetch_mailbox", frozenset({"administrator"}), "POST", args=mailbox),
]
