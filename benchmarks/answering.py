"""Figure 7: homes that answer a survey, all in the same second and one after the other for long."""

import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from benchmarks.client import Connection, Request
from benchmarks.measures import CLIENTS, Effort, Site, against
from benchmarks.places import Place
from benchmarks.table import Row

AT_ONCE, ANSWER_SHARE = 200, 1 / 4
# Any token does, as long as cookie and form hold the same.
TOKEN = "benchmark" + "0" * 23


def visitor(code: str) -> str:
    return f"ballot={code}; csrftoken={TOKEN}"


def sent(wave: dict[str, Any], number: int) -> Request:
    """The form of one home, with the key that makes a repeat no second answer. RuntimeError where no home is left."""
    if number >= len(wave["codes"]):
        raise RuntimeError("faster than thought: the wave needs more homes (Sizes.answering_homes)")
    known = {"wave": wave["wave"], "key": f"bench-{number}", "csrfmiddlewaretoken": TOKEN}
    body = f"{urlencode(known)}&{wave['forms'][number % len(wave['forms'])]}".encode()
    lines = ["POST /s/ HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {visitor(wave['codes'][number])}"]
    lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", ""]
    return Request("\r\n".join(lines).encode() + body, 302)


def _at_once(port: int, requests: list[Request]) -> tuple[list[float], list[Exception]]:
    """Each from a connection of its own, opened at the same moment: seconds until each was answered, and who was not."""
    times, errors, together = [], [], threading.Barrier(len(requests))

    def one(request: Request) -> None:
        together.wait()
        begun, connection = time.perf_counter(), Connection(port)
        try:
            connection.ask(request)
            times.append(time.perf_counter() - begun)
        except (RuntimeError, OSError) as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, errors


def burst(port: int, place: Place, wave: dict[str, Any], homes: int) -> Iterator[Row]:
    times, errors = _at_once(port, [sent(wave, number) for number in range(homes)])
    for error in errors[:3]:
        print(f"    {error}")
    kept = place.ask("benchmarks.wave", "count")
    words = f"{len(times)} taken, {kept['sealed']} kept, the last after {max(times, default=0):.1f} s"
    holds = len(times) == kept["answered"] == kept["sealed"] == homes
    yield Row(f"{homes} homes answer in the same second", words, wanted="none refused or lost", holds=holds, strict=True)


def answering(place: Place, homes: int, effort: Effort) -> Iterator[Row]:
    """7. Answers of a survey."""
    wave = place.ask("benchmarks.wave", "make", str(homes))
    at_once = min(AT_ONCE, homes // 2)
    with place.serving() as port:
        # Processes that have served nothing yet are still loading; people never meet them.
        for _ in range(2 * CLIENTS):
            Connection(port).ask(Request.make("/s/done/", status=302))
        yield from burst(port, place, wave, at_once)
        site, floor = Site(place, port, {}), Request.make("/floor/write/", data={}, status=201)
        # A home of its own for every request, whichever client sends it.
        homes_left = itertools.count(at_once)
        measured, least = against(site, lambda _number: sent(wave, next(homes_left)), floor, effort)
        ratio = measured.rate / least.rate
        what = f"answers to a survey, {CLIENTS} clients"
        words = f"{measured.rate:.0f} /s", f"{least.rate:.0f} /s", f"{ratio:.2f}", f"≥ {ANSWER_SHARE:.2f}"
        yield Row(what, *words, holds=ratio >= ANSWER_SHARE)
        kept = place.ask("benchmarks.wave", "count")
        lost = at_once + measured.asked - kept["sealed"]
        yield Row("… of them lost", str(lost), wanted="0", holds=lost == 0 and kept["answered"] == kept["sealed"], strict=True)
