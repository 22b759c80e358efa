"""Slips: one after the other, what is right is kept at once, what is wrong stays with its errors, and nothing is entered twice."""

import io
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from linsheng.accounts.privacy.erasure import erase_everywhere
from linsheng.audit.models import AuditEntry
from linsheng.core.errors import Forbidden, Invalid
from linsheng.feedback.models import Case
from linsheng.intake.actions.paper import Scan, Written, enter_slip, open_batch
from linsheng.intake.actions.places import create_place
from linsheng.intake.labels import address_of
from linsheng.intake.models import Slip, SlipBatch
from linsheng.intake.queries.paper import sender_of
from linsheng.intake.slips import slips_pdf

PDF = b"%PDF-1.4\n%scan\n"


@pytest.fixture
def batch(cast, now):
    received = now - timedelta(days=2)
    common = {"channel": "paper", "box": "1 栋意见箱", "received_at": received}
    return open_batch(community=cast.community, **common, by=cast.frontdesk, now=now)


def written(cast, key="1", **more):
    return Written(key=key, item=cast.item, **{"text": "三号电梯晃得厉害", **more})


def enter(batch, cast, now, *, scan=None, **more):
    return enter_slip(batch=batch, written=written(cast, **more), scan=scan, by=cast.frontdesk, now=now)


def pdf(content=PDF, name="纸条.pdf"):
    return Scan(name, len(content), io.BytesIO(content))


def row(number, key=None, **values):
    filled = {"key": key or f"key-{number}", "item": "facility.lift", "text": f"第 {number} 张纸条", "urgency": "normal", **values}
    return {f"r{number}-{name}": value for name, value in filled.items()}


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.frontdesk)
    return client


def post(client, batch, *rows):
    return client.post(reverse("intake:slips", args=[batch.pk]), {name: value for one in rows for name, value in one.items()})


def test_a_slip_is_a_case_from_the_day_it_came_in(batch, cast, now):
    slip = enter(batch, cast, now, home=cast.home, name="老周")
    case = slip.case
    assert (case.channel, case.received_at, case.entered_by) == ("paper", batch.received_at, cast.frontdesk)
    assert (case.home, case.contact_name, slip.entered_by, slip.entered_at) == (cast.home, "老周", cast.frontdesk, now)


def test_the_same_row_again_is_the_same_slip(batch, cast, now):
    first = enter(batch, cast, now, scan=pdf())
    assert enter(batch, cast, now, scan=pdf(), text="别的话") == first
    assert (Slip.objects.count(), Case.objects.count()) == (1, 1)


def test_a_pdf_is_kept_beside_the_slip_and_a_photo_goes_to_the_case(batch, cast, now):
    kept = enter(batch, cast, now, scan=pdf())
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 140, 90)).save(picture, "JPEG")
    seen = enter(batch, cast, now, key="2", scan=Scan("x.jpg", 900, picture))
    assert (kept.scan_name, kept.case.photos.count()) == ("纸条.pdf", 0)
    with kept.scan.open("rb") as stored:
        assert stored.read() == PDF
    assert (bool(seen.scan), seen.case.photos.count()) == (False, 1)


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"MZ\x90", b""])
def test_anything_else_is_no_scan_and_the_slip_waits(batch, cast, now, content):
    with pytest.raises(Invalid) as refused:
        enter(batch, cast, now, scan=pdf(content, "x.exe"))
    assert "scan" in refused.value.fields
    assert not Case.objects.exists() and not Slip.objects.exists()


def test_nothing_is_left_of_a_file_whose_slip_was_refused(batch, cast, now, settings):
    with pytest.raises(Invalid):
        enter(batch, cast, now, scan=pdf(), text="")
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_handwriting_tells_who_asked_to_stay_unknown(batch, cast, now):
    with pytest.raises(Invalid, match="保密"):
        enter(batch, cast, now, scan=pdf(), confidential=True)
    assert enter(batch, cast, now, confidential=True, home=cast.home).case.confidential


def test_only_the_desk_there_enters_slips_and_none_from_the_future(batch, cast, now):
    for person in (cast.handler, cast.outsider, cast.auditor):
        with pytest.raises(Forbidden):
            enter_slip(batch=batch, written=written(cast), by=person, now=now)
    for when in (now + timedelta(hours=1), now - timedelta(days=400)):
        with pytest.raises(Invalid):
            open_batch(community=cast.community, channel="paper", box="", received_at=when, by=cast.frontdesk, now=now)


@pytest.mark.parametrize(
    ("typed", "home", "resident", "phone", "wrong"),
    [
        ("", None, None, "", False),
        ("3-2-1201", "3-2-1201", None, "", False),
        (" ３－２－１２０１ ", "3-2-1201", None, "", False),
        ("100 0000 0001", "3-2-1201", "业主甲", "", False),
        ("+86 10000000002", "3-2-1202", "邻居乙", "", False),
        ("13900001111", None, None, "13900001111", False),
        ("9-9-999", None, None, "", True),
        ("老周", None, None, "", True),
    ],
)
def test_whom_a_slip_is_from(cast, typed, home, resident, phone, wrong):
    found = sender_of(cast.frontdesk, cast.community, typed)
    assert (found.home.number if found.home else None, found.resident.name if found.resident else None) == (home, resident)
    assert (found.phone, bool(found.error)) == (phone, wrong)


def test_right_rows_are_kept_and_wrong_ones_stay_with_what_was_typed(batch, desk):
    answer = post(
        desk, batch, row(0, who="3-2-1201"), row(1, who="9-9-999"), row(2, item=""), row(3, text="", item="", urgency="normal")
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and Slip.objects.count() == 1
    assert "第 1 张纸条" in page and "9-9-999" in page and "没有这个房号" in page
    assert "第 2 张纸条" in page and "请选择是哪方面的事" in page
    assert "2 行没有登记" in page and Slip.objects.get().case.number in page


def test_rows_sent_again_after_a_lost_answer_are_entered_once(batch, desk):
    rows = [row(n) for n in range(5)]
    assert post(desk, batch, *rows).status_code == 302
    assert post(desk, batch, *rows).status_code == 302
    assert (Slip.objects.count(), Case.objects.count()) == (5, 5)
    # A wrong row corrected: what was entered beside it is not entered anew.
    post(desk, batch, row(0), row(6, item=""))
    post(desk, batch, row(0), row(6))
    assert Case.objects.count() == 6


def test_blank_rows_are_no_slips(batch, desk):
    answer = post(desk, batch, *({f"r{n}-key": f"k{n}", f"r{n}-urgency": "normal"} for n in range(8)))
    assert answer.status_code == 302 and not Slip.objects.exists()


def test_a_scan_of_a_wrong_row_has_to_be_chosen_again_and_is_said_to(batch, desk):
    answer = post(desk, batch, row(0, text="", scan=SimpleUploadedFile("a.pdf", PDF)))
    assert "扫描件没有留住" in answer.content.decode()


def test_a_scan_is_for_those_who_may_open_the_case_and_never_runs_in_a_page(batch, cast, client, now):
    slip = enter(batch, cast, now, scan=pdf())
    address = reverse("intake:slip_scan", args=[slip.pk])
    client.force_login(cast.outsider)
    assert client.get(address).status_code == 404
    client.force_login(cast.frontdesk)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"


def test_looking_somebody_up_is_logged(batch, desk, cast):
    address = reverse("intake:slip_sender", args=[batch.pk])
    assert "业主甲" in desk.post(address, {"r3-who": "10000000001"}).content.decode()
    assert AuditEntry.objects.get(action="personal_data.read").data["ids"] == [cast.residents["owner"].pk]
    assert "没有这个房号" in desk.post(address, {"r3-who": "abc"}).content.decode()


def test_batches_are_found_and_exported(batch, cast, desk, now, client, django_assert_max_num_queries):
    case = enter(batch, cast, now, home=cast.home).case
    with django_assert_max_num_queries(14):
        assert "1 栋意见箱" in desk.get(reverse("intake:paper"), {"q": case.number}).content.decode()
    assert "没有符合条件的批次" in desk.get(reverse("intake:paper"), {"q": "没有"}).content.decode()
    assert desk.get(reverse("intake:export_slips")).status_code == 403
    client.force_login(cast.supervisor)
    for query in ({"q": "意见箱"}, {"batch": batch.pk}):
        content = b"".join(client.get(reverse("intake:export_slips"), {**query, "format": "csv"}).streaming_content)
        assert case.number in content.decode("utf-8-sig")
    assert AuditEntry.objects.filter(action="personal_data.export").count() == 2


def test_a_batch_is_opened_on_its_page(cast, desk):
    answer = desk.post(reverse("intake:new_slips"), {"community": "CH", "received_at": "2026-01-05T09:00", "channel": "desk"})
    assert answer.status_code in {302, 422}
    later = desk.post(reverse("intake:new_slips"), {"community": "CH", "received_at": "2999-01-05T09:00", "channel": "desk"})
    assert later.status_code == 422 and "不能晚于现在" in later.content.decode()
    assert SlipBatch.objects.count() <= 1


def test_blank_slips_carry_the_code_of_the_public_form(cast, now):
    without = pypdfium2.PdfDocument(io.BytesIO(slips_pdf(cast.community)))
    assert zxingcpp.read_barcodes(without[0].render(scale=2).to_pil()) == []
    place = create_place(community=cast.community, by=None, now=now)
    sheet = pypdfium2.PdfDocument(io.BytesIO(slips_pdf(cast.community)))
    assert len(sheet) == 1
    assert [found.text for found in zxingcpp.read_barcodes(sheet[0].render(scale=3).to_pil())] == [address_of(place)] * 2


def test_who_is_forgotten_leaves_no_handwriting(batch, cast, now, settings, django_capture_on_commit_callbacks):
    resident = cast.residents["owner"]
    slip = enter(batch, cast, now, scan=pdf(), resident=resident, home=cast.home)
    with django_capture_on_commit_callbacks(execute=True):
        erase_everywhere(cast.owner, None, now)
    slip.refresh_from_db()
    assert (slip.scan.name, slip.scan_name) == ("", "")
    assert list(Path(settings.MEDIA_ROOT).rglob("*.pdf")) == []
