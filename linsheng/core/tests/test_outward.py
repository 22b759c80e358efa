"""Going outside: what leads inside is refused, in whatever dress it comes."""

import contextlib
import re
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from linsheng.core import outward
from linsheng.core.outward import Limits, Refused, Unreachable, is_public, parsed, request


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "0.0.0.0",  # noqa: S104 - refused, not bound
        "255.255.255.255",
        "224.0.0.1",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)
def test_what_lies_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0",
        "localhost",
        "１２７.0.0.1",
    ],
)
def test_every_way_of_writing_an_address_inside_is_refused(host):
    with pytest.raises((Refused, Unreachable)):
        request("POST", f"https://{host}/hook", limits=Limits(connect=0.5, read=0.5, total=1))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://user:secret@example.com/",
        "https://example.com:22/",
        "https://example.com:6379/",
        "https:///nothing",
        "https://exa mple.com/",
        "https://example.com/\r\nX-Evil: 1",
        "https://example.com:99999/",
        "//example.com/",
        "",
    ],
)
def test_what_is_no_plain_https_address_is_refused(url):
    with pytest.raises(Refused):
        parsed(url)


def test_a_name_with_one_address_inside_is_refused(monkeypatch):
    monkeypatch.setattr(outward, "resolve", lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Refused, match="内部网络"):
        request("GET", "https://rebinding.example/")


class Listener:
    """Takes one connection after another and hands each to ``serve``."""

    def __init__(self, serve, context=None) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.serve, self.context, self.heard, self.names = serve, context, [], []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _address = self.socket.accept()
                with contextlib.suppress(OSError), line:
                    if self.context:
                        line = self.context.wrap_socket(line, server_side=True)
                    self.heard.append(self.whole(line))
                    self.serve(line)
                    line.close()

    def whole(self, line) -> bytes:
        """One request with its body: what is left unread when a line closes would take the answer with it."""
        found = b""
        while b"\r\n\r\n" not in found:
            piece = line.recv(65536)
            if not piece:
                return found
            found += piece
        size = re.search(rb"(?i)content-length: (\d+)", found)
        while size and len(found.partition(b"\r\n\r\n")[2]) < int(size[1]):
            found += line.recv(65536)
        return found

    def close(self) -> None:
        self.socket.close()


@pytest.fixture
def listening(settings):
    made = []

    def begin(serve, context=None):
        listener = Listener(serve, context)
        made.append(listener)
        settings.OUTGOING_PRIVATE_HOSTS = [f"127.0.0.1:{listener.port}", f"hook.example:{listener.port}"]
        return listener

    yield begin
    for listener in made:
        listener.close()


def test_a_redirect_is_an_answer_and_not_followed(listening):
    there = listening(
        lambda line: line.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
    )
    assert request("GET", f"http://127.0.0.1:{there.port}/").status == 302
    assert len(there.heard) == 1


def test_an_endless_answer_is_cut_at_its_size(listening):
    def endless(line):
        line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            line.sendall(b"x" * 4096)

    there = listening(endless)
    assert len(request("GET", f"http://127.0.0.1:{there.port}/", limits=Limits(size=10_000)).body) == 10_000


def test_an_answer_in_drops_ends_with_the_whole_time(listening):
    stop = threading.Event()

    def drops(line):
        line.sendall(b"HTTP/1.1 200 OK\r\n")
        while not stop.wait(0.05):
            line.sendall(b"X-Drop: 1\r\n")

    there = listening(drops)
    with pytest.raises(Unreachable) as caught:
        request("GET", f"http://127.0.0.1:{there.port}/", limits=Limits(read=5, total=0.4))
    stop.set()
    assert caught.value.sent


def test_nobody_there_means_that_nothing_was_sent(settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.OUTGOING_PRIVATE_HOSTS = [f"127.0.0.1:{port}"]
    with pytest.raises(Unreachable) as caught:
        request("POST", f"http://127.0.0.1:{port}/", limits=Limits(connect=1))
    assert not caught.value.sent


def certificate(folder, name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    day = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(day - timedelta(days=1))
        .not_valid_after(day + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return pem


def test_the_connection_goes_to_the_address_that_was_judged_under_the_name_that_was_asked(
    listening, settings, tmp_path, monkeypatch
):
    pem = certificate(tmp_path, "hook.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    names = []
    context.sni_callback = lambda _sock, name, _context: names.append(name)
    there = listening(lambda line: line.sendall(b"HTTP/1.1 204 No Content\r\n\r\n"), context)
    asked = []
    monkeypatch.setattr(outward, "resolve", lambda host, port: asked.append(host) or ["127.0.0.1"])
    settings.OUTGOING_CA_FILE = str(pem)
    assert request("POST", f"https://hook.example:{there.port}/x?y=1", body=b"{}").status == 204
    assert (asked, names) == (["hook.example"], ["hook.example"])
    assert there.heard[0].startswith(b"POST /x?y=1 HTTP/1.1")
    assert f"Host: hook.example:{there.port}".encode() in there.heard[0]


def test_a_certificate_of_another_name_is_refused(listening, settings, tmp_path, monkeypatch):
    pem = certificate(tmp_path, "another.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    there = listening(lambda line: None, context)
    monkeypatch.setattr(outward, "resolve", lambda host, port: ["127.0.0.1"])
    settings.OUTGOING_CA_FILE = str(pem)
    with pytest.raises(Unreachable, match="证书"):
        request("POST", f"https://hook.example:{there.port}/")
    assert there.heard == []
