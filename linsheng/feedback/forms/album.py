"""Choosing several photos at once, with a first look at each before anything is written."""

import warnings
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from linsheng.feedback.actions.photos import FORMATS, MOST_BYTES, UNREADABLE

MOST_AT_ONCE = 9


class AlbumInput(forms.FileInput):
    allow_multiple_selected = True


def _check(upload: "UploadedFile[Any]") -> None:
    """Size and header only; the whole picture is read when it is added."""
    if upload.size is None or upload.size > MOST_BYTES:
        raise ValidationError(_("“%(name)s”超过 15 MB，请压缩后再传。") % {"name": upload.name})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            Image.open(upload, formats=FORMATS)
    except (*UNREADABLE, Image.DecompressionBombError) as error:
        raise ValidationError(_("“%(name)s”不是能识别的图片，请选 JPG、PNG 或 WebP 照片。") % {"name": upload.name}) from error
    finally:
        upload.seek(0)


class AlbumField(forms.FileField):
    """Up to nine photos; the cleaned value is a list, empty where none was chosen."""

    widget = AlbumInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("照片"))
        options.setdefault("help_text", gettext_lazy("可以现拍，也可以从相册选，最多 9 张。照片里的定位信息会自动去掉。"))
        super().__init__(required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        uploads = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(uploads) > MOST_AT_ONCE:
            raise ValidationError(_("一次最多 %(n)s 张照片，其余的可以提交后再补充。") % {"n": MOST_AT_ONCE})
        for upload in uploads:
            _check(upload)
        return uploads
