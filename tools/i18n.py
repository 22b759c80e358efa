"""Translations without GNU gettext: Chinese is the source text, English stands in each app's ``locale/en``.

python tools/i18n.py update    write the texts found in code and templates into each app's django.po (kept: what is translated)
python tools/i18n.py check     fail when a text has no English, a placeholder too many, or two catalogues put it differently
python tools/i18n.py compile   make the .mo files that the server reads
"""

import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
# Reading settings must not make state folders in the project.
os.environ.setdefault("LINSHENG_HOME", str(Path(os.environ.get("TMPDIR", "/tmp")) / "linsheng-i18n"))  # noqa: S108
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Under a name that is not among them no text would be found, and nobody would hear of it.
ALIAS = re.compile(r"\bn?p?gettext(?:_lazy|_noop)? as (\w+)")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
HEADER = '"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
SKIPPED = {"migrations", "tests", "locale", "__pycache__"}


def places() -> dict[Path, list[Path]]:
    """Locale folder → the folders whose texts it holds: one an app, and one for the shared templates and settings."""
    found = {app / "locale": [app] for app in sorted((ROOT / "linsheng").iterdir()) if (app / "__init__.py").exists()}
    found[ROOT / "locale"] = [ROOT / "templates", ROOT / "config"]
    return found


def files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and not SKIPPED & set(path.relative_to(folder).parts):
            yield path


def python_source(path: Path) -> bytes:
    """A file as Python: templates are turned into calls of gettext by Django itself."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize  # noqa: PLC0415  # after the settings are named

        # Python would read the indentation of HTML as its own.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).split("\n"))
    return text.encode()


def texts(folders: list[Path]) -> Catalog:
    catalog = Catalog(locale="en", charset="utf-8")
    for folder in folders:
        for path in files(folder):
            for _line, message, _comments, context in extract(
                "python", BytesIO(python_source(path)), keywords=KEYWORDS, options={"encoding": "utf-8"}
            ):
                catalog.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context, flags=())
    return catalog


def translated(folder: Path) -> Catalog:
    path = folder / "en/LC_MESSAGES/django.po"
    if not path.exists():
        return Catalog(locale="en", charset="utf-8")
    with path.open("rb") as handle:
        return read_po(handle, locale="en", charset="utf-8")


def update(folder: Path, found: Catalog) -> None:
    catalog = translated(folder)
    catalog.update(found, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    # Dates and tool versions would change with every run and make every commit noisy.
    catalog.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", "nplurals=2; plural=(n != 1);")]
    if not found._messages and not (folder / "en").exists():
        return
    path = folder / "en/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as handle:
        write_po(handle, catalog, omit_header=True, include_lineno=False, sort_output=True, width=120)
    body = path.read_text(encoding="utf-8")
    header = f'msgid ""\nmsgstr ""\n{HEADER}\n'
    path.write_text(header + body, encoding="utf-8")


def strings(value: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def wrong(message: Message) -> str:
    """What is wrong with one translation; empty when nothing is."""
    english = [text for text in strings(message.string) if text]
    if not english or len(english) < len(strings(message.id)):
        return "no English"
    names = {a or b for text in strings(message.id) for a, b in PLACEHOLDER.findall(text)}
    for text in english:
        if {a or b for a, b in PLACEHOLDER.findall(text)} - names:
            return "a placeholder that the Chinese text has not"
        if re.search(r"[一-鿿]", text) and "邻声" not in text and "中文" not in text:
            return "Chinese in the English"
    return ""


def check(folder: Path, found: Catalog) -> int:
    catalog, faults = translated(folder), 0
    for message in found:
        if not message.id or not re.search(r"[一-鿿]", "".join(strings(message.id))):
            continue
        known = catalog.get(strings(message.id)[0], message.context)
        fault = wrong(known) if known else "not in django.po: run tools/i18n.py update"
        if fault:
            faults += 1
            print(f"{folder.relative_to(ROOT)}: {fault}: {strings(message.id)[0]!r} ({message.locations[0][0]})")
    return faults


def contradictions() -> int:
    """Texts that two catalogues put differently: Django would show whichever it loads first, everywhere."""
    said: dict[tuple[str | None, str], tuple[str, Path]] = {}
    faults = 0
    for folder in places():
        for message in translated(folder):
            key, english = (message.context, strings(message.id)[0] if message.id else ""), strings(message.string)
            first, where = said.setdefault(key, (english[0] if english else "", folder))
            if key[1] and english and english[0] and first and english[0] != first:
                faults += 1
                print(f"{folder.relative_to(ROOT)}: {key[1]!r} is {english[0]!r} here, and {first!r} in {where.relative_to(ROOT)}")
    return faults


def unread_names() -> int:
    """Names under which gettext is called and its texts are not found."""
    faults = 0
    for path in (path for folders in places().values() for folder in folders for path in files(folder) if path.suffix == ".py"):
        for name in set(ALIAS.findall(path.read_text(encoding="utf-8"))) - KEYWORDS.keys():
            faults += 1
            print(f"{path.relative_to(ROOT)}: texts in {name}(…) are not found; call it gettext or _")
    return faults


def compile_all() -> None:
    for folder in places():
        path = folder / "en/LC_MESSAGES/django.po"
        if path.exists():
            with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source, locale="en", charset="utf-8"))


def main(command: str, only: str = "") -> int:
    import django  # noqa: PLC0415  # compile must work before anything else does

    if command == "compile":
        compile_all()
        return 0
    django.setup()
    faults = 0
    for folder, sources in places().items():
        if only and only not in str(folder):
            continue
        found = texts(sources)
        if command == "update":
            update(folder, found)
        else:
            faults += check(folder, found)
    if command == "check":
        faults += contradictions() + unread_names()
    if faults:
        print(f"{faults} texts need care")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in {"update", "check", "compile"}:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:3]))
