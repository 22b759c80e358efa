"""Made-up people and places: names, phone numbers and addresses that look real and belong to nobody."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from linsheng.simulate import name_pools as pools
from linsheng.simulate.phrasing import pick

GENERATIONS: tuple[str, ...] = ("elder", "middle", "young", "child")
"""Born before 1960, to 1984, to 2007, and after: what their parents liked to call them."""

_ELDER_FROM, _MIDDLE_FROM, _YOUNG_FROM = 64, 40, 18

_BLOCK = 10_000
_STEP = 7_919
"""Coprime to the block, so that neighbours in the list are not neighbours in number."""

_ROMAN: Mapping[str, str] = {surname: spelling for surname, (spelling, _) in pools.SURNAMES.items()}
_SURNAMES = tuple(pools.SURNAMES)
_CUMULATIVE = tuple(accumulate(weight for _, weight in pools.SURNAMES.values()))

_Split = Mapping[str, Mapping[str, tuple[str, ...]]]


def _split(pool: Mapping[str, Mapping[str, str]]) -> _Split:
    return {gender: {age: tuple(chars.split()) for age, chars in ages.items()} for gender, ages in pool.items()}


_FIRST, _SECOND, _SINGLE = _split(pools.FIRST), _split(pools.SECOND), _split(pools.SINGLE)
_SINGLE_SHARE: Mapping[str, float] = {"elder": 0.12, "middle": 0.28, "young": 0.2, "child": 0.08}


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """A person who does not exist: ``gender`` is female or male, the phone is never anybody's."""

    name: str
    surname: str
    gender: str
    age: int
    phone: str
    email: str

    @property
    def title(self) -> str:
        """How staff speak of them: surname and 女士 or 先生."""
        return f"{self.surname}{'女士' if self.gender == 'female' else '先生'}"


def fake_phone(index: int) -> str:
    """Return the index-th fake number: eleven digits that begin with 100, as no mobile number does."""
    block, within = divmod(index, _BLOCK)
    return f"100{block:04d}{within * _STEP % _BLOCK:04d}"


def generation(age: int) -> str:
    """Return the generation of an age in years."""
    if age >= _ELDER_FROM:
        return "elder"
    if age >= _MIDDLE_FROM:
        return "middle"
    return "young" if age >= _YOUNG_FROM else "child"


def demo_communities(count: int) -> list[tuple[str, str]]:
    """Return names and grades of ``count`` communities, the grades in turn beginning with the standard one."""
    grades = ("standard", "premium", "affordable")
    return [_community(grades[index % len(grades)], index // len(grades)) for index in range(count)]


def _community(grade: str, index: int) -> tuple[str, str]:
    names = pools.COMMUNITY_NAMES[grade]
    turn, within = divmod(index, len(names))
    return (f"{names[within]}{turn + 1}期" if turn else names[within], grade)


def demo_address(index: int) -> str:
    """Return a street address in a district that does not exist."""
    street = pools.DISTRICTS[index % len(pools.DISTRICTS)]
    return f"深圳市{street}{index * 7 + 8}号"


def building_name(number: int) -> str:
    """Return the name of a building: 1栋, 2栋, …"""
    return f"{number}栋"


def room_number(floor: int, position: int) -> str:
    """Return a room number: floor 12, second door → 1202."""
    return f"{floor}{position:02d}"


class PeopleMaker:
    """Makes people up; their phones and mail addresses are unique within one maker."""

    def __init__(self, rng: random.Random, first_phone: int = 0) -> None:
        """``first_phone`` is the index of the first number, for makers that must not overlap."""
        self.rng = rng
        self.next_phone = first_phone

    def person(self, *, age: int | None = None, surname: str = "", gender: str = "") -> MadeUpPerson:
        """Make a person; age, surname (for a family) and gender are drawn where they are not given."""
        years = self._age() if age is None else age
        sex = gender or pick(self.rng, ("female", "male"))
        family = surname or self.surname()
        name = family + self.given_name(sex, years)
        index = self.next_phone
        self.next_phone += 1
        return MadeUpPerson(name, family, sex, years, fake_phone(index), self._email(family, index))

    def staff(self, *, gender: str = "") -> MadeUpPerson:
        """Make a person of working age."""
        return self.person(age=22 + int(self.rng.random() * 34), gender=gender)

    def surname(self) -> str:
        """Draw a surname as often as it is borne."""
        return self.rng.choices(_SURNAMES, cum_weights=_CUMULATIVE)[0]

    def given_name(self, gender: str, age: int) -> str:
        """Draw a given name that fits gender and age."""
        age_group = generation(age)
        if self.rng.random() < _SINGLE_SHARE[age_group]:
            return pick(self.rng, _SINGLE[gender][age_group])
        while True:
            first = pick(self.rng, _FIRST[gender][age_group])
            second = pick(self.rng, _SECOND[gender][age_group])
            if first != second:
                return first + second

    def _age(self) -> int:
        return 18 + int(self.rng.betavariate(2.2, 3.0) * 70)

    def _email(self, surname: str, index: int) -> str:
        domain = pick(self.rng, ("example.com", "example.cn"))
        return f"{_ROMAN.get(surname, 'user')}.{pick(self.rng, pools.NICKNAMES)}{index}@{domain}"
