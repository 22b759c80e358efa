"""The demo company: loading it, who is who in it, and taking it away."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.communities.models import Organisation, Resident
from linsheng.core.errors import Conflict
from linsheng.core.ids import paper_code
from linsheng.messaging.models import Notice
from linsheng.simulate.bulk import bulk_player
from linsheng.simulate.ledger import Batch, Ledger
from linsheng.simulate.memory import Company
from linsheng.simulate.places import Builder, World
from linsheng.simulate.play import play
from linsheng.simulate.script import Playwright
from linsheng.simulate.side_by_side import Maker, made, processes
from linsheng.simulate.waves import load_waves
from linsheng.simulate.writing import Writer

PREFIX, OTHER_PREFIX = "demo-", "other-"
CODE, OTHER_CODE = "demo", "demo-other"
READ_AFTER = timedelta(hours=1)
UNREAD_FOR = timedelta(days=2)
STAFF = {
    "frontdesk": "desk1-1",
    "handler": "engineering1-1",
    "supervisor": "supervisor1",
    "manager": "manager1",
    "director": "director",
    "auditor": "auditor1",
    "administrator": "administrator",
}
Progress = Callable[[int, int], None]
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Size:
    """How large a company to make; ``cases`` overrides what the communities would bring up by themselves."""

    communities: int = 3
    homes: int = 600
    months: int = 12
    seed: int = 7
    cases: int | None = None


def _beginning(now: datetime, months: int) -> datetime:
    """The first of the month so many months ago, at midnight in Shanghai."""
    local = now.astimezone(ZoneInfo("Asia/Shanghai"))
    count = local.year * 12 + local.month - 1 - months
    return local.replace(year=count // 12, month=count % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _organisation(code: str, name: str) -> Organisation:
    return Organisation.objects.create(code=code, name=name, is_demo=True)


@transaction.atomic
def load(size: Size, *, now: datetime, progress: Progress = lambda done, total: None, makers: int | None = None) -> World:
    """Make the demo company and a small other one, all or nothing; raises ``Conflict`` if there is one already.

    ``makers``: how many processes play cases at once, ``None``: as many as the machine has room for. What is made is the same.
    """
    if Organisation.objects.filter(is_demo=True).exists():
        raise Conflict(_("演示数据已经载入。要重新载入，请先运行 manage.py demo --remove。"))
    begun = _beginning(now, size.months)
    rng = random.Random(size.seed)
    world = Builder(rng, _organisation(CODE, "示例物业（演示数据）"), begun=begun, prefix=PREFIX, first_phone=0).build(
        size.communities, size.homes
    )
    other = Builder(
        rng, _organisation(OTHER_CODE, "另一家物业（演示数据）"), begun=begun, prefix=OTHER_PREFIX, first_phone=5_000_000
    )
    other.build(1, 40)
    ledger, writer = Ledger.of(world.organisation), Writer(world.organisation)
    # Chance of its own: surveys change nothing of the cases that a seed makes, nor one community anything of another.
    load_waves(random.Random(f"waves-{size.seed}"), world, ledger, begun=begun, now=now)
    writer.write(_taken(ledger, now))
    done, counts = 0, _counts(world, size, (begun, now))
    for batch in made(_makers(world, size, counts, ledger, (begun, now)), processes() if makers is None else makers):
        writer.write(batch)
        done += batch.cases
        progress(done, sum(counts))
    writer.finish()
    return world


def _counts(world: World, size: Size, span: Span) -> list[int]:
    """How many cases each community brings up; together just what was asked for."""
    months = (span[1] - span[0]).days / 30.44
    own = [site.truth.cases_per_home_and_month * size.homes * months for site in world.sites]
    wanted = round(sum(own)) if size.cases is None else size.cases
    up_to = [round(wanted * part / sum(own)) for part in accumulate(own)]
    return [upper - lower for lower, upper in pairwise([0, *up_to])]


def _makers(world: World, size: Size, counts: list[int], ledger: Ledger, span: Span) -> list[Maker]:
    """One for each community, with chance and ids of its own."""
    company, makers = Company(world.organisation), list[Maker]()
    for site, count in zip(world.sites, counts, strict=True):
        playwright = Playwright(random.Random(f"cases-{size.seed}-{site.community.code}"), world, site, begun=span[0])
        makers.append(partial(_played, playwright, count, ledger.part(count), company, span))
    return makers


def _played(playwright: Playwright, count: int, ledger: Ledger, company: Company, span: Span) -> Iterator[Batch]:
    """The cases of one community, played up to now."""
    new_player = bulk_player(ledger, company)
    for script in playwright.cases(*span, count):
        player = new_player()
        play(script, player, span[1])
        player.finish()
        if ledger.full():
            yield _taken(ledger, span[1])
    yield _taken(ledger, span[1])


def _taken(ledger: Ledger, now: datetime) -> Batch:
    """What the ledger holds. People read what they are told; only the last days' notices are new."""
    for notice in ledger.rows[Notice]:
        if notice.created_at < now - UNREAD_FOR:
            notice.read_at = notice.created_at + READ_AFTER
    return ledger.take()


def people() -> dict[str, tuple[User, str]]:
    """One of each in the demo company with the code of their community: all of the first one."""
    organisation = Organisation.objects.get(code=CODE)
    community = organisation.communities.order_by("code")[0]
    with_account = Resident.objects.filter(organisation=organisation, user__isnull=False, residencies__home__community=community)
    busiest = with_account.annotate(count=Count("cases", distinct=True)).order_by("-count", "pk")
    resident = busiest[0]
    home = resident.residencies.select_related("home").first()
    building = home.home.building_id if home else None
    neighbour = busiest.filter(residencies__home__building=building).exclude(residencies__home=home.home if home else None)[0]
    found = {role: (User.objects.get(username=PREFIX + name), community.code) for role, name in STAFF.items()}
    outsider = User.objects.get(username=f"{OTHER_PREFIX}manager1")
    pairs = {"resident": resident, "neighbour": neighbour}
    return {role: (one.user, community.code) for role, one in pairs.items() if one.user} | found | {"outsider": (outsider, "O01")}


@transaction.atomic
def give_passwords() -> dict[str, str]:
    """Generate a new password for one person a role; returns username → password. They are shown once."""
    given: dict[str, str] = {}
    for role, (user, _code) in people().items():
        if role in STAFF or role == "outsider":
            password = paper_code(12)
            user.set_password(password)
            user.save(update_fields=["password"])
            given[user.username] = password
    return given
