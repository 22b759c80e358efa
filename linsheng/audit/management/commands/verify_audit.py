"""``manage.py verify_audit``: whether the audit chains hold."""

from typing import Any

from django.core.management.base import BaseCommand

from linsheng.audit.queries import trail_is_gone, verify_all


class Command(BaseCommand):
    help = (
        "Recomputes every audit chain. Exit code 0 when all hold; 1 with the first broken entry of each that does not, "
        "or when there are accounts and no trail."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if trail_is_gone():
            self.stderr.write("BROKEN: there are accounts and no audit chain: the whole trail was removed.")
            raise SystemExit(1)
        chains = entries = broken = 0
        for found in verify_all():
            chains, entries = chains + 1, entries + found.entries
            if found.broken is not None:
                broken += 1
                self.stderr.write(f"BROKEN: chain {found.chain}, entry {found.broken.sequence}: {found.broken.reason}.")
        if broken:
            raise SystemExit(1)
        self.stdout.write(f"{entries} entries in {chains} chains: every hash holds.")
