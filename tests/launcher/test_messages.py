"""The catalogues follow the code: every sentence found, every translation kept, every gap named."""

from pathlib import Path

import polib
import pytest

from launcher.compiled_messages import compile_all
from launcher.extraction import sentences
from launcher.messages import LANGUAGES, catalogue_file, check, update
from launcher.places import Places

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
a = _("One sentence "
      "in two pieces")
b = ngettext("%(count)s post", "%(count)s posts", n)
c = pgettext("month", "May")
d = f"{_('Inside a formatted string')}"
e = _(name)
f = _("Why? « This » : %(what)s !")
"""
TEMPLATE = """{% load i18n %}
  <h1 title='{% translate "A title" %}'>It's {{ _("shown") }}</h1>
    {% blocktranslate trimmed with who=person.name %}
      Written by
      {{ who }} at 100%
    {% endblocktranslate %}
{% blocktranslate count days=days %}{{ days }} day{% plural %}{{ days }} days{% endblocktranslate %}
  {% include "x.html" with label=_("A label") %}
{% translate "Open" context "verb" %}{# a comment with an unpaired ' and ( #}
<p>Unpaired ) and " outside</p>
{% translate "Last" %}
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "crisis").mkdir()
    (tmp_path / "crisis" / "models.py").write_text(PYTHON)
    return Places(tmp_path)


def opened(places: Places, language: str) -> polib.POFile:
    return polib.pofile(str(catalogue_file(places, language)))


def translate_all(places: Places) -> None:
    for language in LANGUAGES:
        catalogue = opened(places, language)
        for entry in catalogue:
            if entry.msgid_plural:
                entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
            else:
                entry.msgstr = entry.msgid
        catalogue.save()


def test_code_and_templates_give_up_every_sentence(places: Places) -> None:
    found = {(s.context, s.singular, s.plural) for s in sentences(places.root)}
    assert found == {
        (None, "One sentence in two pieces", None),
        (None, "%(count)s post", "%(count)s posts"),
        ("month", "May", None),
        (None, "Inside a formatted string", None),
        (None, "Why? « This » : %(what)s !", None),
        (None, "A title", None),
        (None, "shown", None),
        (None, "Written by %(who)s at 100%%", None),
        (None, "%(days)s day", "%(days)s days"),
        (None, "A label", None),
        ("verb", "Open", None),
        (None, "Last", None),
    }


@pytest.mark.longer
def test_a_fresh_catalogue_is_incomplete_and_a_translated_one_complete(places: Places) -> None:
    assert check(places) == 1
    update(places)
    assert check(places) == 1
    translate_all(places)
    assert check(places) == 0


def test_what_is_gone_goes_and_what_stays_keeps_its_translation(places: Places) -> None:
    update(places)
    translate_all(places)
    (places.root / "crisis" / "models.py").write_text('x = _("New one")')
    assert check(places) == 1
    update(places)
    entries = {entry.msgid: entry for entry in opened(places, "fr")}
    assert entries["A title"].msgstr == "A title"
    assert entries["New one"].msgstr == ""
    assert "One sentence in two pieces" not in entries


@pytest.mark.parametrize(
    ("msgid", "translation", "problem"),
    [
        ("A title", "", "no translation"),
        ("Written by %(who)s at 100%%", "Rédigé à 100 %%", "its placeholders differ"),
        ("Written by %(who)s at 100%%", "Rédigé par %(qui)s", "its placeholders differ"),
    ],
)
def test_each_fault_is_named(
    places: Places, capsys: pytest.CaptureFixture[str], msgid: str, translation: str, problem: str
) -> None:
    update(places)
    translate_all(places)
    catalogue = opened(places, "fr")
    next(entry for entry in catalogue if entry.msgid == msgid).msgstr = translation
    catalogue.save()
    assert check(places) == 1
    assert f"fr: {problem}: {msgid!r}" in capsys.readouterr().out


def test_a_fuzzy_translation_is_none(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    update(places)
    translate_all(places)
    catalogue = opened(places, "nl")
    catalogue[0].flags.append("fuzzy")
    catalogue.save()
    assert check(places) == 1
    assert "nl: fuzzy" in capsys.readouterr().out


def test_catalogues_are_compiled_when_they_changed(places: Places) -> None:
    update(places)
    translate_all(places)
    compile_all(places)
    compiled = catalogue_file(places, "fr").with_suffix(".mo")
    assert polib.mofile(str(compiled)).find("A title").msgstr == "A title"
    kept = "Why? «\xa0This\xa0»\xa0: %(what)s\xa0!"  # French: no line breaks between a word and its sign
    assert polib.mofile(str(compiled)).find("Why? « This » : %(what)s !").msgstr == kept
    before = compiled.stat().st_mtime_ns
    compile_all(places)
    assert compiled.stat().st_mtime_ns == before
