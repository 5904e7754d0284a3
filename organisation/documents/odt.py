"""A document as ODT (OpenDocument 1.3): what a secretary goes on writing in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from organisation.documents.content import Block, Document, Facts, Heading, Items, Paragraph, Table

TYPE = "application/vnd.oasis.opendocument.text"
_NAMESPACES = " ".join(
    f'xmlns:{short}="{name}"'
    for short, name in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
    }.items()
)
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""


def as_odt(document: Document) -> bytes:
    """The same words as the PDF. Signs that XML cannot hold are left out."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        # Readers tell the kind by the first bytes of the file: first in it, and not packed.
        file.writestr(_entry("mimetype"), TYPE, zipfile.ZIP_STORED)
        for name, text in (
            ("META-INF/manifest.xml", _MANIFEST),
            ("content.xml", _content(document)),
            ("styles.xml", _styles(document)),
            ("meta.xml", _meta(document)),
        ):
            file.writestr(_entry(name), text, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """Dated by nothing: the same document is the same file."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def _content(document: Document) -> str:
    colon = "\u00a0:" if document.language == "fr" else ":"
    body = "".join(part for block in document.blocks for part in _block(block, colon))
    title = f'<text:p text:style-name="Title">{_words(document.title)}</text:p>'
    author = f'<text:p text:style-name="Subtitle">{_words(document.author)}</text:p>'
    cell = '<style:table-cell-properties fo:border="0.4pt solid #777777" fo:padding="1.5mm"/>'
    cell = f'<style:style style:name="Cell" style:family="table-cell">{cell}</style:style>'
    automatic = f"<office:automatic-styles>{cell}</office:automatic-styles>"
    return _part(
        "document-content", f"{automatic}<office:body><office:text>{title}{author}{body}</office:text></office:body>"
    )


def _block(block: Block, colon: str) -> Iterator[str]:
    if isinstance(block, Heading):
        style = f"Heading_20_{block.level}"
        yield f'<text:h text:style-name="{style}" text:outline-level="{block.level}">{_words(block.text)}</text:h>'
    elif isinstance(block, Paragraph):
        yield _paragraph(block.text)
    elif isinstance(block, Items):
        items = "".join(f"<text:list-item>{_paragraph(one)}</text:list-item>" for one in block.items)
        yield f'<text:list text:style-name="{"Numbers" if block.numbered else "Bullets"}">{items}</text:list>'
    elif isinstance(block, Facts):
        for name, value in block.facts:
            yield (
                f'<text:p text:style-name="Text_20_body"><text:span text:style-name="Strong">{_words(name)}'
                f"{colon}</text:span> {_words(value)}</text:p>"
            )
    elif isinstance(block, Table):
        yield f'<text:p text:style-name="Caption">{_words(block.caption)}</text:p>{_table(block)}'


def _table(block: Table) -> str:
    head = _row(block.head, "Table_20_Heading")
    rows = "".join(_row(row, "Table_20_Contents") for row in block.rows)
    columns = f'<table:table-column table:number-columns-repeated="{len(block.head)}"/>'
    name = quoteattr(_kept(block.caption))
    heads = f"<table:table-header-rows>{head}</table:table-header-rows>"
    return f"<table:table table:name={name}>{columns}{heads}{rows}</table:table>"


def _row(cells: tuple[str, ...], style: str) -> str:
    cell = '<table:table-cell table:style-name="Cell" office:value-type="string">'
    told = "".join(f"{cell}{_paragraph(one, style)}</table:table-cell>" for one in cells)
    return f"<table:table-row>{told}</table:table-row>"


def _paragraph(text: str, style: str = "Text_20_body") -> str:
    return f'<text:p text:style-name="{style}">{_words(text)}</text:p>'


def _words(text: str) -> str:
    return escape(_kept(text)).replace("\n", "<text:line-break/>")


def _kept(text: str) -> str:
    """What XML 1.0 may hold."""
    return "".join(
        one
        for one in text.replace("\r\n", "\n")
        if one in "\n\t" or (" " <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" or one >= "\U00010000")
    )


_STYLES = (
    ("Standard", "", "", ""),
    ("Title", "Standard", 'fo:margin-bottom="2mm"', 'fo:font-size="20pt" fo:font-weight="bold"'),
    ("Subtitle", "Standard", 'fo:margin-bottom="6mm"', 'fo:color="#555555"'),
    ("Text_20_body", "Standard", 'fo:margin-bottom="3mm"', ""),
    ("Caption", "Standard", 'fo:margin-top="3mm" fo:margin-bottom="1mm" fo:keep-with-next="always"', ""),
    ("Table_20_Contents", "Standard", "", ""),
    ("Table_20_Heading", "Standard", "", 'fo:font-weight="bold"'),
    (
        "Heading_20_1",
        "Standard",
        'fo:margin-top="6mm" fo:margin-bottom="2mm"',
        'fo:font-size="15pt" fo:font-weight="bold"',
    ),
    (
        "Heading_20_2",
        "Standard",
        'fo:margin-top="5mm" fo:margin-bottom="2mm"',
        'fo:font-size="13pt" fo:font-weight="bold"',
    ),
    ("Heading_20_3", "Standard", 'fo:margin-top="4mm" fo:margin-bottom="2mm"', 'fo:font-weight="bold"'),
)


def _styles(document: Document) -> str:
    language = quoteattr(document.language)
    spoken = f'<style:text-properties fo:language={language} fo:country="BE" fo:font-size="11pt"/>'
    styles = [f'<style:default-style style:family="paragraph">{spoken}</style:default-style>']
    for name, parent, paragraph, words in _STYLES:
        shown = name.replace("_20_", " ")
        above = f' style:parent-style-name="{parent}"' if parent else ""
        styles.append(
            f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph"{above}>'
            f"<style:paragraph-properties {paragraph}/><style:text-properties {words}/></style:style>"
        )
    strong = '<style:text-properties fo:font-weight="bold"/>'
    styles.append(f'<style:style style:name="Strong" style:family="text">{strong}</style:style>')
    bullet = '<text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    number = '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    styles.append(f'<text:list-style style:name="Bullets">{bullet}</text:list-style>')
    styles.append(f'<text:list-style style:name="Numbers">{number}</text:list-style>')
    return _part("document-styles", f"<office:styles>{''.join(styles)}</office:styles>")


def _meta(document: Document) -> str:
    told = (
        f"<dc:title>{_words(document.title)}</dc:title><dc:creator>{_words(document.author)}</dc:creator>"
        f"<dc:date>{document.day.isoformat()}T00:00:00</dc:date><dc:language>{_words(document.language)}</dc:language>"
    )
    return _part("document-meta", f"<office:meta>{told}</office:meta>")


def _part(name: str, inside: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:{name} {_NAMESPACES} office:version="1.3">'
        f"{inside}</office:{name}>"
    )
