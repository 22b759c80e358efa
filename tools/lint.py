"""What ruff and mypy do not see: sizes, templates, and what must not stand in the tree."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES, MOST_TEMPLATE_LINES, MOST_FUNCTION_LINES = 400, 200, 50
TEMPLATE_FAULTS = {
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>": "inline script (the CSP refuses it)",
    r"\sstyle=\"": "style attribute (the CSP refuses it)",
    r"<style\b": "inline style (the CSP refuses it)",
    r"\son[a-z]+=\"": "event attribute (the CSP refuses it)",
    r"\|safe\b": "|safe: escape instead, or build the markup in Python with format_html",
    r"{%\s*autoescape off": "escaping switched off",
    r"https?://(?!www\.w3\.org)[a-z]": "address of another host",
}
UNTRANSLATED = re.compile(r"[一-鿿]")
TRANSLATED_PARTS = re.compile(
    r"{%\s*(?:blocktranslate|blocktrans)\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%.*?%}|{{.*?}}|{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->",
    re.S,
)


def tracked(*suffixes: str) -> Iterator[Path]:
    # Untracked files count too: they are about to be committed.
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in suffixes and path.exists():
            yield path


def is_test(path: Path) -> bool:
    return "tests" in path.parts or path.name == "conftest.py"


def python_faults(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > MOST_LINES and not is_test(path) and "corpus" not in path.parts:
        yield f"{lines} lines (at most {MOST_LINES})"
    if is_test(path):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > MOST_FUNCTION_LINES:
                yield f"{node.lineno}: {node.name} has {size} lines (at most {MOST_FUNCTION_LINES})"


def template_faults(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if text.count("\n") > MOST_TEMPLATE_LINES:
        yield f"{text.count(chr(10))} lines (at most {MOST_TEMPLATE_LINES})"
    for pattern, sentence in TEMPLATE_FAULTS.items():
        for match in re.finditer(pattern, text):
            yield f"{text[: match.start()].count(chr(10)) + 1}: {sentence}"
    # English pages in a folder of their own are whole texts, not strings to translate.
    if "legal" not in path.parts:
        bare = TRANSLATED_PARTS.sub(lambda m: "\n" * m.group().count("\n"), text)
        for number, line in enumerate(bare.split("\n"), start=1):
            if UNTRANSLATED.search(line):
                yield f"{number}: text outside translate: {line.strip()[:60]}"


def main() -> int:
    faults = 0
    for suffix, rule in ((".py", python_faults), (".html", template_faults)):
        for path in tracked(suffix):
            if "migrations" in path.parts or "node_modules" in path.parts:
                continue
            for fault in rule(path):
                faults += 1
                print(f"{path.relative_to(ROOT)}:{fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
