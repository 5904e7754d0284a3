"""What a stranger's feed, page or answer costs, where it is the libraries' own work that nobody can count in lines.

Each is read in a process that has some seconds of the processor: in proportion to their size they need a tenth of
that, and with the square of it, minutes or gigabytes.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import unicodedata
from itertools import product
from pathlib import Path
from typing import Literal

import pytest

from networks.answers import judge
from networks.egress import Answer
from networks.errors import Unavailable
from networks.feed.reading import read_feed
from networks.folding import holds
from networks.sameness import composed, same_words
from networks.webpage.reading import read_page

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
BEFORE = """
from networks.egress import Answer
from networks.feed.reading import read_feed
from networks.linkedin.text import unescape
from networks.mastodon.text import countable_length
from networks.mastodon.text import same_words as same_on_mastodon
from networks.redaction import redact
from networks.sameness import composed, same_words
from networks.folding import holds
from networks.webpage.reading import read_page
from networks.x.text import same_words as same_on_x
from networks.x.text import shown
from networks.x.weighing import pieces

def told(body, kind): return Answer("https://a.example/", 200, (("content-type", kind),), body)
def many(form, times): return b"".join(form.replace(b"%d", b"%d" % n) for n in range(times))
def named(times): return b"<a " + many(b"xmlns:n%d='u%d' ", times)
def rss(words):
    return told(b"<rss version='2.0'><channel><item><title>a</title>" + words + b"</item></channel></rss>", "text/xml")
"""
COSTLY = {
    "lines before a feed": "read_feed(told(b'x' + b'\\n' * 300_000 + b'<rss version=\"2.0\"/>', 'text/xml'))",
    "a feed's declaration": "read_feed(told(b'<?xml ' + b'encoding=\\x27' * 30_000 + b'<rss/>', 'application/xml'))",
    "an author": "read_feed(rss(b'<author>' + b'a.' * 150_000 + b'</author>'))",
    "a base within a base": "read_feed(rss(b'<a xml:base=\"abcd/\">' * 50_000 + b'</a>' * 50_000))",
    "an entry's address": "read_feed(rss(b'<link>https://a' + '\\u094d\\u0301'.encode() * 150_000 + b'/</link>'))",
    "a base": "read_feed(rss(b'<a xml:base=\"https://a' + '\\u094d\\u0301'.encode() * 150_000 + b'/\"/>'))",
    "attributes": "read_feed(rss(b'<link ' + many(b'a%d=\"\" ', 150_000) + b'/>'))",
    "namespaces": "read_feed(rss(named(40_000) + b'>' + b'<n9999:b/>' * 70_000 + b'</a>'))",
    "a feed in punycode": "read_feed(told(b'a' * 900_000 + b'-' + b'b' * 900_000, 'text/xml; charset=punycode'))",
    "a page in punycode": "read_page(told(b'a' * 900_000 + b'-' + b'b' * 900_000, 'text/html; charset=punycode'))",
    "a page's encoding": "read_page(told(b'a', 'text/html; charset=' + ' ' * 90_000 + ';'))",
    "a comment on LinkedIn": "unescape('{hashtag|#|' * 30_000)",
    "a name on Mastodon": "countable_length('@' + 'a' * 80_000)",
    "names that are counted": "countable_length('@a.' * 60_000)",
    "addresses in brackets": "countable_length('https://a.be/((a' * 12_000)",
    "an address without an end": "countable_length('https://' + 'a_' * 80_000)",
    "half flags": "countable_length('\\U0001f1e7' * 150_000)",
    "accents": "holds('a' + '\\u0301\\u0323' * 100_000, 'word')",
    "a server's excuse": "redact('eyJ' * 200_000)",
    "what came back": "same_words('word', 'a' + '\u0301\u0323' * 150_000)",
    "what came back in parts": "same_words('word', 'a' + '\u0f73' * 150_000)",
    "what came back on Mastodon": "same_on_mastodon('word', 'a' + '\u0301\u0323' * 150_000)",
    "what came back on X": "same_on_x('word', 'a' + '\u0301\u0323' * 150_000, is_reply=True)",
    "names on Mastodon": "same_on_mastodon('word', '@a.' * 100_000 + '@')",
    "what a post weighs": "sum(weight for _, weight in pieces('a' + '\u0301\u0323' * 150_000))",
    "spaces on X": "shown({'text': ' ' * 100_000 + 'a', 'entities': {'urls': [{'url': 'b', 'media_key': '1'}]}})",
    "a number on X": "shown({'text': '&#' + '9' * 200_000 + ';'})",
}


def limits() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (15, 15))
    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))


@pytest.mark.parametrize("name", COSTLY)
def test_no_stranger_chooses_what_reading_costs(name: str) -> None:
    one = [sys.executable, "-c", BEFORE + COSTLY[name]]
    done = subprocess.run(one, cwd=ROOT, capture_output=True, text=True, preexec_fn=limits, check=False)
    refused = done.returncode == 1 and "networks.errors.Invalid" in done.stderr
    assert done.returncode == 0 or refused, done.stderr[-300:]


@pytest.mark.parametrize("told", ["punycode", "unicode_escape", "idna", "utf-7", "no-such"])
def test_an_encoding_that_no_page_is_written_in_is_not_taken(told: str) -> None:
    page = read_page(
        Answer("https://a.example/", 200, (("content-type", f"text/html; charset={told}"),), "é\\n".encode())
    )
    assert page.lines == ("é\\n",)
    feed = f"<?xml version='1.0' encoding='{told}'?><rss version='2.0'><channel><item><title>é</title></item></channel>"
    entries = read_feed(
        Answer("https://a.example/", 200, (("content-type", "application/xml"),), feed.encode())
    ).entries
    assert [entry.title for entry in entries] == ["é"]


def test_an_answer_nested_too_deeply_is_a_failure_like_any_other() -> None:
    answer = Answer("https://a.example/", 503, (("content-type", "application/json"),), b"[" * 200_000)
    assert isinstance(judge(answer, write=False), Unavailable)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_normal_form_is_unicodes_own(form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    signs = [
        "a",
        "é",
        "ǖ",
        "각",
        "ㅏ",
        "\u0344",
        "\u0f73",
        "\u1e9b",
        "ﬁ",
        "\u0301",
        "\u0323",
        "\u0308",
        "\u0345",
        "\u093c",
        "क",
    ]
    words = ["".join(some) for some in product(signs, repeat=3)]
    words += ["a" + "\u0301\u0323\u0345\u0f73" * many for many in range(1, 60)]
    words += [unicodedata.normalize(form, word) for word in words]
    for word in words:
        assert composed(word) == unicodedata.normalize("NFC", word), ascii(word)


def test_one_text_in_two_forms_is_one_text() -> None:
    assert same_words("Été à  Liège", unicodedata.normalize("NFD", " Été à Liège"))
    assert same_words("a" + "\u0301\u0323" * 200, "a" + "\u0323\u0301" * 200) == (
        unicodedata.normalize("NFC", "a" + "\u0301\u0323" * 200)
        == unicodedata.normalize("NFC", "a" + "\u0323\u0301" * 200)
    )
    assert not same_words("Été", "Ete")


def test_words_are_found_across_the_pieces_that_they_are_read_in() -> None:
    for before in range(90, 110):
        assert holds("x" * before + " Été ﬁn", "été fin")
        assert not holds("x" * before + " Éte", "été fin")
