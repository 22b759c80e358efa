"""Real servers on loopback: Debian's dovecot for IMAP, aiosmtpd for SMTP, each with its own folder and port."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from linsheng.intake.models import Mailbox
from linsheng.intake.sealing import sealed
from linsheng.messaging.tests.killing.house import MailServer

DOVECOT = "/usr/sbin/dovecot"
PASSWORD = "loopback"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%n
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Dovecot:
    """One IMAP server; every user name has a mailbox of its own."""

    def __init__(self) -> None:
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="dovecot-")), free_port()
        self.folder.chmod(0o755)
        owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        me = pwd.getpwuid(os.getuid()).pw_name
        internal, login = ("dovecot", "dovenull") if os.getuid() == 0 else (me, me)
        group = grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name
        for name in ("run", "mail", "home"):
            (self.folder / name).mkdir(mode=0o755)
        for name in ("mail", "home"):
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        values = {"folder": self.folder, "internal": internal, "login": login, "group": group, "password": PASSWORD}
        text = CONFIG.format(**values, port=self.port, uid=owner.pw_uid, gid=owner.pw_gid)
        (self.folder / "dovecot.conf").write_text(text)
        command = [DOVECOT, "-F", "-c", str(self.folder / "dovecot.conf")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
        self._wait()

    def _wait(self) -> None:
        for _try in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)  # for the server's start, with an end
        log = self.folder / "log"
        self.close()
        raise AssertionError(f"dovecot did not start: {log.read_text() if log.exists() else ''}")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, user: str):
        from imap_tools import MailBoxUnencrypted

        return MailBoxUnencrypted("127.0.0.1", self.port, timeout=20).login(user, PASSWORD)

    def put(self, user: str, raw: bytes) -> None:
        """Deliver a mail into the user's inbox."""
        with self.client(user) as client:
            client.append(raw, "INBOX")

    def flags(self, user: str) -> list[tuple[str, ...]]:
        with self.client(user) as client:
            return [message.flags for message in client.fetch(mark_seen=False, headers_only=True)]


class Outbox:
    """Takes what we send."""

    def __init__(self) -> None:
        self.raw, self.arrived = [], threading.Condition()
        self.server = MailServer(self, hostname="127.0.0.1", port=0)
        self.server.start()

    async def handle_DATA(self, server, session, envelope) -> str:
        with self.arrived:
            self.raw.append(envelope.content)
            self.arrived.notify_all()
        return "250 OK"

    @property
    def mails(self):
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]


def start_dovecot() -> Dovecot:
    if not Path(DOVECOT).exists():
        pytest.skip("dovecot is not installed: the tests that speak real IMAP do not run (apt-get install dovecot-imapd)")
    return Dovecot()


def fetched_box(cast, dovecot: Dovecot, user: str, **changes):
    """A mailbox of ours on that server."""
    plain = {
        "organisation": cast.organisation, "community": cast.community, "address": f"{user}@cuihu.example", "name": "翠湖苑客服",
        "host": "127.0.0.1", "port": dovecot.port, "security": Mailbox.Security.NONE, "username": user, "secret": sealed(PASSWORD),
    }  # fmt: skip
    return Mailbox.objects.create(**(plain | changes))
