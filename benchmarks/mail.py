"""``python -m benchmarks.mail [count]``: mails a second through the path of ``receive_mail``, and the memory of a large one.

Every kind by itself, then the mix of an ordinary day. The own CPU time says what one process needs, the clock also what else runs
on the machine; of each the best of ten batches.

A database of its own in a temporary folder, SQLite as it is set up for real; raw mails are written to the disk.
"""

import base64
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import IO

MEGABYTE = 1024 * 1024
BATCHES = 10


def a_mail(number: int, *, sender: int | None = None, **headers: str) -> bytes:
    """A usual mail of a sender of its own: a few sentences, what they answer to, and the same as wordy HTML; about 20 kB."""
    message = EmailMessage()
    message["From"], message["To"] = f"r{number if sender is None else sender}@example.org", "service@example.com"
    message["Subject"], message["Message-ID"] = f"电梯 {number}", f"<{number}@example.org>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    words = "三号楼电梯又停了，请尽快来看，老人上不去。\n" * 6
    quoted = "\n------------------ 原始邮件 ------------------\n发件人: 客服\n" + "您好，已安排师傅。\n" * 20
    message.set_content(words + quoted, cte="8bit")
    rows = "".join(
        f'<p style="font-family:SimSun;margin:0 0 8px 0;color:#333333"><span lang="ZH-CN">{w}</span></p>' for w in words.split()
    )
    message.add_alternative(f"<div>{rows * 22}</div>", subtype="html", cte="8bit")
    return message.as_bytes()


def an_answer(number: int, to: int) -> bytes:
    """Goes on with the conversation that mail ``to`` began."""
    return a_mail(number, sender=to, In_Reply_To=f"<{to}@example.org>", References=f"<{to}@example.org>")


def an_auto_reply(number: int, to: int) -> bytes:
    return a_mail(number, sender=to, In_Reply_To=f"<{to}@example.org>", Auto_Submitted="auto-replied")


def the_same_again(number: int) -> bytes:
    """The mail of that number by another way: other bytes, the same Message-ID and sender."""
    return b"Received: from elsewhere\r\n" + a_mail(number)


def kinds(count: int) -> dict[str, list[bytes]]:
    """Mails of each kind; those that answer come after what they answer to."""
    new = [a_mail(number) for number in range(count)]
    answers = [an_answer(count + number, number) for number in range(count)]
    programmes = [an_auto_reply(2 * count + number, number) for number in range(count)]
    again = [the_same_again(number) for number in range(count)]
    # Of ten mails four begin something, three answer, two come from programmes, one comes twice.
    more = [a_mail(3 * count + number) for number in range(count)]
    some = [an_answer(4 * count + number, number) for number in range(count)]
    others = [an_auto_reply(5 * count + number, number) for number in range(count)]
    twice = [b"X-Again: 1\r\n" + the_same_again(number) for number in range(count)]
    share = (more, some, more, others, some, more, twice, some, more, others)
    mix = [share[number % 10][number] for number in range(count)]
    return {"new cases": new, "answers": answers, "auto-replies": programmes, "the same again": again, "a day's mix": mix}


def a_large_mail(file: Path) -> int:
    """A mail of 24 MB, written piece by piece."""
    head = b"From: big@example.org\r\nTo: service@example.com\r\nSubject: big\r\nMIME-Version: 1.0\r\n"
    parts = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\n'
    kind = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    with file.open("wb") as out:
        out.write(head + parts + kind)
        while out.tell() < 24 * MEGABYTE:
            out.write(base64.encodebytes(os.urandom(57 * 1024)).replace(b"\n", b"\r\n"))
        out.write(b"--b--\r\n")
        return out.tell()


def prepare() -> None:
    """An empty company with one community."""
    import django  # noqa: PLC0415  # after the settings

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  # after the settings

    from linsheng.communities.models import Community, Organisation  # noqa: PLC0415  # after the settings
    from linsheng.core import clock  # noqa: PLC0415  # after the settings
    from linsheng.feedback.actions import install_defaults as feedback_defaults  # noqa: PLC0415  # after the settings
    from linsheng.standards.actions import install_defaults  # noqa: PLC0415  # after the settings

    call_command("migrate", verbosity=0)
    company = Organisation.objects.create(code="bench", name="物业")
    install_defaults(organisation=company, by=None, now=clock.now())
    feedback_defaults(organisation=company, by=None, now=clock.now())
    Community.objects.create(organisation=company, code="BM", name="小区")


def receive(raw: bytes | IO[bytes]) -> str:
    from linsheng.communities.models import Community  # noqa: PLC0415  # after the settings
    from linsheng.core import clock  # noqa: PLC0415  # after the settings
    from linsheng.intake.actions.mail import process_mail, store_mail  # noqa: PLC0415  # after the settings

    place = Community.objects.select_related("organisation").get()
    stored = store_mail(source=raw, community=place, now=clock.now())
    return process_mail(mail=stored.mail, now=clock.now()).outcome


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(folder: Path, count: int) -> None:
    prepare()
    receive(a_mail(-1))
    file = folder / "large.eml"
    size, before = a_large_mail(file) / MEGABYTE, peak()
    with file.open("rb") as handle:
        receive(handle)
    print(f"a mail of {size:.0f} MB: {peak() - before} MB more than before ({before} MB)")
    for kind, mails in kinds(count).items():
        show(kind, mails)


def show(kind: str, mails: list[bytes]) -> None:
    """Receive them, and say how many a second."""
    outcomes: Counter[str] = Counter()
    by_clock, by_cpu = [], []
    for batch in (mails[at::BATCHES] for at in range(BATCHES)):
        started, worked = time.perf_counter(), time.process_time()
        outcomes.update(receive(raw) for raw in batch)
        by_clock.append(len(batch) / (time.perf_counter() - started))
        by_cpu.append(len(batch) / (time.process_time() - worked))
    spoken = ", ".join(f"{n} {outcome}" for outcome, n in outcomes.most_common())
    size = sum(map(len, mails)) // len(mails) // 1000
    rates = f"{max(by_clock):.0f} a second, {max(by_cpu):.0f} by its own CPU time (median {sorted(by_cpu)[BATCHES // 2]:.0f})"
    print(f"{kind}: {len(mails)} of {size} kB: {rates}; {spoken}; wanted 50")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(LINSHENG_HOME=folder, DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="ERROR")
        os.environ["MAIL_PER_CASE_DAY"] = "100000"
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        main(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 500)
