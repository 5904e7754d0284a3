"""Whatever a stranger writes as HTML, reading it costs in proportion to its length; and its words come out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from networks.allowance import Allowance, Exhausted
from networks.egress import Answer
from networks.errors import Invalid
from networks.markup import Closing, Opening, pieces, unescaped
from networks.plaintext import plain
from networks.webpage.reading import read_page
from tests.costs import lines_of

FRAGMENTS = [
    *("<div>", "</div>", "<p>", "</p>", "<b a=1>", "</b>", "<table>", "<td>", "<li>", "<a ", '"', "'", "=", ">", "/"),
    *("<", "</", "<!--", "-->", "<![CDATA[", "<?", "<script>", "</script>", "<title>", "<nav>", "<main>", "<pre>"),
    *("&#1", "&amp;", "&", "x", " ", "\n", "<br>", "<svg>", '<i class="', "é", "\x00", "<button>"),
]
PLACE = "http://127.0.0.1/"


def page(html: str) -> None:
    with contextlib.suppress(Invalid):
        read_page(Answer(PLACE, 200, (("content-type", "text/html; charset=utf-8"),), html.encode()))


READERS: dict[str, Callable[[str], object]] = {
    "words": plain,
    "words without a part": lambda html: plain(html, left_out="quote"),
    "a page": page,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
@given(unit=st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6).map("".join))
@example(unit="<div>")
@example(unit="<div><!--</div>-->")
@example(unit='<div a="</div>">')
@example(unit="<b a=1><p>")
@example(unit='<a "')
@settings(max_examples=40, deadline=None)
def test_twice_as_much_costs_twice_as_much(name: str, unit: str) -> None:
    once, twice = lines_of(lambda: READERS[name](unit * 60)), lines_of(lambda: READERS[name](unit * 120))
    assert twice <= 2.2 * once + 200
    assert once <= 40 * 60 * len(unit) + 400


@pytest.mark.slow
@given(unit=st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6).map("".join))
@settings(max_examples=40, deadline=None)
def test_no_page_uses_up_what_its_length_is_worth(unit: str) -> None:
    open_now: list[str] = []
    for piece in pieces(unit * 9_000):
        if isinstance(piece, Opening):
            open_now.append(piece.name)
        elif isinstance(piece, Closing):
            assert open_now.pop() == piece.name, "well nested, whatever was written"
    assert open_now == []


def test_a_reader_that_costs_more_than_it_may_ends() -> None:
    with pytest.raises(Exhausted):
        list(pieces("<div>" * 100, Allowance(99)))


@pytest.mark.slow
def test_a_megabyte_of_nested_elements_is_words_like_any_other() -> None:
    assert plain("<div>" * 200_000 + "Bonjour") == "Bonjour"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a<p>b", "a\n\nb"),
        ("a<p>b</p>c", "a\n\nb\n\nc"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("a < b &lt;i&gt; &amp;amp; c", "a < b <i> &amp; c"),
        ("<script>x<b></script>a<style>p{}</style><!-- no --->b<!>c<?d?>", "abc"),
        ('<a title=\'>\'>a</a><a title=">">b</a><a b="""c>d', "abd"),
        ("<p>a<span class='quote-inline'>RE: <a>x</a></span>b</p>", "ab"),
        ("<p class='quote-inline'>RE: x<p>b", "b"),
        ("a<script>never closed", "a"),
        ("a<!-- never closed", "a"),
        ("<ul><li>a<li>b</ul>c", "a\n\nb\n\nc"),
        ("&#" + "1" * 5000 + ";a&#x" + "f" * 5000 + ";", "\ufffda\ufffd"),
    ],
)
def test_words_come_out_as_a_browser_shows_them(html: str, words: str) -> None:
    assert plain(html, left_out="quote-inline") == words


def test_a_number_that_is_no_sign_is_the_mark_of_a_lost_one() -> None:
    assert unescaped("&#65;&#99999999;&eacute;&#x1F642;&#x99999999") == "A\ufffdé🙂\ufffd"
