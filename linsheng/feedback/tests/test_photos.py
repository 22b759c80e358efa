"""Photos: images only, re-encoded, without position or any other metadata, and no larger than bearable."""

import zlib
from datetime import timedelta
from io import BytesIO
from struct import pack

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image

from linsheng.core.errors import Conflict, Forbidden, Invalid, NotVisible
from linsheng.feedback import actions
from linsheng.feedback.actions import photos
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case, CaseEvent, Photo
from linsheng.feedback.queries.resident import photo_by_link, visible_photo
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF, reporter

GPS_MARK, CAMERA, COMMENT = b"GPS", b"SecretCam 3000", b"home of somebody"


def picture(form="JPEG", size=(60, 40), mode="RGB", color="red", **options):
    out = BytesIO()
    Image.new(mode, size, color).save(out, form, **options)
    out.seek(0)
    return out


def jpeg(**options):
    return picture(**options)


def with_metadata():
    """A JPEG with camera, position, orientation, a comment and XMP."""
    exif = Image.Exif()
    exif[0x0110] = CAMERA.decode()
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (22.0, 32.0, 30.0)
    return picture(exif=exif.tobytes(), comment=COMMENT, xmp=b"<x:xmpmeta>" + CAMERA + b"</x:xmpmeta>")


def add(cast, case, upload, now, by=None, **values):
    by = by or reporter(case, cast)
    return actions.add_photo(case=case, upload=upload, size=upload.getbuffer().nbytes, by=by, now=now, **values)


@pytest.fixture
def case(cast, now):
    return make.received(cast, now)


def stored(photo):
    found = []
    for field in (photo.file, photo.thumbnail):
        with default_storage.open(field.name) as file:
            found.append(file.read())
    return found


def files():
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


class TestWhatIsKept:
    def test_is_free_of_metadata(self, cast, case, now):
        upload = with_metadata()
        assert CAMERA in upload.getvalue() and COMMENT in upload.getvalue()
        for data in stored(add(cast, case, upload, now)):
            image = Image.open(BytesIO(data))
            assert not image.getexif() and "comment" not in image.info and "xmp" not in image.info
            assert not [mark for mark in (CAMERA, COMMENT, b"Exif", b"GPS", b"xmp") if mark in data]

    def test_stands_upright(self, cast, case, now):
        photo = add(cast, case, with_metadata(), now)
        assert (photo.width, photo.height) == (40, 60)

    def test_is_a_jpeg_of_bearable_size_and_says_its_size(self, cast, case, now):
        photo = add(cast, case, picture(size=(4000, 1000)), now)
        full, small = (Image.open(BytesIO(data)) for data in stored(photo))
        assert (full.format, full.size, small.size) == ("JPEG", (2000, 500), (320, 80))
        assert (photo.width, photo.height) == (2000, 500)

    @pytest.mark.parametrize(
        ("form", "mode"),
        [
            ("PNG", "RGBA"),
            ("PNG", "P"),
            ("PNG", "L"),
            ("PNG", "1"),
            ("WEBP", "RGBA"),
            ("GIF", "P"),
            ("BMP", "RGB"),
            ("JPEG", "CMYK"),
            ("JPEG", "L"),
            ("PNG", "I;16"),
        ],
    )
    def test_comes_in_any_usual_form(self, cast, case, now, form, mode):
        photo = add(cast, case, picture(form, mode=mode, color=0), now)
        assert Image.open(BytesIO(stored(photo)[0])).mode == "RGB"

    def test_has_white_where_it_was_transparent(self, cast, case, now):
        photo = add(cast, case, picture("PNG", mode="RGBA", color=(255, 0, 0, 0)), now)
        assert Image.open(BytesIO(stored(photo)[0])).getpixel((5, 5)) == (255, 255, 255)

    def test_has_a_name_that_nobody_guesses(self, cast, case, now):
        names = {add(cast, case, picture(color=(n * 40, 0, 0)), now).file.name.rsplit("/", 1)[1] for n in range(5)}
        assert len(names) == 5 and min(map(len, names)) >= 26


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "data",
        [
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            b"<html><script>alert(1)</script></html>",
            b"%PDF-1.7",
            b"MZ\x90\x00",
            b"",
            b"\xff\xd8\xff",
            b"GIF89a",
            b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
            b"RIFF\x10\x00\x00\x00WEBPVP8 ",
        ],
    )
    def test_is_what_is_no_image(self, cast, case, now, data):
        with pytest.raises(Invalid) as error:
            add(cast, case, BytesIO(data), now)
        assert "photo" in error.value.fields and Photo.objects.count() == 0 and files() == []

    def test_is_a_page_that_begins_like_an_image(self, cast, case, now):
        data = jpeg().getvalue() + b"<script>alert(1)</script>"
        assert b"script" not in stored(add(cast, case, BytesIO(data), now))[0]

    @pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
    def test_is_an_image_cut_short(self, cast, case, now, keep):
        data = picture("PNG", size=(300, 300), color="blue").getvalue()
        with pytest.raises(Invalid):
            add(cast, case, BytesIO(data[: int(len(data) * keep)]), now)

    @pytest.mark.parametrize("side", [7072, 30_000, 60_000])
    def test_is_a_bomb_of_pixels_before_one_is_decoded(self, cast, case, now, side):
        chunk = lambda kind, body: pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))  # noqa: E731
        header = chunk(b"IHDR", pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")
        with pytest.raises(Invalid, match="图片太大"):
            add(cast, case, BytesIO(bomb), now)

    def test_is_a_file_of_too_many_bytes(self, cast, case, now):
        with pytest.raises(Invalid, match="15 MB"):
            actions.add_photo(case=case, upload=jpeg(), size=photos.MOST_BYTES + 1, by=reporter(case, cast), now=now)

    def test_is_one_photo_too_many(self, cast, case, now, monkeypatch):
        monkeypatch.setattr(photos, "MOST_PHOTOS", 2)
        for n in range(2):
            add(cast, case, picture(color=(n * 40, 0, 0)), now)
        with pytest.raises(Conflict, match="最多 2 张"):
            add(cast, case, picture(color=(0, 200, 0)), now)

    def test_is_a_stage_that_does_not_exist(self, cast, case, now):
        with pytest.raises(Invalid) as error:
            add(cast, case, jpeg(), now, by=STAFF(cast.handler), stage="during")
        assert "stage" in error.value.fields

    @pytest.mark.parametrize("person", ["neighbour", "stranger", "auditor", "administrator", "outsider"])
    def test_is_a_photo_of_who_has_no_part_in_it(self, cast, case, now, person):
        user = cast.people[person]
        with pytest.raises(Forbidden):
            add(cast, case, jpeg(), now, by=actor_for(user, case) if person in {"neighbour", "stranger"} else STAFF(user))
        assert files() == []


def test_the_same_photo_is_kept_once(cast, case, now):
    first = add(cast, case, jpeg(), now)
    assert add(cast, case, jpeg(), now).pk == first.pk
    assert Photo.objects.count() == CaseEvent.objects.filter(action="photo").count() == 1 and len(files()) == 2
    assert add(cast, case, jpeg(), now, by=STAFF(cast.frontdesk), stage="after").pk != first.pk


def test_a_reporters_photo_belongs_to_the_report_and_is_open(cast, case, now):
    photo = add(cast, case, jpeg(), now, stage="after", internal=True)
    assert (photo.stage, photo.internal, photo.by) == ("report", False, None)


def test_files_do_not_stay_behind_when_the_row_does_not_come_about(cast, case, now, monkeypatch):
    def fail(*args, **kwargs):
        raise Conflict("不行。")

    monkeypatch.setattr(photos, "note_event", fail)
    with pytest.raises(Conflict):
        add(cast, case, jpeg(), now)
    assert Photo.objects.count() == 0 and files() == []


class TestWhoSeesThem:
    @pytest.fixture
    def shown(self, cast, case, now):
        handler = STAFF(cast.handler)
        actions.assign_case(case=case, handler=cast.handler, by=STAFF(cast.frontdesk), now=now)
        return {
            "report": add(cast, case, picture(color="red"), now),
            "after": add(cast, case, picture(color="green"), now, by=handler, stage="after"),
            "internal": add(cast, case, picture(color="blue"), now, by=handler, stage="after", internal=True),
        }

    def seen(self, cast, person, shown):
        found = set()
        for name, photo in shown.items():
            try:
                found.add(name if visible_photo(cast.people[person], photo.pk) == photo else "")
            except NotVisible:
                continue
        return found

    def test_staff_who_see_the_case_see_all_of_them(self, cast, shown):
        for person in ("frontdesk", "handler", "supervisor", "manager", "director"):
            assert self.seen(cast, person, shown) == {"report", "after", "internal"}

    def test_the_reporter_sees_all_but_the_internal_ones(self, cast, shown):
        assert self.seen(cast, "owner", shown) == {"report", "after"}

    def test_a_follower_sees_what_was_done_and_not_the_reporters_home(self, cast, case, shown, now):
        assert self.seen(cast, "neighbour", shown) == set()
        actions.join_case(case=case, by=cast.neighbour, now=now)
        assert self.seen(cast, "neighbour", shown) == {"after"}

    def test_others_see_none(self, cast, shown):
        for person in ("cleaner", "outsider", "stranger", "administrator"):
            assert self.seen(cast, person, shown) == set()

    def test_the_link_shows_what_its_reporter_may_see(self, case, shown, cast, now):
        token = Case.objects.get(pk=case.pk).track_token
        assert photo_by_link(token, shown["report"].pk) == shown["report"]
        other = make.by_phone(cast, now + timedelta(days=1))
        for wrong, pk in [(token, shown["internal"].pk), (other.track_token, shown["report"].pk), ("x", shown["report"].pk)]:
            with pytest.raises(NotVisible):
                photo_by_link(wrong, pk)


def test_a_photo_by_link_is_the_reporters(cast, now):
    case = make.by_phone(cast, now)
    photo = add(cast, case, jpeg(), now, by=Actor.by_link())
    event = CaseEvent.objects.get(action="photo")
    assert (photo.by, event.by_reporter, event.data) == (None, True, {"photo": photo.pk})
