"""Attachments: a name that is safe, a type by the bytes and not by what is claimed."""

import re
from pathlib import PurePosixPath
from typing import Final

from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.model import Attachment, Fault
from linsheng.intake.mail.parts import Part, encoding_of
from linsheng.intake.mail.transfer import decoded, decoded_size
from linsheng.intake.mail.words import header_text, one_line

MOST_NAME: Final = 120
UNSAFE: Final = re.compile(r'[<>:"|?*\x00-\x1f/\\]')
RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
UNKNOWN: Final = "application/octet-stream"
MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"#!", "text/x-shellscript"),
    (b"{\\rtf", "application/rtf"),
)
OFFICE: Final = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".wps": "application/vnd.ms-works",
}
MARKUP: Final = re.compile(
    rb"(?i)^[\s\xef\xbb\xbf]*(?:<!--.*?-->\s*)?<(!doctype html|html|head|body|script|svg|\?xml|iframe)\b", re.S
)
PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff"})
DANGEROUS_TYPES: Final = frozenset(
    {"application/x-msdownload", "application/x-executable", "text/x-shellscript", "text/html", "image/svg+xml"}
)
DANGEROUS_NAMES: Final = re.compile(
    r"ade|adp|apk|app|bat|chm|cmd|com|cpl|dll|docm|dotm|exe|gadget|hta|htm|html|img|iso|jar|js|jse|lnk|mht|mhtml|msc|msi|msp"
    r"|pif|pl|potm|ppam|pptm|ps1|py|reg|scr|sct|sh|shtml|svg|svgz|swf|sys|url|vb|vbe|vbs|vhd|wsc|wsf|wsh|xhtml|xlam|xlsm"
    r"|xltm|xll|xml"
)
EXTENSIONS: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "application/zip": ".zip",
    "application/ms-tnef": ".dat",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "video/mp4": ".mp4",
}


def attachment(raw: bytes, part: Part, index: int, notes: Notes, *, inline: bool) -> Attachment:
    body = memoryview(raw)[part.start : part.end]
    encoding = encoding_of(part, notes)
    head = decoded(body, encoding, 4096)
    named = declared_name(part, notes)
    sniffed = part.type if part.type == "message/rfc822" else sniff(head, named)
    name = safe_name(named, index, sniffed if sniffed != UNKNOWN else part.type)
    _note_lies(part.type, sniffed, name, notes)
    return Attachment(
        index=index,
        name=name,
        declared_type=part.type,
        content_type=_content_type(part.type, sniffed),
        size=decoded_size(body, encoding),
        cid=content_id(part, notes),
        inline=inline,
        is_image=sniffed in PICTURES,
        dangerous=is_dangerous(name, sniffed),
        raw=body,
        encoding=encoding,
    )


def content_id(part: Part, notes: Notes) -> str:
    return header_text(part.headers.raw("content-id"), notes).strip("<> ")[:250]


def declared_name(part: Part, notes: Notes) -> str:
    """What the part calls itself, in either header that may say so."""
    _, parameters = part.headers.structured("content-disposition")
    return parameters.get("filename") or part.parameters.get("name") or part.parameters.get("filename") or ""


def safe_name(name: str, index: int, content_type: str) -> str:
    """The last part of any path, without what a file system, a page or an eye could be misled by."""
    name = one_line(name, Notes()).replace("\\", "/").rstrip("/ .").rpartition("/")[2]
    name = UNSAFE.sub("_", name).strip(". ")
    if not name:
        return f"attachment-{index + 1}{EXTENSIONS.get(content_type, '.bin')}"
    if RESERVED.fullmatch(name):
        name = f"_{name}"
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    return name if len(name) <= MOST_NAME else stem[: MOST_NAME - len(suffix[:12])] + suffix[:12]


def extension(name: str) -> str:
    return PurePosixPath(name.lower()).suffix


def sniff(head: bytes, name: str = "") -> str:
    """The type by the first bytes; the name only tells kinds of container apart."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return (
            "image/heic"
            if head[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"hevc"}
            else "image/avif"
            if head[8:12] == b"avif"
            else "video/mp4"
        )
    found = next((kind for magic, kind in MAGIC if head.startswith(magic)), "")
    if found == "image/bmp" and (len(head) < 26 or head[6:10] != b"\0\0\0\0"):
        found = ""
    if found in {"application/zip", "application/x-ole-storage"}:
        return OFFICE.get(extension(name), found)
    if not found and MARKUP.match(head[:1024]):
        return "image/svg+xml" if b"<svg" in head.lower() else "text/html"
    return found or UNKNOWN


def is_dangerous(name: str, sniffed: str) -> bool:
    return sniffed in DANGEROUS_TYPES or bool(DANGEROUS_NAMES.fullmatch(extension(name).lstrip(".")))


def _content_type(declared: str, sniffed: str) -> str:
    if sniffed != UNKNOWN:
        return sniffed
    # Bytes without a mark of their own may be text; a picture, a page or a programme has one.
    harmless = declared.startswith(
        ("text/plain", "text/csv", "text/calendar", "text/vcard", "text/rfc822-headers", "message/", "audio/", "video/")
    )
    return declared if harmless else UNKNOWN


def _note_lies(declared: str, sniffed: str, name: str, notes: Notes) -> None:
    family, claimed = sniffed.partition("/")[0], declared.partition("/")[0]
    looks = next((kind for kind, suffix in EXTENSIONS.items() if suffix == extension(name)), "")
    shows_picture = claimed == "image" or looks.startswith("image/")
    if shows_picture and sniffed != UNKNOWN and family != "image":
        notes.add(Fault.TYPE_DISGUISED)
    if sniffed in DANGEROUS_TYPES and looks and looks != sniffed:
        notes.add(Fault.TYPE_DISGUISED)
    if is_dangerous(name, sniffed):
        notes.add(Fault.DANGEROUS_ATTACHMENT)
    if sniffed == "application/ms-tnef" or declared == "application/ms-tnef":
        notes.add(Fault.TNEF)
