"""A load generator that costs next to nothing: ready-made requests over kept-alive connections, from a few threads."""

import json
import socket
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

TIMEOUT = 60.0


@dataclass(frozen=True)
class Request:
    """One request as it goes over the wire, and the status that it must have."""

    raw: bytes
    status: int = 200

    @classmethod
    def make(
        cls, path: str, *, cookie: str = "", token: str = "", data: object = None, status: int = 200, headers: Sequence[str] = ()
    ) -> "Request":
        body = b"" if data is None else json.dumps(data, ensure_ascii=False).encode()
        lines = [f"{'GET' if data is None else 'POST'} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*", *headers]
        lines += [f"Cookie: sessionid={cookie}"] if cookie else []
        lines += [f"Authorization: Bearer {token}"] if token else []
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if data is not None else []
        return cls("\r\n".join([*lines, "", ""]).encode() + body, status)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """One kept-alive connection, opened anew when the server closed it."""

    def __init__(self, port: int) -> None:
        self.port, self.socket, self.rest = port, None, b""

    def ask(self, request: Request) -> Answer:
        """Send and read to the end. Raises ``RuntimeError`` on another status than the request's."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request.raw)
        answer = self._read()
        if answer.status != request.status:
            first = request.raw.split(b"\r\n", 1)[0].decode()
            raise RuntimeError(
                f"{first}: {answer.status} instead of {request.status}\n{answer.body[:2000].decode(errors='replace')}"
            )
        return answer

    def _read(self) -> Answer:
        data = self.rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        first, *lines = data[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        wanted = end + 4 + int(headers["content-length"])
        while len(data) < wanted:
            data += self._more()
        self.rest = data[wanted:]
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(first.split()[1]), headers, data[end + 4 : wanted])

    def _more(self) -> bytes:
        if self.socket is None or not (part := self.socket.recv(262_144)):
            raise RuntimeError("the server closed the connection")
        return part

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket, self.rest = None, b""


Make = Callable[[int], Request]


@dataclass
class Crowd:
    """Some clients at once against one server; ``asked`` counts over all bursts."""

    port: int
    clients: int
    make: Make
    asked: int = 0
    rates: list[float] = field(default_factory=list)

    def burst(self, seconds: float) -> None:
        """All clients ask as fast as they are answered for so long."""
        counts, errors = [0] * self.clients, []
        begun = time.perf_counter()

        def one(place: int) -> None:
            connection, number = Connection(self.port), 0
            try:
                while time.perf_counter() - begun < seconds:
                    connection.ask(self.make(self.asked + number * self.clients + place))
                    number += 1
            except (RuntimeError, OSError) as error:
                errors.append(error)
            counts[place] = number
            connection.close()

        threads = [threading.Thread(target=one, args=(place,)) for place in range(self.clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        took = time.perf_counter() - begun
        self.asked += sum(counts)
        self.rates.append(sum(counts) / took)

    def forget(self) -> None:
        """What came before was for warming up."""
        self.rates.clear()

    @property
    def rate(self) -> float:
        """Requests a second: the median of the bursts, which one disturbed burst does not move."""
        return statistics.median(self.rates)


def timed(connection: Connection, request: Request) -> float:
    """Seconds that one answer took."""
    begun = time.perf_counter()
    connection.ask(request)
    return time.perf_counter() - begun
