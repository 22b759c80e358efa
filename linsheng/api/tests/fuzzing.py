"""What the fuzz needs: operations, people with tokens, cases in every state, and requests half sensible, half not."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PEOPLE = ("owner", "neighbour", "frontdesk", "handler", "supervisor", "manager", "auditor", "administrator", "outsider", "stranger")
# Fields in which a random text gets nowhere: now and then they hold something that is known.
KNOWN = {
    "community": ("CH", "LY", "WR"),
    "item": ("facility.lift", "repair.home", "service.attitude"),
    "handler": ("handler", "cleaner", "outsider", "owner"),
    "home": ("3-2-1201", "1-101", ""),
    "q": ("电梯", "按钮 三号", "3-2-1201", "业主甲"),
    "state": ("received", "closed,resolved"),
    "reason": ("又坏了",),
    "text": ("三号电梯按钮失灵",),
    "code": ("CH", "LY", "WR"),
    "month": ("2026-11", "2026-02"),
}


@dataclass(frozen=True)
class World:
    """Who calls (tokens), and what there is to be called (ids of cases, some of another company, and of surveys)."""

    secrets: dict[str, str]
    cases: list[int]
    waves: list[int]


def operations() -> list[Any]:
    """Every operation of the schema, bound to the application in this process."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    return [found.ok() for found in schema.get_all_operations()]


def _sensible(draw: Any, values: Any, world: World) -> None:
    """Put known values where they belong, two times out of three."""
    for name, known in (*KNOWN.items(), ("case_id", world.cases), ("into", world.cases), ("wave_id", world.waves)):
        if isinstance(values, dict) and name in values and draw(st.integers(0, 2)):
            values[name] = draw(st.sampled_from(list(known)))


def strategy(operation: Any, world: World) -> st.SearchStrategy[Any]:
    """Requests to one operation: some that fit the schema, some that do not."""

    @st.composite
    def requests(draw: Any) -> Any:
        modes = [GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
        request = draw(operation.as_strategy(generation_mode=draw(st.sampled_from(modes))))
        for values in (request.path_parameters, request.query, request.body):
            _sensible(draw, values, world)
        request.headers = {"Authorization": f"Bearer {world.secrets[draw(st.sampled_from(PEOPLE))]}"}
        if draw(st.integers(0, 3)) == 0:
            request.headers["Idempotency-Key"] = draw(st.sampled_from(["a", "b", "c"]))
        return request

    return requests()


def check(request: Any, response: Response) -> None:
    """The schema tells the truth, and every refusal is a problem with a sentence that gives nothing away."""
    request.validate_response(response, checks=CHECKS)
    if response.status_code >= 400:
        body = json.loads(response.content)
        assert response.headers["content-type"] == ["application/problem+json"], response.headers
        assert body["status"] == response.status_code and len(body["detail"]) > 5, body
        assert "Traceback" not in body["detail"] and "Error" not in body["detail"], body


# Examples asked of the generator at once: between two rounds we look at the clock, for making a request costs time, too.
ROUND = 25


def fuzz(operation: Any, world: World, *, examples: int, seconds: float) -> dict[int, int]:
    """Call the operation up to so many times, for about so long; how often each status came."""
    ends = time.monotonic() + seconds
    seen: dict[int, int] = {}

    def call(request: Any) -> None:
        response = request.call()
        seen[response.status_code] = seen.get(response.status_code, 0) + 1
        check(request, response)

    for start in range(0, examples, ROUND):
        if seen and time.monotonic() > ends:  # a busy machine, too, has to have asked once
            break
        _round(call, strategy(operation, world), number=start, examples=min(ROUND, examples - start))
    return seen


def _round(call: Callable[[Any], None], requests: st.SearchStrategy[Any], *, number: int, examples: int) -> None:
    """The same requests in each run, others in each round."""

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(request=requests)
    def run(request: Any) -> None:
        call(request)

    run()
