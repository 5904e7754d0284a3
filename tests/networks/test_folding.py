"""Pairs that are the same to people, in four languages: what is written, and what somebody looks for."""

from __future__ import annotations

import unicodedata

import pytest
from django.db import connection

from networks.folding import as_lexemes, as_query, folded, holds, places, words
from tests.thorough import thorough_pairs

FOUND = [
    # French
    ("À l’école des impôts", "ecole"),
    ("À l'école des impôts", "l’école"),
    ("La date de l’école", "l'ecole date"),
    ("École fermée", "l'école"),
    ("ÉCOLE", "école"),
    ("Une œuvre, un cœur", "oeuvre coeur"),
    ("oeuvre", "œuvre"),
    ("Où est l’aide d’été ?", "ETE ou"),
    ("aujourd’hui", "aujourd'hui"),
    ("C’est-à-dire", "c'est a dire"),
    ("garçon naïf", "garcon naif"),
    # Dutch
    ("Eén vraag over ’s-Gravenhage", "een 's-gravenhage"),
    ("Financiën en coördinatie", "financien coordinatie"),
    ("Ĳsland", "ijsland"),
    ("belastingaangifte", "belasting"),
    # German
    ("Straße und Größe", "strasse grosse"),
    ("STRASSE", "straße"),
    ("Steuererklärung", "steuer"),
    ("Übergröße", "UBERGROSSE"),
    # English
    ("The council’s café re-opens", "cafe council's reopens".replace("reopens", "re-opens")),
    ("Don't wait", "don’t"),
    ("A résumé for O’Brien", "resume o'brien"),
    # Whatever the language
    ("L\u2019e\u0301cole", "école"),
    ("école", "e\u0301cole"),
    ("ﬁnances", "finances"),
    ("ＦＩＮＡＮＣＥＳ", "finances"),
    ("co\u00adopération", "coopération"),
    ("İstanbul ılık", "istanbul ilik"),
    ("Smørrebrød, Łódź, Þórður", "smorrebrod lodz thordur"),
    ("dates limites : impôts", "impots dates"),
    ("#impôts", "impots"),
    ("#impôts", "#IMPOTS"),
    ("@finances@social.example", "@finances"),
    ("@finances@social.example", "finances social"),
    ("@finances@social.example", "@finances@social.example"),
    ("finances.belgium.be", "belgium"),
    ("c’est 🔥 !", "🔥"),
    ("5 € de trop", "5€"),
]
NOT_FOUND = [
    ("impôts", "#impots"),
    ("an@finances.be", "#finances"),
    ("finances", "@finances"),
    ("une école", "ecole fermee"),
    ("préécole", "ecole"),
    ("an et Anne", "ann et ane"),
    ("Anne", "an"),
    ("2026", "20"),
    ("mille", "impôts"),
]


def in_the_database(text: str, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [as_lexemes(text), as_query(query)])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "query"), FOUND)
def test_what_is_meant_to_be_the_same_is_found(text: str, query: str) -> None:
    assert in_the_database(text, query)
    assert holds(text, query)


FORMS = ("NFC", "NFD", "NFKC", "NFKD")


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "query"), NOT_FOUND)
def test_what_is_something_else_is_not(text: str, query: str) -> None:
    assert not in_the_database(text, query)
    assert not holds(text, query)


@pytest.mark.parametrize(("form", "text"), thorough_pairs(FORMS, [text for text, _query in FOUND]))
def test_the_form_that_signs_are_written_in_makes_no_difference(text: str, form: str) -> None:
    assert words(unicodedata.normalize(form, text)) == words(text)  # type: ignore[arg-type]


def test_several_in_quotes_stand_one_behind_the_other() -> None:
    assert holds("Tout sur les impôts de 2026", '"LES impots" tout')
    assert not holds("Tout sur les impôts de 2026", '"impôts les"')
    assert not holds("Tout sur les impôts de 2026", '"les impot"')


@pytest.mark.django_db
def test_what_anybody_types_is_a_query_and_no_statement() -> None:
    for typed in [
        "'; DROP TABLE x --",
        "a' & !b | (c",
        "\\'",
        "word:*A <-> other",
        "x" * 5000,
        "\x00 nul",
        "mot " * 500,
    ]:
        in_the_database(typed, typed)
    assert as_query("!? … '") == ""
    assert as_query("l'") == "'l'"


@pytest.mark.django_db
def test_no_text_is_too_long_to_be_kept() -> None:
    many = " ".join(f"{number}{'é' * 100}" for number in range(200_000))
    assert in_the_database(many, f"1{'e' * 100}")


def test_what_is_remembered_of_signs_is_bounded() -> None:
    from networks.folding import _TABLE, KNOWN

    folded("".join(map(chr, range(0x4E00, 0x4E00 + 2 * KNOWN))))
    assert len(_TABLE) <= KNOWN


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Bonjour E\u0301lodie Dupre\u0301 !", "Élodie Dupré", ["E\u0301lodie Dupre\u0301"]),
        ("élodie, ELODIE, Élodieux", "E\u0301lodie", ["élodie", "ELODIE"]),
        ("Jean-Luc et Jean Luc, mais JeanLuc", "jean‐luc", ["Jean-Luc", "Jean Luc"]),
        ("☃ dit non", "☃", ["☃"]),
        ("à la la la fin", "la la", ["la la"]),
        ("rien", "...", []),
    ],
)
def test_where_a_name_stands(text: str, name: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in places(text, name)] == found
