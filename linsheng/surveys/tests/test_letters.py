"""Letters: rendered, looked at by a QR decoder, made once, and worth nothing to others."""

import io
import re

import pypdfium2
import pytest
import zxingcpp
from django.core.management import CommandError, call_command
from django.test import Client

from linsheng.audit.models import AuditEntry
from linsheng.core.errors import Conflict, Forbidden
from linsheng.surveys import actions, letters
from linsheng.surveys.tests.factories import add_homes, code_of, filled, open_wave


@pytest.fixture
def wave(cast):
    from linsheng.core import clock

    return open_wave(cast.community, clock.now())


def pages(content: bytes):
    return pypdfium2.PdfDocument(content)


def test_the_code_on_a_letter_is_scanned_back_and_opens_the_survey(wave, cast, settings):
    (sheet,) = letters.sheets_of(wave)
    pdf = pages(letters.pdf_of(wave, sheet))
    assert len(pdf) == 2
    text = pdf[0].get_textpage().get_text_bounded()
    assert cast.home.number in text and "翠湖苑" in text and "匿名" in text
    assert letters.spaced(code_of(wave, cast.home)) in " ".join(text.split())
    (read,) = zxingcpp.read_barcodes(pdf[0].render(scale=2).to_pil())
    assert read.text == settings.SITE_URL + "/s/" + code_of(wave, cast.home)
    assert Client().get(read.text.removeprefix(settings.SITE_URL)).status_code == 302


def test_the_address_stands_in_the_window_of_the_envelope(wave, cast):
    (sheet,) = letters.sheets_of(wave)
    page = pages(letters.pdf_of(wave, sheet))[0]
    found = page.get_textpage().search(cast.home.number).get_next()
    left, _bottom, _right, top = page.get_textpage().get_charbox(found[0])
    millimetres = 72 / 25.4
    assert 20 <= left / millimetres <= 105
    assert 45 <= (page.get_height() - top) / millimetres <= 80


def test_only_homes_that_have_not_answered_get_a_letter(wave, cast, now):
    actions.cast_answer(code=code_of(wave, cast.home), wave_id=wave.pk, given=filled(wave.version), key="k", now=now)
    (sheet,) = letters.sheets_of(wave)
    assert [ballot.home for ballot in sheet.ballots] == [cast.neighbour_home]


def test_the_command_writes_a_file_a_building_that_only_its_owner_reads(cast, tmp_path):
    from linsheng.core import clock

    add_homes(cast.community, 2, 3)
    wave = open_wave(cast.community, clock.now())
    out = io.StringIO()
    call_command("letters", "--wave", str(wave.pk), "--out", str(tmp_path / "letters"), stdout=out)
    files = sorted((tmp_path / "letters").iterdir())
    assert [file.name for file in files] == ["10栋.pdf", "11栋.pdf", "3栋.pdf"]
    assert {oct(file.stat().st_mode)[-3:] for file in files} == {"600"}
    assert re.search(r"10栋.pdf 3", out.getvalue())
    assert AuditEntry.objects.filter(action="surveys.print_letters").count() == 3
    with pytest.raises(CommandError):
        call_command("letters", "--wave", "999", "--out", str(tmp_path))


def test_the_command_says_in_a_sentence_where_it_cannot_write_and_prints_nothing(cast, tmp_path):
    from linsheng.core import clock

    wave = open_wave(cast.community, clock.now())
    (tmp_path / "taken").write_text("a file")
    for place in ("taken", "taken/letters"):
        with pytest.raises(CommandError, match=r"不能写到 .*taken.*--out"):
            call_command("letters", "--wave", str(wave.pk), "--out", str(tmp_path / place))
    assert not AuditEntry.objects.filter(action="surveys.print_letters").exists()


def test_printing_is_for_those_who_run_the_survey_and_while_it_is_open(wave, cast, now):
    with pytest.raises(Forbidden):
        actions.print_letters(wave=wave, sheets=letters.sheets_of(wave), by=cast.frontdesk, now=now)
    closed = actions.close_wave(wave=wave, by=None, now=now)
    with pytest.raises(Conflict):
        actions.print_letters(wave=closed, sheets=[], by=cast.manager, now=now)


def test_a_lost_letter_is_replaced_on_the_page(wave, cast):
    client = Client()
    client.force_login(cast.manager, backend="linsheng.accounts.backends.AccountBackend")
    old = code_of(wave, cast.home)
    answer = client.post(f"/surveys/{wave.pk}/letters/replace/", {"home": cast.home.number})
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    assert Client().get(f"/s/{old}").status_code == 404
    assert client.post(f"/surveys/{wave.pk}/letters/replace/", {"home": "9-9"}).status_code == 302
