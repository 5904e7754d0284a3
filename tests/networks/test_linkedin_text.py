"""LinkedIn's notation, its captions and its names for things, read by themselves."""

from __future__ import annotations

import pytest

from networks.linkedin.captions import as_subrip
from networks.linkedin.text import escape, unescape
from networks.linkedin.urns import address, comment_urn, encoded, named_at

SITE = "https://www.linkedin.com"


@pytest.mark.parametrize(
    "text",
    ["", "rien", r"C:\dossier\{x}", "a_b*c~d #e @f [g](h) <i> |j|", "« 12,5 % » – l’été 🇧🇪", "@[Nom](urn:li:person:1)"],
)
def test_what_is_escaped_reads_as_it_was(text: str) -> None:
    assert unescape(escape(text)) == text


def test_elements_read_as_words() -> None:
    assert unescape(r"@[SPF \(Fin\)](urn:li:organization:1) {hashtag|\#|imp\_ôts} {hashtag|#|b}") == (
        "@SPF (Fin) #imp_ôts #b"
    )


def test_captions_become_subrip() -> None:
    given = (
        "WEBVTT - titre\n\nNOTE rien\n\n1\n00:01.000 --> 00:02.500 line:0\n<v Anna>Bonjour\n<c.x>à tous</c>\n\n"
        "01:00:03.000 --> 01:00:04.000\nFin"
    )
    assert as_subrip(given) == (
        "1\n00:00:01,000 --> 00:00:02,500\nBonjour\nà tous\n\n2\n01:00:03,000 --> 01:00:04,000\nFin\n"
    )
    assert (
        as_subrip("1\r\n00:00:01,000 --> 00:00:02,500\r\nBonjour\r\n") == "1\n00:00:01,000 --> 00:00:02,500\nBonjour\n"
    )


COMMENT = "urn:li:comment:(urn:li:activity:6,9)"


@pytest.mark.parametrize(
    ("url", "urn"),
    [
        ("https://www.linkedin.com/feed/update/urn:li:share:5/", "urn:li:share:5"),
        ("https://linkedin.com/feed/update/urn:li:ugcPost:5", "urn:li:ugcPost:5"),
        ("https://www.linkedin.com/posts/fin_titre-du-post-activity-6-Ab_c?utm_source=share", "urn:li:activity:6"),
        (f"{SITE}/feed/update/urn:li:activity:6/?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A6%2C9%29", COMMENT),
        ("https://www.linkedin.com/feed/update/urn:li:person:6/", ""),
        ("https://evil.example/feed/update/urn:li:share:5/", ""),
        ("https://www.linkedin.com.evil.example/feed/update/urn:li:share:5/", ""),
        ("javascript:urn:li:share:5", ""),
        ("https://www.linkedin.com/company/fin/", ""),
        ("https://[", ""),
    ],
)
def test_an_address_names_a_thing(url: str, urn: str) -> None:
    assert named_at(url, SITE) == urn
    if urn:
        assert named_at(address(urn, SITE), SITE) == urn


def test_names_in_either_form_and_in_a_path() -> None:
    short, long = comment_urn("urn:li:comment:(activity:6,9)"), comment_urn(COMMENT)
    assert short == long
    assert str(long) == COMMENT
    assert comment_urn("urn:li:comment:(activity:6,9)/../x") is None
    assert encoded(COMMENT) == "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A6%2C9%29"
