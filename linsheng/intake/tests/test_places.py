"""Codes of places: made once, found however they are typed, taken out of use, given anew; their labels can be read back."""

import io
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from django.core.management import CommandError, call_command
from django.urls import reverse

from linsheng.audit.models import AuditEntry
from linsheng.communities.models import Building
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.intake.actions.places import create_all_places, create_place, reissue_place, retire_place
from linsheng.intake.labels import address_of, labels_pdf
from linsheng.intake.models import Place
from linsheng.intake.queries.places import labels_of, place_scanned
from linsheng.intake.tests.reports import reported


@pytest.fixture
def lift(cast, now):
    return create_place(community=cast.community, building=cast.building, spot="电梯", by=cast.frontdesk, now=now)


def test_a_community_gets_all_its_codes_at_once_and_none_twice(cast, now):
    Building.objects.create(community=cast.community, name="4栋", order=4)
    made = create_all_places(community=cast.community, spots=["电梯", " 垃圾房 ", "电梯"], by=cast.frontdesk, now=now)
    names = [place.within for place in labels_of(cast.community)]
    assert len(made) == 7
    assert names == ["", "3栋", "3栋 垃圾房", "3栋 电梯", "4栋", "4栋 垃圾房", "4栋 电梯"]
    assert create_all_places(community=cast.community, spots=["电梯"], by=cast.frontdesk, now=now) == []


def test_codes_are_ten_characters_that_nobody_mixes_up(cast, now):
    codes = {place.code for place in create_all_places(community=cast.community, spots=["a", "b", "c"], by=None, now=now)}
    assert len(codes) == 5
    assert all(len(code) == 10 and not set(code) & set("01ILO") for code in codes)


def test_the_same_spot_twice_is_refused_with_what_to_do(cast, lift, now):
    with pytest.raises(Conflict, match="换码"):
        create_place(community=cast.community, building=cast.building, spot=" 电梯", by=cast.frontdesk, now=now)


def test_a_building_of_another_community_and_a_name_too_long_are_refused(cast, now):
    with pytest.raises(Invalid):
        create_place(community=cast.other_community, building=cast.building, by=None, now=now)
    with pytest.raises(Invalid):
        create_place(community=cast.community, spot="长" * 41, by=None, now=now)


def test_only_who_looks_after_the_roster_there_makes_codes(cast, now):
    for person in (cast.handler, cast.auditor, cast.outsider):
        with pytest.raises(Forbidden):
            create_place(community=cast.community, by=person, now=now)


def test_a_code_is_found_however_it_is_typed(lift):
    assert place_scanned(f" {lift.code[:5].lower()}-{lift.code[5:]} ") == lift
    assert place_scanned("") is None
    assert place_scanned("ABCDEFGHJK") is None


def test_a_new_code_puts_the_old_one_out_of_use(lift, cast, now):
    new = reissue_place(place=lift, by=cast.frontdesk, now=now)
    lift.refresh_from_db()
    assert (lift.retired_at, new.spot, new.retired_at) == (now, "电梯", None)
    assert new.code != lift.code
    with pytest.raises(Conflict):
        reissue_place(place=lift, by=cast.frontdesk, now=now)


def test_a_code_taken_out_of_use_leaves_its_spot_free(lift, cast, now):
    retire_place(place=lift, by=cast.frontdesk, now=now)
    retire_place(place=lift, by=cast.frontdesk, now=now + timedelta(days=1))
    lift.refresh_from_db()
    assert lift.retired_at == now
    create_place(community=cast.community, building=cast.building, spot="电梯", by=cast.frontdesk, now=now)
    assert AuditEntry.objects.filter(action__startswith="place.").count() == 3


def scanned(page):
    return sorted(found.text for found in zxingcpp.read_barcodes(page.render(scale=2).to_pil()))


def test_labels_can_be_read_back_and_say_everything_in_words(cast, now):
    places = create_all_places(community=cast.community, spots=["电梯", "地库", "垃圾房"], by=None, now=now)
    document = pypdfium2.PdfDocument(io.BytesIO(labels_pdf(places)))
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert [len(scanned(page)) for page in document] == [4, 1]
    assert sorted(address for page in document for address in scanned(page)) == sorted(address_of(place) for place in places)
    words = document[1].get_textpage().get_text_bounded().replace(" ", "")
    assert all(part in words for part in ("翠湖苑", places[-1].within.replace(" ", ""), places[-1].code, "0755-10000000"))


def test_a6_labels_are_one_a_page_and_long_names_stay_on_it(cast, now):
    cast.community.name = "翠湖苑国际花园城市广场三期北区商住综合楼"
    cast.community.save()
    place = create_place(community=cast.community, spot="地下二层人防车库东侧充电桩与非机动车停放处旁", by=None, now=now)
    document = pypdfium2.PdfDocument(io.BytesIO(labels_pdf([place, place], "a6")))
    assert [round(side) for side in document[0].get_size()] == [298, 420]
    assert len(document) == 2
    assert scanned(document[1]) == [address_of(place)]


def test_the_command_makes_codes_where_there_are_none_and_writes_the_labels(cast, tmp_path, capsys):
    out = tmp_path / "labels.pdf"
    call_command("qr_labels", community="CH", out=out)
    call_command("qr_labels", "--community", "CH", "--out", str(out), "--sheet", "a6")
    assert out.read_bytes().startswith(b"%PDF")
    assert Place.objects.filter(community=cast.community).count() == 2
    assert "wrote 2 labels" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no community"):
        call_command("qr_labels", community="NONE", out=out)


@pytest.mark.parametrize(
    ("place", "said"),
    [("none/x.pdf", "没有文件夹 .*none：请先建好"), (".", "是文件夹：请用 --out 写明"), ("n" * 300, "不能写到 .*--out")],
)
def test_the_command_says_in_a_sentence_where_it_cannot_write(cast, tmp_path, place, said):
    with pytest.raises(CommandError, match=said):
        call_command("qr_labels", community="CH", out=tmp_path / place)


def test_a_wrong_place_for_the_labels_makes_no_codes(cast, tmp_path):
    with pytest.raises(CommandError):
        call_command("qr_labels", community="CH", out=tmp_path / "none" / "x.pdf")
    assert not Place.objects.exists()


def test_the_list_finds_by_word_and_code_and_counts_what_came_in(cast, lift, now, client, django_assert_max_num_queries):
    other = create_place(community=cast.community, spot="地库东门", by=None, now=now)
    reported(lift, now=now)
    client.force_login(cast.frontdesk)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("intake:places"), {"q": "电梯"}).content.decode()
    assert lift.spaced_code in page and other.spaced_code not in page
    assert lift.spaced_code in client.get(reverse("intake:places"), {"q": lift.code[:6]}).content.decode()
    assert "没有符合条件" in client.get(reverse("intake:places"), {"q": "没有的"}).content.decode()
    export = b"".join(client.get(reverse("intake:export_places"), {"format": "csv"}).streaming_content).decode("utf-8-sig")
    assert address_of(lift) in export


def test_labels_are_printed_from_the_page(cast, lift, client):
    client.force_login(cast.frontdesk)
    for query in ({}, {"place": lift.pk, "sheet": "a6"}):
        answer = client.get(reverse("intake:place_labels"), query)
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert client.get(reverse("intake:place_labels"), {"place": "x"}).status_code == 404


def test_codes_are_made_on_the_pages(cast, client):
    client.force_login(cast.frontdesk)
    client.post(reverse("intake:create_places"), {"community": "CH", "usual": ["电梯"], "more": "1号梯、充电桩"})
    assert {place.within for place in labels_of(cast.community)} == {"", "3栋", "3栋 电梯", "3栋 1号梯", "3栋 充电桩"}
    client.post(reverse("intake:new_place"), {"community": "CH", "spot": "东门"})
    again = client.post(reverse("intake:new_place"), {"community": "CH", "spot": "东门"})
    assert again.status_code == 422 and "已经有码" in again.content.decode()
    assert client.post(reverse("intake:create_places"), {"community": "WR"}).status_code == 422
