"""Callers of the API: the cast with tokens."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from linsheng.accounts.actions import create_token


@dataclass
class Caller:
    """Somebody with a token; paths are relative to ``/api/v1/``."""

    client: Client
    secret: str

    def get(self, path: str, **query: Any):
        return self.client.get(f"/api/v1/{path}", query, headers={"authorization": f"Bearer {self.secret}"})

    def post(self, path: str, body: Any = None, *, key: str = ""):
        headers = {"authorization": f"Bearer {self.secret}"} | ({"idempotency-key": key} if key else {})
        return self.client.post(
            f"/api/v1/{path}", json.dumps(body) if body is not None else "", content_type="application/json", headers=headers
        )


@pytest.fixture
def call(cast, now):
    """``call("frontdesk")`` → a caller with a fresh token."""

    def make(name: str) -> Caller:
        return Caller(Client(), create_token(user=getattr(cast, name), name="测试", by=None, now=now).secret)

    return make


@pytest.fixture
def new_case() -> dict[str, Any]:
    return {"community": "CH", "kind": "repair", "item": "facility.lift", "urgency": "normal", "text": "三号电梯按钮失灵"}
