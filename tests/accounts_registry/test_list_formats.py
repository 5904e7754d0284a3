"""Lists in every format, as people's programs write them, and as somebody hostile would."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from accounts_registry.lists.grid import MOST_COLUMNS
from accounts_registry.lists.reading import list_grid

TEXT = "Réseau;Adresse;Service\nFacebook;https://www.facebook.com/fin;Été\n"
ROWS = [["Réseau", "Adresse", "Service"], ["Facebook", "https://www.facebook.com/fin", "Été"]]


def sheets(content: bytes, name: str = "list.csv") -> dict[str, list[list[str]]]:
    told, _none = list_grid(content, name)
    assert "sheets" in told, told
    return {sheet["name"]: [cells for _number, cells in sheet["rows"]] for sheet in told["sheets"]}


def refused(content: bytes, name: str = "list.csv") -> str:
    told, _none = list_grid(content, name)
    return str(told.get("unreadable", "it was read"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_text_in_any_encoding_with_any_separator(encoding: str, separator: str) -> None:
    assert sheets(TEXT.replace(";", separator).encode(encoding)) == {"": ROWS}


def test_a_spreadsheet_s_own_word_for_the_separator() -> None:
    assert sheets(b"sep=|\na,b|c\n") == {"": [["a,b", "c"]]}


def test_a_quoted_cell_holds_lines_and_separators() -> None:
    assert sheets(b'a;b\n"x;y\nz";2\n') == {"": [["a", "b"], ["x;y z", "2"]]}


def test_cells_are_written_as_all_that_people_write() -> None:
    """Accents with their letters, no mark of byte order within, and nothing where nobody would see anything."""
    text = "Service;Note\nE\u0301te\u0301;\u200b\u3164\n\ufeffHiver;x\n"
    assert sheets(text.encode()) == {"": [["Service", "Note"], ["\xc9t\xe9"], ["Hiver", "x"]]}


def test_a_quotation_mark_that_is_never_closed_swallows_no_other_row() -> None:
    assert len(sheets(b'a;b\n1;"open\n2;c\n3;d\n')[""]) == 4


def test_rows_keep_the_number_that_the_file_gives_them() -> None:
    told, _none = list_grid(b"a;b\n\n;\n1;2\n", "list.csv")
    assert [number for number, _cells in told["sheets"][0]["rows"]] == [1, 4]


NESTED = {
    "entities": [
        {
            "name": "FIN",
            "unit": {"nl": "Financiën"},
            "accounts": [{"network": "x", "handle": "fin"}, {"network": "facebook"}],
        },
        {"name": "ICT", "links": ["https://x.com/a", "https://x.com/b"], "languages": ["fr", "nl"]},
    ]
}
FLAT = [
    ["name", "unit.nl", "accounts.network", "accounts.handle", "languages", "links"],
    ["FIN", "Financiën", "x", "fin"],
    ["FIN", "Financiën", "facebook"],
    ["ICT", "", "", "", "fr, nl", "https://x.com/a"],
    ["ICT", "", "", "", "fr, nl", "https://x.com/b"],
]


def test_one_entity_with_several_accounts_is_as_many_rows() -> None:
    assert sheets(json.dumps(NESTED).encode(), "list.json") == {"entities": FLAT}


def test_yaml_says_what_it_says_letter_by_letter() -> None:
    content = "- {id: 02019, since: 2026-05-03, on: yes, none: ~}\n- {id: 0x10}\n"
    assert sheets(content.encode(), "list.yml") == {
        "": [["id", "since", "on", "none"], ["02019", "2026-05-03", "yes"], ["0x10"]]
    }


def test_records_by_key_and_one_a_line() -> None:
    keyed = b'{"fin": {"x": "spffin"}, "ict": {"x": "bosa"}}'
    assert sheets(keyed, "list.json")[""] == [["key", "x"], ["fin", "spffin"], ["ict", "bosa"]]
    lines = b'{"x": "spffin"}\n{"x": "bosa"}\n'
    assert sheets(lines, "list.jsonl")[""] == [["x"], ["spffin"], ["bosa"]]


# ---- Spreadsheets ---------------------------------------------------------------------------------------------------
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
BOOK = f'<workbook {NS} {REL}><sheets><sheet name="Comptes" sheetId="1" r:id="rId1"/></sheets></workbook>'
PLACES = '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
STYLES = f"""<styleSheet {NS}><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/></numFmts>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>"""
STRINGS = f"<sst {NS}><si><t>Réseau</t></si><si><r><t>Face</t></r><r><t>book</t></r></si></sst>"
CELLS = f"""<worksheet {NS} {REL}><sheetData>
<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="inlineStr"><is><t>Lien</t></is></c><c r="C3" t="str">
<v>Date</v></c></row>
<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" t="inlineStr"><is><t>notre page</t></is></c><c r="C4" s="1">
<v>46145</v></c></row>
<row r="5"><c r="B5"><f>HYPERLINK("http://evil.example")</f><v>12</v></c><c r="C5" s="2"><v>46145.5</v></c>
<c r="D5"><v>1.0E17</v></c></row>
</sheetData><mergeCells><mergeCell ref="A4:A5"/></mergeCells><hyperlinks><hyperlink ref="B4" r:id="rId9"/>
</hyperlinks></worksheet>"""
LINKS = '<Relationships><Relationship Id="rId9" Target="https://www.facebook.com/fin"/></Relationships>'


def packed(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def workbook(cells: str = CELLS, **more: str) -> bytes:
    return packed(
        {
            "xl/workbook.xml": BOOK,
            "xl/_rels/workbook.xml.rels": PLACES,
            "xl/styles.xml": STYLES,
            "xl/sharedStrings.xml": STRINGS,
            "xl/worksheets/sheet1.xml": cells,
            "xl/worksheets/_rels/sheet1.xml.rels": LINKS,
            **more,
        }
    )


def test_a_workbook_with_merged_cells_links_dates_and_formulas() -> None:
    assert sheets(workbook(), "list.xlsx") == {
        "Comptes": [
            ["Réseau", "Lien", "Date"],
            ["Facebook", "https://www.facebook.com/fin", "2026-05-03"],
            ["Facebook", "12", "2026-05-03", "1.0E17"],
        ]
    }


def grid(rows: str) -> str:
    return f"<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>"


ODS = """<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:xlink="l"><office:body>
<office:spreadsheet><table:table table:name="Netwerken">
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="1024"/>
</table:table-row>
<table:table-row><table:table-cell><text:p>Netwerk</text:p></table:table-cell><table:table-cell>
<text:p>Dag</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>Face<text:span>book</text:span></text:p>
<office:annotation><text:p>Niet meelezen</text:p></office:annotation></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2026-05-03T00:00:00"><text:p>3 mei</text:p>
</table:table-cell></table:table-row>
<table:table-row><table:covered-table-cell/><table:table-cell><text:p>
<text:a xlink:href="https://x.com/fin">ons</text:a></text:p>
</table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/>
</table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_open_document_with_merged_cells_links_and_days() -> None:
    assert sheets(packed({"content.xml": ODS}), "list.ods") == {
        "Netwerken": [["Netwerk", "Dag"], ["Facebook", "2026-05-03"], ["Facebook", "https://x.com/fin"]]
    }
    told, _none = list_grid(packed({"content.xml": ODS}), "list.ods")
    assert [number for number, _cells in told["sheets"][0]["rows"]] == [3, 4, 5]


LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
CELL = '<row><c t="inlineStr"><is><t>x</t></is></c></row>'
REPEATED = ODS.replace(
    '"2"><table:table-cell table:number-columns-repeated="1024"/>',
    '"1000000"><table:table-cell><text:p>x</text:p></table:table-cell>',
)
OF_EACH = [b"a", *(b"l%d" % n for n in range(29))]
HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "an entity": (lambda: workbook(LAUGHS + grid(CELL)), "a.xlsx", "work"),
    "an entity in ODS": (lambda: packed({"content.xml": LAUGHS + ODS}), "a.ods", "work"),
    "a bomb": (lambda: workbook(grid(f"<!--{' ' * 65_000}-->" * 1_100)), "a.xlsx", "work"),
    "a column far out": (lambda: workbook(grid('<row r="1"><c r="XFD1"><v>1</v></c></row>')), "a.xlsx", "columns"),
    "a column that is none": (lambda: workbook(grid('<row><c r="@@"><v>1</v></c></row>')), "a.xlsx", "broken"),
    "too many rows": (lambda: workbook(grid(CELL * 10_001)), "a.xlsx", "rows"),
    "a row said a million times": (lambda: packed({"content.xml": REPEATED}), "a.ods", "rows"),
    "elements in elements": (lambda: workbook("<a>" * 5_000), "a.xlsx", "deep"),
    "half a file": (lambda: workbook()[:600], "a.xlsx", "broken"),
    "half of the XML": (lambda: workbook(CELLS[:300]), "a.xlsx", "broken"),
    "something else in a package": (lambda: packed({"word/document.xml": "<a/>"}), "a.docx", "format"),
    "a file of before": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "old"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "a.csv", "format"),
    "a printed list": (lambda: b"%PDF-1.7 ...", "a.pdf", "format"),
    "a long cell": (lambda: b"a;b\n" + b"x" * 5_000 + b";1\n", "a.csv", "cell"),
    "too many columns": (lambda: b";".join([b"x"] * (MOST_COLUMNS + 1)), "a.csv", "columns"),
    "a long list": (lambda: b"x;y\n" * 10_001, "a.csv", "rows"),
    "nothing": (lambda: b" \n\n", "a.csv", "empty"),
    "lists in lists": (lambda: b"[" * 100_000, "a.json", "deep"),
    "records in records": (lambda: b'[' + b'{"a":' * 60 + b"1" + b"}" * 60 + b"]", "a.json", "deep"),
    "half of JSON": (lambda: b'[{"a": 1', "a.json", "json"),
    "half of YAML": (lambda: b"a: [1\nb: }", "a.yaml", "yaml"),
    "YAML in YAML": (lambda: b"[" * 5_000, "a.yaml", "deep"),
    "what YAML would make": (lambda: b"- !!python/object/apply:os.system [id]", "a.yaml", "empty"),
    "nine lists of aliases": (
        lambda: b"a: &a [x, x]\n" + b"\n".join(b"b%d: [%s]" % (n, b", ".join([b"*a"] * 300)) for n in range(9)),
        "a.yaml",
        "work",
    ),
    "records of aliases": (
        lambda: b"a: &a {x: 1}\n"
        + b"".join(b"l%d: &l%d {p: *%s, q: *%s}\n" % (n, n, o, o) for n, o in enumerate(OF_EACH))
        + b"z: [{u: *l29}]",
        "a.yaml",
        "work",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little_and_is_told_why(name: str) -> None:
    content, file, why = HOSTILE[name]
    assert refused(content(), file) == why


@pytest.mark.longer
def test_one_comment_of_seventy_million_signs_ends_too() -> None:
    assert refused(workbook(grid(f"<!-- {' ' * (70 << 20)} -->")), "a.xlsx") == "work"


def test_what_no_database_keeps_is_left_out() -> None:
    told: Any = sheets(b'[{"a": "x\\u0000y\\ud800z"}]', "a.json")
    assert told == {"": [["a"], ["xyz"]]}
