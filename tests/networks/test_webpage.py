"""Web pages: what a reader would call a change is one message, and nothing else is."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from networks import catalogue
from networks.egress import Egress
from networks.errors import Gone, Invalid, NetworkError, PermissionMissing, Unavailable
from networks.port import Connector
from networks.types import AccountRef
from tests.networks.loopback import Loopback, Reply, answer, serve

HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(*lines: str, title: str = "Notices", around: str = "") -> str:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f"<!doctype html><html><head><title>{title}</title></head><body>{around}<main>{body}</main></body></html>"


class Site:
    def __init__(self) -> None:
        self.reply: Reply = answer(page("Open"), headers=HTML)

    def shows(self, content: str | bytes, headers: dict[str, str] = HTML) -> None:
        self.reply = answer(content, headers=headers)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def server(site: Site) -> Iterator[Loopback]:
    with serve(lambda _asked: site.reply) as running:
        yield running


@pytest.fixture
def source(server: Loopback) -> Connector:
    return catalogue.connector(AccountRef("webpage", f"{server.url}/page", ""), Egress(allow=server.allow, timeout=5))


def texts(source: Connector, since: str = "") -> tuple[list[str], str]:
    found = source.search("", since=since)
    return [one.text for one in found.items], found.newest


def test_a_change_is_one_message_with_what_is_new(site: Site, server: Loopback, source: Connector) -> None:
    site.shows(page("Open on Monday", "Counter 3"))
    first = source.search("")
    assert [(one.title, one.text) for one in first.items] == [("Notices", "Open on Monday\nCounter 3")]
    assert first.items[0].ref.url == f"{server.url}/page"
    site.shows(page("Closed on Monday", "Counter 3", "Come back on Tuesday"))
    changed, since = texts(source, first.newest)
    assert changed == ["Closed on Monday\nCome back on Tuesday"]
    assert texts(source, since)[0] == []


def test_a_page_beyond_every_measure_is_told_as_too_large(site: Site, server: Loopback) -> None:
    site.shows(page("Open" * 500))
    account = AccountRef("webpage", f"{server.url}/page", "")
    with pytest.raises(Invalid, match="too large"):
        catalogue.connector(account, Egress(allow=server.allow, max_bytes=1000)).search("")


def test_going_back_is_a_change_of_its_own(site: Site, source: Connector) -> None:
    since, ids = "", []
    for line in ("Open", "Closed", "Open", "Closed"):
        site.shows(page(line, "Counter 3"))
        found = source.search("", since=since)
        since = found.newest
        ids += [one.ref.id for one in found.items]
    assert len(set(ids)) == 4


def test_a_line_taken_away_is_told_without_text(site: Site, source: Connector) -> None:
    site.shows(page("Open", "A warning"))
    since = texts(source)[1]
    site.shows(page("Open"))
    assert texts(source, since)[0] == [""]


@pytest.mark.parametrize(
    "before",
    [
        "<p>Page made at {clock}</p>",
        "<p>Request {token}</p>",
        '<p data-nonce="{token}">Hello</p>',
        "<script nonce='{token}'>var x = '{token}'</script>",
        "<!-- {token} -->",
        '<input type="hidden" name="csrf" value="{token}">',
        "<nav>{token} <a href='/?s={token}'>Menu</a></nav>",
        "<style>.a{{color:#{token}}}</style><noscript>{token}</noscript>",
        "<svg><text>{token}</text></svg><template>{token}</template>",
    ],
)
def test_what_is_never_twice_the_same_is_no_change(site: Site, source: Connector, before: str) -> None:
    since, found = "", []
    for second in (1, 2, 3):
        told = before.format(token=secrets.token_hex(8), clock=f"12:00:0{second}")
        site.shows(f"<html><body>{told}<p>Open</p></body></html>")
        told_now, since = texts(source, since)
        found += told_now
    assert len(found) == 1
    assert "Open" in found[0]


@pytest.mark.parametrize("line", ["Open from 9:00 to 17:00", "250 euros", "Before 30 June", "BE68 5390 0754 7034"])
def test_hours_amounts_and_days_are_changes(site: Site, source: Connector, line: str) -> None:
    site.shows(page(line))
    since = texts(source)[1]
    changed = line.replace("0", "1", 1)
    site.shows(page(changed))
    assert texts(source, since)[0] == [changed]


def test_layout_alone_is_no_change(site: Site, source: Connector) -> None:
    site.shows(page("Open  on\n Monday", "Counter 3"))
    since = texts(source)[1]
    site.shows("<html><body><main><div><b>Open</b> on Monday</div><ul><li>Counter 3</li></ul></main><footer>f</footer>")
    assert texts(source, since)[0] == []


def test_the_main_part_is_read_else_all_but_the_menus(site: Site, source: Connector) -> None:
    around = "<header>Logo</header><nav>Menu</nav><aside>Ads</aside><footer>Foot</footer>"
    site.shows(page("Open", around=around))
    assert texts(source)[0] == ["Open"]
    site.shows(f"<html><body>{around}<form><div>Inside a form</div></form></body></html>")
    assert texts(source)[0] == ["Inside a form"]
    site.shows("<body><main><header><h1>Head</h1></header><p>Open</p></main></body>")
    assert texts(source)[0] == ["Head\nOpen"]


def test_words_narrow_to_changes_that_hold_them(site: Site, source: Connector) -> None:
    site.shows(page("Open"))
    first = source.search("impôt")
    assert first.items == ()
    site.shows(page("Open", "Weather"))
    second = source.search("impôt", since=first.newest)
    assert second.items == ()
    site.shows(page("Open", "Weather", "L'impot de 2026"))
    assert [one.text for one in source.search("impôt", since=second.newest).items] == ["L'impot de 2026"]


def test_what_is_unchanged_is_not_fetched_again(site: Site, server: Loopback, source: Connector) -> None:
    site.shows(page("Open"), {**HTML, "ETag": '"e"'})
    since = texts(source)[1]
    site.reply = answer("", 304)
    assert texts(source, since) == ([], since)
    assert server.asked[-1].headers["if-none-match"] == '"e"'


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (page("Été"), "text/html; charset=utf-8"),
        (page("Été").encode("latin-1"), "text/html; charset=ISO-8859-1"),
        (b'<meta charset="latin-1">' + page("Été").encode("latin-1"), "text/html"),
        (page("Été").encode(), "text/html; charset=no-such"),
        (b"\xef\xbb\xbf" + page("Été").encode(), "text/html; charset=latin-1"),
        ("Été\n", "text/plain; charset=utf-8"),
        (page("&Eacute;t&#233;"), "text/html"),
    ],
)
def test_any_encoding_is_read(site: Site, source: Connector, content: str | bytes, mime: str) -> None:
    site.shows(content, {"Content-Type": mime})
    assert texts(source)[0] == ["Été"]


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        ("%PDF-1.7", "application/pdf"),
        ('{"a": 1}', "application/json"),
        ("<html><body><script>draw()</script></body></html>", "text/html"),
        ("", "text/html"),
        ("<div>" * 50_000, "text/html"),
        ("<div><table></div></table>" * 50_000, "text/html"),
        ("<p>x</p>" + " " * 2_000_001, "text/html"),
    ],
)
def test_what_cannot_be_read_is_said_so(site: Site, source: Connector, content: str, mime: str) -> None:
    site.shows(content, {"Content-Type": mime})
    with pytest.raises(Invalid) as caught:
        source.search("")
    assert caught.value.field == "url"


@pytest.mark.parametrize("status", [(401, PermissionMissing), (404, Gone), (500, Unavailable)])
def test_refusals_are_the_ports_own(site: Site, source: Connector, status: tuple[int, type[NetworkError]]) -> None:
    site.reply = answer("no", status[0])
    with pytest.raises(status[1]):
        source.search("")


def test_what_strangers_write_is_words(site: Site, source: Connector) -> None:
    site.shows(page("A<img src=x onerror=alert(1)>B", "&lt;script&gt;", title="T<b>x</b>&amp;&lt;i&gt;"))
    (found,) = source.search("").items
    assert found.text == "AB\n<script>"
    assert found.ref.url.startswith("http://127.0.0.1")


def test_long_pages_are_kept_in_bounds(site: Site, source: Connector) -> None:
    site.shows(page(*(f"Line {number} {'x' * 100}" for number in range(5_000))))
    found = source.search("")
    assert len(found.items[0].text) <= 20_000
    assert len(found.newest) < 60_000
