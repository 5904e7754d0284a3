"""S2: hostile addresses never reach the canary, whichever client library holds the URL."""

from __future__ import annotations

import gzip
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from networks.answers import judge
from networks.egress import Egress, Terms, guard
from networks.egress import exchange as exchange_module
from networks.errors import EgressRefused, NetworkError, Unavailable
from tests.networks import loopback
from tests.networks.loopback import Loopback, answer, serve
from tests.thorough import thorough_pairs

# Names that an attacker may own, and what they answer; the literal forms go to the system's own resolver.
NAMES = {
    "localhost": ["127.0.0.1"],
    "localhost.localdomain": ["127.0.0.1"],
    "lan.example": ["10.0.0.7"],
    "metadata.example": ["169.254.169.254"],
    "mixed.example": ["93.184.215.14", "127.0.0.1"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "odd.example": ["not an address"],
    "empty.example": [],
    "public.example": ["93.184.215.14"],
    "unicode-loopback.example": ["127.0.0.1"],
    "xn--bcher-kva.example": ["192.168.1.1"],
}

# {port} is the canary's own.
HOSTILE = (
    "http://127.0.0.1:{port}/",
    "http://127.0.0.2:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://１２７.０.０.１:{port}/",
    "http://127。0。0。1:{port}/",
    "http://①②⑦.0.0.1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://localhost.localdomain:{port}/",
    "http://unicode-loopback.example:{port}/",
    "http://bücher.example:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b:1::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::1]:{port}/",
    "http://[2001:db8::1]:{port}/",
    "http://[3fff::1]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fd12:3456::1]:{port}/",
    "http://[ff02::1]:{port}/",
    "http://[fec0::1]:{port}/",
    "http://[100::1]:{port}/",
    "http://[::1",
    "http://[v1.a]:{port}/",
    "http://10.0.0.1:{port}/",
    "http://10.255.255.255:{port}/",
    "http://172.16.0.1:{port}/",
    "http://172.31.255.255:{port}/",
    "http://192.168.0.1:{port}/",
    "http://169.254.169.254:{port}/latest/meta-data/",
    "http://100.64.0.1:{port}/",
    "http://100.127.255.255:{port}/",
    "http://192.0.0.8:{port}/",
    "http://192.0.2.1:{port}/",
    "http://192.88.99.1:{port}/",
    "http://198.18.0.1:{port}/",
    "http://198.51.100.1:{port}/",
    "http://203.0.113.1:{port}/",
    "http://224.0.0.1:{port}/",
    "http://240.0.0.1:{port}/",
    "http://255.255.255.255:{port}/",
    "http://lan.example:{port}/",
    "http://metadata.example:{port}/",
    "http://mixed.example:{port}/",
    "http://six.example:{port}/",
    "http://mapped.example:{port}/",
    "http://odd.example:{port}/",
    "http://empty.example:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://user:word@localhost:{port}/",
    "http://public.example@127.0.0.1:{port}/",
    "http://public.example:80@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@public.example/",
    "http://public.example\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@public.example/",
    "http:// 127.0.0.1:{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1\r\nHost: public.example:{port}/",
    "http://127.0.0.1:{port}\x00.public.example/",
    "http://127.0.0.1:0{port}/",
    "http://127.0.0.1:-1/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:٨٠/",
    "http:///127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "HTTP://127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "file:///etc/hostname",
    "gopher://127.0.0.1:{port}/_GET",
    "dict://127.0.0.1:{port}/",
    "unix:///var/run/docker.sock",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "",
)

Fetch = Callable[[Egress, str], object]


def terms() -> Terms:
    return Terms(lambda method, _path: method != "GET", judge)


def by_get(egress: Egress, url: str) -> object:
    return egress.get(url)


def by_requests(egress: Egress, url: str) -> object:
    return egress.session(terms()).post(url, headers={"Authorization": "Bearer x"})


def by_httpx(egress: Egress, url: str) -> object:
    with httpx.Client(transport=egress.transport(terms()), trust_env=False, follow_redirects=True) as client:
        return client.post(url, headers={"Authorization": "Bearer x"})


def by_socket(egress: Egress, url: str) -> object:
    for plain, streaming in (("http:", "ws:"), ("https:", "wss:")):
        if url.lower().startswith(plain):
            url = streaming + url[len(plain) :]
    egress.connect(url).close()
    return None


FETCHERS = (by_get, by_requests, by_httpx, by_socket)
# The libraries refuse some of these themselves, before our guard sees them.
REFUSALS = (
    EgressRefused,
    Unavailable,
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    ValueError,
)


def resolve(host: str, port: int) -> list[str]:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if host in NAMES:
            return NAMES[host]
        if not host.replace(".", "").replace("x", "").isalnum() or not host[0].isdigit():
            raise OSError("no such name") from None
    return guard.system_resolve(host, port)


@pytest.fixture
def canary() -> Iterator[Loopback]:
    with serve(lambda _asked: answer({"reached": True})) as server:
        yield server
        assert server.connections == 0, "the canary was reached"


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) >= 60


def let_in(canary: Loopback, fetch: Fetch) -> list[str]:
    """Which hostile addresses `fetch` does not refuse."""
    found = []
    for url in HOSTILE:
        try:
            fetch(Egress(timeout=2, resolve=resolve), url.replace("{port}", str(canary.port)))
        except REFUSALS:
            continue
        found.append(url)
    return found


@pytest.mark.parametrize("fetch", FETCHERS)
def test_a_hostile_address_is_refused(canary: Loopback, fetch: Fetch) -> None:
    assert let_in(canary, fetch) == []


@pytest.mark.parametrize("fetch", FETCHERS)
def test_the_address_alone_is_reason_enough(canary: Loopback, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the canary on what counts as the ordinary port, only the rules about addresses keep it out."""
    for scheme in guard.DEFAULT_PORTS:
        monkeypatch.setitem(guard.DEFAULT_PORTS, scheme, canary.port)
    assert let_in(canary, fetch) == []


@pytest.mark.parametrize("fetch", [by_get, by_requests, by_httpx])
@pytest.mark.parametrize(
    ("status", "host"),
    thorough_pairs([301, 302, 303, 307, 308], ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"]),
)
def test_no_redirect_leads_to_the_canary(canary: Loopback, fetch: Fetch, host: str, status: int) -> None:
    location = f"http://{host}:{canary.port}/"
    with serve(lambda _asked: answer("", status, {"Location": location})) as first, pytest.raises(NetworkError):
        fetch(Egress(allow=first.allow, timeout=2, resolve=resolve), first.url)


@pytest.mark.parametrize("fetch", [by_requests, by_httpx])
def test_a_call_with_credentials_follows_nothing(fetch: Fetch) -> None:
    with serve(lambda _asked: answer("", 307, {"Location": "/again"})) as server:
        with pytest.raises(NetworkError):
            fetch(Egress(allow=server.allow), server.url)
        assert len(server.asked) == 1


def test_get_follows_where_it_may_and_carries_no_credentials() -> None:
    def script(asked: loopback.Asked) -> loopback.Reply:
        return answer({"ok": 1}) if asked.path == "/end" else answer("", 302, {"Location": "/end"})

    with serve(script) as server:
        found = Egress(allow=server.allow).get(server.url, {"Authorization": "Bearer x", "If-None-Match": '"e"'})
        assert (found.status, found.body) == (200, b'{"ok": 1}')
        assert all("authorization" not in asked.headers for asked in server.asked)
        assert server.asked[1].headers["if-none-match"] == '"e"'


def test_an_address_with_accents_is_read_as_browsers_read_it() -> None:
    def script(asked: loopback.Asked) -> loopback.Reply:
        there = {"Location": "/été"}
        return answer("", 302, there) if asked.path == "/d%C3%A9but" else answer({"ok": 1})

    with serve(script) as server:
        allow = frozenset({f"xn--bcher-kva.example:{server.port}"})
        egress = Egress(allow=allow, timeout=2, resolve=lambda _host, _port: ["127.0.0.1"])
        egress.get(f"http://bücher.example:{server.port}/début?q=€")
        assert [asked.target for asked in server.asked] == ["/d%C3%A9but?q=%E2%82%AC", "/%C3%A9t%C3%A9"]
        assert {asked.headers["host"] for asked in server.asked} == {f"xn--bcher-kva.example:{server.port}"}


def test_a_name_that_browsers_tell_from_another_is_not_asked_there() -> None:
    with serve(lambda _asked: answer({"ok": 1})) as server:
        allow = frozenset(f"{name}:{server.port}" for name in ("xn--groe-xna.example", "grosse.example"))
        egress = Egress(allow=allow, timeout=2, resolve=lambda _host, _port: ["127.0.0.1"])
        for said in ("große", "GROẞE"):
            egress.get(f"http://{said}.example:{server.port}/")
        assert {asked.headers["host"] for asked in server.asked} == {f"xn--groe-xna.example:{server.port}"}


def test_endless_redirects_end() -> None:
    with serve(lambda _asked: answer("", 302, {"Location": "/"})) as server:
        with pytest.raises(Unavailable):
            Egress(allow=server.allow).get(server.url)
        assert len(server.asked) == 6


@pytest.mark.parametrize("fetch", [by_get, by_requests, by_httpx])
def test_a_name_that_rebinds_is_asked_once(fetch: Fetch) -> None:
    """The second answer would lead elsewhere: nobody asks for it, and the connection goes where the first one said."""
    answers = iter([["127.0.0.1"], ["10.9.9.9"], ["10.9.9.9"]])
    with serve(lambda _asked: answer({"ok": 1})) as server:
        allow = frozenset({f"rebind.example:{server.port}"})
        egress = Egress(allow=allow, timeout=2, resolve=lambda _host, _port: next(answers))
        for _ in range(3):
            fetch(egress, f"http://rebind.example:{server.port}/")
        assert [asked.headers["host"] for asked in server.asked] == [f"rebind.example:{server.port}"] * 3
        assert len(list(answers)) == 2


@pytest.mark.parametrize("fetch", [by_requests, by_httpx])
def test_credentials_do_not_travel_in_the_clear(fetch: Fetch) -> None:
    with pytest.raises(EgressRefused, match="unencrypted"):
        fetch(Egress(resolve=resolve), "http://public.example/")


def test_an_allowed_port_opens_no_other(canary: Loopback) -> None:
    egress = Egress(allow=frozenset({f"127.0.0.1:{canary.port + 1}", f"localhost:{canary.port}"}))
    with pytest.raises(EgressRefused):
        egress.get(canary.url)


@pytest.mark.parametrize("port", [22, 25, 6379, 5432, 8080, 8443])
def test_odd_ports_of_public_servers_are_refused(port: int) -> None:
    with pytest.raises(EgressRefused, match="port"):
        Egress(resolve=resolve).get(f"https://public.example:{port}/")


def test_public_addresses_pass() -> None:
    rules = guard.Guard(frozenset(), resolve)
    for url, addresses in (
        ("https://public.example/", ("93.184.215.14",)),
        ("https://93.184.215.14/", ("93.184.215.14",)),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", ("2606:2800:21f:cb07:6820:80da:af6b:8b2c",)),
        ("wss://public.example/x", ("93.184.215.14",)),
    ):
        assert rules.check(url, credentials=True).addresses == addresses


@pytest.mark.slow
@pytest.mark.parametrize("fetch", [by_get, by_requests, by_httpx])
def test_a_small_bomb_stays_small(fetch: Fetch) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    reply = answer(bomb, 200, {"Content-Encoding": "gzip"})
    with serve(lambda _asked: reply) as server, pytest.raises(NetworkError, match="too large"):
        fetch(Egress(allow=server.allow, max_bytes=1_000_000), server.url)


def test_packed_answers_come_out_whole() -> None:
    reply = answer(gzip.compress(b'{"a": 1}'), 200, {"Content-Encoding": "gzip"})
    with serve(lambda _asked: reply) as server:
        assert Egress(allow=server.allow).get(server.url).body == b'{"a": 1}'


def test_a_packed_answer_cut_short_is_no_answer() -> None:
    reply = answer(gzip.compress(b'{"a": 1}' * 100)[:-12], 200, {"Content-Encoding": "gzip"})
    with serve(lambda _asked: reply) as server, pytest.raises(Unavailable):
        Egress(allow=server.allow).get(server.url)


def test_the_certificate_is_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is pinned, yet the certificate is checked against the name in the URL."""
    certificate = _certificate(tmp_path, "good.example")
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(exchange_module, "tls_context", lambda: trusting)
    speaking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaking.load_cert_chain(certificate)

    with serve(lambda _asked: answer({"ok": 1})) as server:
        server.tls = speaking
        allow = frozenset({f"good.example:{server.port}", f"bad.example:{server.port}"})
        egress = Egress(allow=allow, timeout=3, resolve=lambda _host, _port: ["127.0.0.1"])
        assert egress.get(f"https://good.example:{server.port}/").status == 200
        with pytest.raises(Unavailable):
            egress.get(f"https://bad.example:{server.port}/")
        assert len(server.asked) == 1


def _certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path
