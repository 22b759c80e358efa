"""Cases and photos for the tests of the residents' pages."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linsheng.feedback import actions
from linsheng.feedback.actor import Actor


def picture(color="#336699", name="a.jpg"):
    """A small real JPEG as an upload."""
    out = BytesIO()
    Image.new("RGB", (60, 40), color).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def photo_of(case, by, now, **options):
    upload = picture(options.pop("color", "#336699"))
    return actions.add_photo(case=case, upload=upload, size=upload.size, by=by, now=now, **options)


def by_neighbour(cast, now, **changes):
    """A neighbour's report about the lift, which others can join."""
    plain = {
        "community": cast.community,
        "item": cast.item,
        "text": "二号电梯有异响，打 13800001234，住 3-2-1202",
        "location": "本楼电梯",
        "resident": cast.residents["neighbour"],
        "home": cast.neighbour_home,
    }
    return actions.receive_case(report=actions.Report(**(plain | changes)), by=Actor(user=cast.neighbour, reporter=True), now=now)
