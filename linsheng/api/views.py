"""The schema and a page to read it; the operations themselves stand in the routers."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

SCHEMA_FILE = Path(__file__).parent / "openapi.json"


@cache
def schema_text() -> str:
    """The prebuilt document; ``make check`` fails when it is not what the code says."""
    return SCHEMA_FILE.read_text(encoding="utf-8")


@require_safe
@cache_control(public=True, max_age=300)
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(schema_text(), content_type="application/json")


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"method": method.upper(), "path": path, **operation, "body": _body(document, operation)}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _body(document: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an operation's JSON body."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    options = [schema, *schema.get("anyOf", [])]
    name = next((option["$ref"].rsplit("/", 1)[-1] for option in options if "$ref" in option), "")
    found = document["components"]["schemas"].get(name, {})
    needed = found.get("required", [])
    return [
        {"name": field, "required": field in needed, "type": _type(about)} for field, about in found.get("properties", {}).items()
    ]


def _type(about: dict[str, Any]) -> str:
    """A type in words: the allowed values, or the JSON type."""
    if "enum" in about:
        return " | ".join(about["enum"])
    options = [_type(option) for option in about.get("anyOf", []) if option.get("type") != "null"]
    return (
        options[0] if options else str(about.get("format") or about.get("type") or about.get("$ref", "object").rsplit("/", 1)[-1])
    )


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema as a page that needs no script."""
    document = json.loads(schema_text())
    return render(request, "api/docs.html", {"document": document, "operations": _operations(document)})
