"""Documents that leave as files: the same words in both kinds, accessible, and nothing in them is carried out."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organisation.documents import Document, Facts, Heading, Items, Paragraph, Table, as_odt, as_pdf

ODT = {
    "text": "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}",
    "table": "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    "fo": "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}",
}


def document(*blocks: Any, title: str = "Procès-verbal", language: str = "fr") -> Document:
    return Document(title, language, "SPF Finances", date(2026, 12, 3), blocks)


WHOLE = document(
    Heading("Ordre du jour"),
    Paragraph("Deux œuvres & <un> vote"),
    Items(("Ouvrir un compte", "Fermer un compte"), numbered=True),
    Facts((("Quorum", "2"), ("Présidente", "An Peeters"))),
    Table("Les votes", ("Dossier", "Pour"), (("LinkedIn", "2"), ("YouTube", "3"))),
)


def parts(pdf: bytes) -> bytes:
    """All that the file says of itself, its packed parts unpacked."""
    unpacked = [pdf]
    for piece in pdf.split(b"stream\n")[1:]:
        try:
            unpacked.append(zlib.decompressobj().decompress(piece))
        except zlib.error:
            continue
    return b"\n".join(unpacked)


def read(odt: bytes, name: str = "content.xml") -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(odt)).read(name))


def test_a_pdf_is_tagged_and_says_its_language_and_title() -> None:
    told = parts(as_pdf(WHOLE))
    assert told.startswith(b"%PDF-1.7")
    for said in (b"/StructTreeRoot", b"/Marked true", b"/Lang(fr)", b"pdfuaid:part", b"/S/H1/", b"/S/TH/", b"/S/LI/"):
        assert said in told, said


def test_what_somebody_wrote_is_never_read_as_the_language_of_the_page() -> None:
    hostile = '#panic("run") #read("/etc/passwd") $x$ *b* = H @ref <label> \\ ` [ ] #{'
    assert as_pdf(document(Paragraph(hostile), title=hostile)).startswith(b"%PDF")


def test_a_sign_that_no_font_shows_stands_as_its_number() -> None:
    from organisation.documents import pdf

    shown: Any = pdf._shown(document(Paragraph("Oui 😀\u202e"), title="É").as_data())
    assert (shown["title"], shown["blocks"][0]["text"]) == ("É", "Oui [U+1F600][U+202E]")
    assert as_pdf(document(Paragraph("Rare: \U000102a0 \u16a0 ﷽ 漢"))).startswith(b"%PDF")


def test_an_odt_is_what_readers_take_for_one() -> None:
    file = zipfile.ZipFile(io.BytesIO(as_odt(WHOLE)))
    first = file.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert file.read("mimetype") == b"application/vnd.oasis.opendocument.text"
    assert set(file.namelist()) == {"mimetype", "META-INF/manifest.xml", "content.xml", "styles.xml", "meta.xml"}
    assert as_odt(WHOLE) == as_odt(WHOLE)
    styles = ElementTree.tostring(read(as_odt(WHOLE), "styles.xml"), encoding="unicode")
    assert 'language="fr"' in styles
    used = {one.get(f"{ODT['text']}style-name") for one in read(as_odt(WHOLE)).iter()} - {None}
    for name in used:
        assert f'name="{name}"' in styles, name


def test_an_odt_says_every_word_and_its_headings_lists_and_tables() -> None:
    told = read(as_odt(WHOLE))
    words = "".join(told.itertext())
    for said in ("Procès-verbal", "Deux œuvres & <un> vote", "Fermer un compte", "An Peeters", "Les votes", "YouTube"):
        assert said in words
    [heading] = told.iter(f"{ODT['text']}h")
    assert (heading.text, heading.get(f"{ODT['text']}outline-level")) == ("Ordre du jour", "1")
    assert len(list(told.iter(f"{ODT['text']}list-item"))) == 2
    [head] = told.iter(f"{ODT['table']}table-header-rows")
    assert "".join(head.itertext()) == "DossierPour"
    assert len(list(told.iter(f"{ODT['table']}table-row"))) == 3


@pytest.mark.longer
@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60).filter(str.strip))
def test_any_words_make_a_document(words: str) -> None:
    made = document(
        Heading(words), Paragraph(words), Items((words,)), Facts(((words, words),)), Table(words, (words,), ((words,),))
    )
    assert as_pdf(made).startswith(b"%PDF")
    read(as_odt(made))
