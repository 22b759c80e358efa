"""Writes a roster file, and makes the community that it is for."""

import sys
from pathlib import Path

import django

django.setup()

from linsheng.communities.models import Community, Organisation  # noqa: E402  # after the set-up
from linsheng.communities.roster.template import header  # noqa: E402
from linsheng.core.tabular import xlsx_chunks  # noqa: E402

HOMES_A_BUILDING, HOMES_A_FLOOR = 100, 4


def row(number: int) -> tuple[str, ...]:
    """One home with one person; numbers begin with 100, which is nobody's."""
    building, place = divmod(number, HOMES_A_BUILDING)
    floor, door = place // HOMES_A_FLOOR + 1, place % HOMES_A_FLOOR + 1
    home = f"{building + 1}-{floor}{door:02d}"
    person = (f"住户{number}", f"100{number:08d}", f"home{number}@example.com" if number % 3 == 0 else "", "业主", "2020-05-01")
    return (f"{building + 1}栋", home, str(floor), "89.5", "自住", *person)


def main() -> None:
    path, homes = Path(sys.argv[2]), int(sys.argv[3])
    organisation = Organisation.objects.create(code="bench", name="Benchmark")
    Community.objects.create(organisation=organisation, code="BENCH", name="Benchmark")
    path.write_bytes(b"".join(xlsx_chunks(header(), (row(number) for number in range(homes)))))


if __name__ == "__main__":
    main()
