"""Paper comes out in our own fonts, and its codes can be read back."""

import io

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from linsheng.core import documents

SAMPLE = """#import "/core/documents/sheet.typ": data, qr, sheet
#show: sheet.with(head: data.head)
#data.words
#qr(data.code)
"""


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """A template of the test's own, beside a copy of the shared sheet."""
    shared = tmp_path / "core" / "documents"
    shared.mkdir(parents=True)
    (shared / "sheet.typ").write_text((documents.ROOT / "core/documents/sheet.typ").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "sample.typ").write_text(SAMPLE, encoding="utf-8")
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    return "sample.typ"


def printed(template: str, **data) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(
        io.BytesIO(documents.render_pdf(template, {"head": "翠湖物业", "code": documents.qr_svg("x"), **data}))
    )


def test_rare_characters_are_printed_and_markup_of_people_is_not_obeyed(sample):
    words = '张堃、李喆说：#read("/etc/passwd") *粗* $x$'
    text = printed(sample, words=words)[0].get_textpage().get_text_bounded()
    assert "张堃" in text and "李喆" in text
    assert "#read" in text and "root:" not in text


def test_a_code_on_paper_leads_to_its_address(sample):
    page = printed(sample, words="", code=documents.qr_svg("https://example.org/q/AbC123"))[0]
    picture = page.render(scale=2).to_pil()
    assert isinstance(picture, Image.Image)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == ["https://example.org/q/AbC123"]


def test_missing_fonts_are_said_with_what_to_do(settings, tmp_path):
    settings.FONTS = tmp_path
    with pytest.raises(documents.FontsMissingError, match="make setup"):
        documents.fonts()
