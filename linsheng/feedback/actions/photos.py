"""Pictures: checked, turned upright, re-encoded without metadata, kept under random names."""

import hashlib
import struct
import warnings
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from linsheng.core.errors import Conflict, Invalid
from linsheng.core.ids import unguessable
from linsheng.feedback.actions.step import check_allowed, fresh_case, note_event
from linsheng.feedback.actor import Actor
from linsheng.feedback.machine import RULES
from linsheng.feedback.models import Case, Photo

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_PHOTOS = 20
LONG_SIDE, THUMBNAIL_SIDE = 2000, 320
# Formats of cameras and phones only: nothing that can hold a script (SVG, HTML, PDF) is even tried.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "MPO")
# Whatever a broken or hostile file makes the decoder stumble over.
UNREADABLE = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError,
    struct.error,
)  # fmt: skip
WHITE = (255, 255, 255)


@dataclass(frozen=True)
class Picture:
    """A picture as it will be kept: two JPEGs, and the size of the larger one in pixels."""

    full: bytes
    thumbnail: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.full).hexdigest()


def _refuse(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"photo": sentence})


def _too_many_pixels() -> Invalid:
    return _refuse(_("图片太大（超过 5000 万像素），请缩小后再传。"))


def _opened(upload: IO[bytes]) -> Image.Image:
    """The picture upright on white, its size checked before a pixel is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(upload, formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise _too_many_pixels()
            # A JPEG of many pixels is decoded at a fraction of its size: less memory for the same result.
            image.draft("RGB", (LONG_SIDE, LONG_SIDE))
            image.load()
            return _on_white(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except UNREADABLE as error:
        raise _refuse(_("这不是能识别的图片，请上传 JPG、PNG 或 WebP 照片。")) from error


def _on_white(image: Image.Image) -> Image.Image:
    """Plain RGB pixels and nothing else: no profile, comment or position travels along."""
    if "A" in image.getbands() or "transparency" in image.info:
        layer = image.convert("RGBA")
        plain = Image.new("RGB", layer.size, WHITE)
        plain.paste(layer, mask=layer.getchannel("A"))
    else:
        plain = image.convert("RGB")
    plain.info = {}
    return plain


def _encoded(image: Image.Image, side: int) -> bytes:
    """As a JPEG no larger than ``side``; the image itself shrinks, for two copies of a large one are one too many."""
    image.thumbnail((side, side))
    out = BytesIO()
    image.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def read_picture(upload: IO[bytes], size: int) -> Picture:
    """The upload as fresh JPEGs; raises ``Invalid`` for what is no picture, or too big (``size`` in bytes)."""
    if size > MOST_BYTES:
        raise _refuse(_("图片超过 15 MB，请压缩后再传。"))
    image = _opened(upload)
    full = _encoded(image, LONG_SIDE)
    width, height = image.size
    return Picture(full, _encoded(image, THUMBNAIL_SIDE), width, height)


def add_photo(
    *,
    case: Case,
    upload: IO[bytes],
    size: int,
    stage: str = Photo.Stage.REPORT,
    internal: bool = False,
    by: Actor,
    now: datetime,
) -> Photo:
    """Add a picture to a case; the same picture twice is kept once. A reporter's always belong to the report and are open."""
    fresh = fresh_case(case)
    check_allowed(fresh, RULES["add"], by)
    if by.reporter:
        stage, internal = Photo.Stage.REPORT, False
    if stage not in Photo.Stage.values:
        raise Invalid(_("请从列出的选项中选择。"), fields={"stage": _("请从列出的选项中选择。")})
    picture = read_picture(upload, size)
    if existing := _same(fresh, picture, stage):
        return existing
    try:
        with transaction.atomic():
            return _keep(
                fresh, picture, Photo(stage=stage, internal=internal, by=None if by.reporter else by.user, at=now), by, now
            )
    except IntegrityError:
        # The same picture, sent twice at the same moment.
        if existing := _same(fresh, picture, stage):
            return existing
        raise


def _same(case: Case, picture: Picture, stage: str) -> Photo | None:
    return Photo.objects.filter(case=case, digest=picture.digest, stage=stage).first()


def _keep(case: Case, picture: Picture, photo: Photo, by: Actor, now: datetime) -> Photo:
    if case.photos.count() >= MOST_PHOTOS:
        raise Conflict(_("一件反映最多 %(n)s 张照片。") % {"n": MOST_PHOTOS})
    name = unguessable()
    photo.case, photo.digest, photo.width, photo.height = case, picture.digest, picture.width, picture.height
    photo.file.save(f"{name}.jpg", ContentFile(picture.full), save=False)
    photo.thumbnail.save(f"{name}-s.jpg", ContentFile(picture.thumbnail), save=False)
    try:
        photo.save(force_insert=True)
        note_event(case, "photo", by=by, now=now, internal=photo.internal, data={"photo": photo.pk})
    except BaseException:
        # Files know no rollback: what nothing will point at goes away again, whatever went wrong.
        for kept in (photo.file, photo.thumbnail):
            default_storage.delete(str(kept.name))
        raise
    return photo
