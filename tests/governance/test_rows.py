"""Rows written by code say what a template would, and escape what it would."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace as Told
from typing import Any

import pytest
from django.template import engines
from django.utils import html, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from governance import markup
from governance.templatetags.frame import theirs
from governance.templatetags.rows import citizens_turn, day_look, day_more, silence_rows
from organisation.enums import Language

WILD = "<script>alert('&\"')</script>\u202e{0}%s"
AT = datetime(2026, 5, 3, 9, 2, tzinfo=UTC)

TURN = """
<article class="turn" aria-label="{% translate 'Message of the citizen' %}">
  <header class="turn-head"><strong>{{ author }}</strong> <span>{{ what.get_kind_display }}</span> {{ what.sent_at|when }}
    {% audience_pill what.for_few %}{% if what.filtered %}<span>{% icon "filter" %}
    {% translate "The network filters messages of this kind" %}</span>{% endif %}</header>
  {% if what.gone_at %}<p class="turn-text quiet">{% blocktranslate trimmed %}The citizen deleted this message on the network. Its text was erased
    here too.{% endblocktranslate %}</p>{% elif what.warning %}
    <details class="turn-warned"{% if what.item.language %} lang="{{ what.item.language }}"{% endif %}><summary>{% icon "exclamation-triangle" %}
    {% blocktranslate trimmed with warning=what.warning|theirs %}Warning by its author: {{ warning }}{% endblocktranslate %}</summary>
    {% if what.text %}<p class="turn-text" dir="auto">{{ what.text|theirs_text }}</p>{% endif %}
    {% include "conversations/_parts.html" with mention=what only %}</details>{% else %}{% if what.text %}
    <p class="turn-text" dir="auto"{% if what.item.language %} lang="{{ what.item.language }}"{% endif %}>{{ what.text|theirs_text }}</p>{% endif %}
    {% if what.parts or what.poll %}{% include "conversations/_parts.html" with mention=what only %}{% elif not what.text %}
    <p class="turn-text quiet">{% if what.untold %}{% blocktranslate trimmed with network=what.untold %}This message holds no words, and {{ network }} does not
    tell what else is in a comment. Look at it there.{% endblocktranslate %}{% else %}{% translate "This message holds no words." %}{% endif %}</p>
    {% endif %}{% endif %}
  <footer class="turn-foot">{% if what.item.edited_at %}
    <span>{% blocktranslate trimmed with when=what.item.edited_at|when %}Changed by the citizen, seen
    {{ when }}{% endblocktranslate %}</span>{% endif %}{% if what.watch %}<span>{% blocktranslate trimmed with watch=what.watch %}Found by the watch
    “{{ watch }}”{% endblocktranslate %}</span>{% endif %}{% if what.item.url and not what.gone_at %}<a href="{{ what.item.url }}"
    rel="noopener noreferrer" target="_blank">{% translate "On the network" %} {% icon "box-arrow-up-right" %}</a>{% endif %}</footer>
</article>
"""  # noqa: E501 - a template
MORE = """
{% if day.more %}<a class="day-more"
  href="{% url 'publishing:calendar_day' day.date.year day.date.month day.date.day %}{{ kept }}">
  {% blocktranslate trimmed count n=day.more %}{{ n }} more{% plural %}{{ n }} more{% endblocktranslate %}
  <span class="visually-hidden"> · {{ day.date|dated:"j F" }}</span></a>{% endif %}
"""
SILENCES = """
{% for silence in silences %}
  <li><div class="row-main">
    <p class="row-title">{% network_mark silence.account.network silence.account.handle %}</p>
    <p class="row-meta">{% if silence.days %}<span>{% blocktranslate trimmed count n=silence.days|length %}{{ n }} day:{% plural %}{{ n }}
      days:{% endblocktranslate %} {{ silence.days|day_numbers }}</span>{% else %}<span>{% icon "check-circle" %}
      {% translate "A message on every day." %}</span>{% endif %}</p>
  </div></li>
{% endfor %}
"""  # noqa: E501 - a template


def shown(template: str, **facts: Any) -> str:
    return tight(engines["django"].from_string(template).render(facts))


def tight(written: str) -> str:
    """Without the spaces around elements, and with one between attributes."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", written)).strip()


def said(**told: Any) -> Any:
    item = Told(language="", edited_at=None, url="", poll_ends_at=None)
    item.__dict__.update(told.pop("item", {}))
    usual = {"sent_at": AT, "for_few": "", "filtered": False, "gone_at": None, "warning": "", "text": "Bonjour"}
    given = {**usual, "parts": [], "untold": "", "poll": [], "waits": False, "watch": None, "pk": 7, **told}
    return Told(item=item, get_kind_display=lambda: "Mention", **given)


PART = {"kind": "picture", "alt": WILD, "url": "https://x.example/?a=1&b=2", "place": 0, "picture": None}
TURNS = {
    "plain": said(),
    "nothing": said(text=""),
    "nothing that is told": said(text="", untold=WILD),
    "wild": said(text=WILD + "\nagain", item={"language": 'f"r', "url": "https://x.example/?a=1&b='", "edited_at": AT}),
    "of few": said(for_few=WILD, filtered=True, watch=WILD),
    "gone": said(gone_at=AT, text="", watch="Taxes", item={"url": "https://x.example/", "edited_at": AT}),
    "warned": said(warning=WILD, text=WILD, item={"language": "nl"}),
    "warned, with a part": said(warning=WILD, text="", parts=[PART]),
    "with a poll": said(poll=[{"choice": WILD, "votes": 3}], most_votes=3),
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", TURNS)
def test_a_citizens_message(name: str, language: str) -> None:
    author = theirs(WILD)
    with translation.override(language):
        ours = citizens_turn(TURNS[name], author)
        assert tight(ours) == shown(TURN, what=TURNS[name], author=author)
    assert "<script>" not in ours
    ours_alone = ("of few", "nothing that is told")
    assert ("\u202e" in ours) == (name in ours_alone), "a watch, an audience and a network are named by ourselves"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kept", ["", "?unit=a&b=%22"])
def test_what_a_day_has_more(kept: str, language: str) -> None:
    with translation.override(language):
        for more in (0, 1, 12):
            day = Told(date=date(2026, 5, 1), more=more)
            assert tight(day_more(day, kept)) == shown(MORE, day=day, kept=kept)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_days_without_a_message(language: str) -> None:
    account = Told(network="mastodon", handle=WILD)
    days = [date(2026, 5, day) for day in (1, 2, 3, 9)]
    silences = [Told(account=account, days=some) for some in ([], days[:1], days)]
    with translation.override(language):
        assert tight(silence_rows(silences)) == shown(SILENCES, silences=silences)


def test_the_look_of_a_day() -> None:
    usual = {"in_month": True, "silent": [], "is_weekend": False, "closures": [], "is_today": False}
    assert day_look(Told(**usual)) == ""
    assert day_look(Told(**{**usual, "is_today": True, "silent": [1]})) == "is-gap is-today"
    others = {"in_month": False, "is_weekend": True, "closures": [1]}
    assert day_look(Told(**{**usual, **others})) == "is-outside is-weekend is-closed"


class Marked:
    def __html__(self) -> str:
        return "<i>"


VALUES = [WILD, mark_safe("<b>"), Language.FRENCH, gettext_lazy("Sender's"), 3, None, True, Marked(), AT, [WILD]]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_markup_is_djangos(value: object) -> None:
    ours = markup.format_html("<a {} {}>", value, WILD)
    assert ours == html.format_html("<a {} {}>", value, WILD)
    assert type(ours) is type(mark_safe(""))
    rows = [(value, WILD), (WILD, value)]
    assert markup.format_html_join("<,>", "<a {}{}>", rows) == html.format_html_join("<,>", "<a {}{}>", rows)
