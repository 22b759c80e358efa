"""Made-up people: plausible, unique where they must be, and nobody's."""

import random
import re

from linsheng.simulate.names import (
    PeopleMaker,
    building_name,
    demo_address,
    demo_communities,
    fake_phone,
    generation,
    room_number,
)


def test_phone_numbers_are_unique_eleven_digits_and_nobodys():
    numbers = [fake_phone(index) for index in range(30_000)]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"100\d{8}", number) for number in numbers)
    assert all(number.startswith("1000000") for number in numbers[:10_000])


def test_people_have_their_own_number_and_mail_address():
    maker = PeopleMaker(random.Random(1))
    people = [maker.person() for _ in range(5000)]
    assert len({person.phone for person in people}) == 5000
    assert len({person.email for person in people}) == 5000
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.(com|cn)", person.email) for person in people)


def test_two_makers_do_not_share_numbers_when_told_where_to_begin():
    first, second = PeopleMaker(random.Random(1)), PeopleMaker(random.Random(1), first_phone=100)
    assert {first.person().phone for _ in range(100)}.isdisjoint(second.person().phone for _ in range(100))


def test_names_are_chinese_and_varied():
    maker = PeopleMaker(random.Random(2))
    names = [maker.person().name for _ in range(5000)]
    assert all(re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name) for name in names)
    assert len(set(names)) > 3500


def test_a_name_begins_with_the_surname_and_the_title_fits_the_gender():
    maker = PeopleMaker(random.Random(3))
    mother = maker.person(surname="欧阳", gender="female", age=70)
    assert mother.name.startswith("欧阳")
    assert mother.title == "欧阳女士"
    assert maker.person(surname="陈", gender="male").title == "陈先生"


def test_people_of_different_age_have_different_names():
    assert [generation(age) for age in (80, 50, 25, 6)] == ["elder", "middle", "young", "child"]
    maker = PeopleMaker(random.Random(4))
    old = {maker.given_name("female", 75) for _ in range(500)}
    young = {maker.given_name("female", 8) for _ in range(500)}
    assert not old & young


def test_staff_are_of_working_age():
    maker = PeopleMaker(random.Random(5))
    assert all(18 < maker.staff().age < 60 for _ in range(500))


def test_the_same_seed_makes_the_same_people():
    first, second = PeopleMaker(random.Random(6)), PeopleMaker(random.Random(6))
    assert [first.person() for _ in range(200)] == [second.person() for _ in range(200)]


def test_demo_communities_differ_in_name_and_cover_the_grades():
    communities = demo_communities(60)
    assert len({name for name, _ in communities}) == 60
    assert {grade for _, grade in communities[:3]} == {"standard", "premium", "affordable"}
    assert communities[0] == ("翠湖苑", "standard")


def test_places_read_as_on_a_door():
    assert building_name(3) == "3栋"
    assert room_number(12, 3) == "1203"
    assert "示范区" in demo_address(2)
