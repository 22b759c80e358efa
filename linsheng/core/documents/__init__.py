"""Paper: a typst template of ours and plain data become a PDF, without a network, temporary files or the system's fonts.

An app keeps its templates in ``<app>/documents/*.typ``; each begins with ``#import "/core/documents/sheet.typ": …`` and finds what
it prints in ``data``. Texts of people come in as data only, never as markup: a template cannot be made to read a file.
"""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

# Templates may read what lies below this folder and nothing else.
ROOT = Path(__file__).resolve().parent.parent.parent


class FontsMissingError(RuntimeError):
    """The fonts were not set up."""


def fonts() -> Path:
    """The folder of the fonts that set-up brought."""
    folder = Path(settings.FONTS)
    if not any(folder.glob("*.ttf")):
        raise FontsMissingError(f"no fonts in {folder}: run `make setup` (npm brings them)")
    return folder


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of ``template`` (``"intake/documents/labels.typ"``) with ``data`` (what JSON can hold)."""
    import typst

    return typst.compile(
        str(ROOT / template),
        root=str(ROOT),
        font_paths=[str(fonts())],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
    )


def qr_svg(text: str) -> str:
    """A QR code as SVG, for ``qr(…)`` of ``sheet.typ``; error correction M, so that a smudge does not lose it."""
    import segno

    code = segno.make_qr(text, error="m")
    out = io.BytesIO()
    code.save(out, kind="svg", border=2, light="#fff", omitsize=True, xmldecl=False)
    return out.getvalue().decode()


def qr_data_uri(text: str) -> str:
    """The same code for an ``<img>`` on a page."""
    import segno

    return segno.make_qr(text, error="m").svg_data_uri(scale=4, border=2, light="#fff")
