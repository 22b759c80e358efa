"""A file field that takes several pictures."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files; the cleaned value is a list. Whether they are pictures is found out by the action that reads them."""

    widget = ManyFiles

    def clean(self, data: object, initial: object = None) -> "list[UploadedFile[Any]]":
        uploads = [upload for upload in (data if isinstance(data, list | tuple) else [data]) if upload]
        single = super().clean
        # Without any file Django's own check says so, where one is needed.
        return [single(upload, initial) for upload in uploads] if uploads else [found for found in [single(None, initial)] if found]
