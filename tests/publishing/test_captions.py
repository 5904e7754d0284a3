"""Captions: words and times survive, nothing else; what is broken is refused with its line."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organisation.lifecycle import Refused
from publishing.content.captions import SUBRIP, UPLOAD_BYTES, WEBVTT, Cue, parsed
from tests.factories.films import MP4

TIMES = "00:00:01.000 --> 00:00:02.000"


def upload(text: str | bytes, name: str = "film.vtt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def vtt(words: str, times: str = TIMES) -> str:
    return f"WEBVTT\n\n{times}\n{words}\n"


def zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("film.vtt", b"\0" * 50_000_000)
    return target.getvalue()


HOSTILE = {
    "empty": "",
    "only the head": "WEBVTT\n",
    "html": "<!doctype html>\n<script>alert(1)</script>",
    "svg": '<svg onload="alert(1)"/>',
    "php": "<?php system('id'); ?>",
    "script in the words": vtt("<script>alert(1)</script>"),
    "image in the words": vtt("<img src=x onerror=alert(1)>"),
    "script in pieces": vtt("<scr<b>ipt>alert(1)</script>"),
    "script in entities": vtt("&lt;script&gt;alert(1)&lt;/script&gt;"),
    "script in numbers": vtt("&#60;script&#62;"),
    "comment": vtt("<!-- x -->"),
    "mark over a tag": vtt("<b <script>alert(1)</script>>x"),
    "a link": vtt("<a href=javascript:alert(1)>x</a>"),
    "zip bomb": zip_bomb,  # made where it is thrown: each process that collects would make it
    "gzip": gzip.compress(b"WEBVTT\n" * 1000),
    "a film": MP4,
    "latin-1": "WEBVTT\n\n00:01.000 --> 00:02.000\nÉté".encode("latin-1"),
    "utf-16": vtt("Bonjour").encode("utf-16"),
    "too large": "WEBVTT\n" + " " * UPLOAD_BYTES,
    "a control sign": vtt("Bon\x00jour"),
    "an escape": vtt("\x1b[2J"),
    "times that are none": vtt("Bonjour", "25:61:00.000 --> x"),
    "a time of many digits": vtt("Bonjour", "9999999999999999:00:01.000 --> 99999999999999999:00:02.000"),
    "an end before its beginning": vtt("Bonjour", "00:00:02.000 --> 00:00:01.000"),
    "an arrow in the words": vtt(f"{TIMES}\n{TIMES}"),
    "no words": vtt(""),
    "backwards": vtt("Bonjour") + "\n00:00:00.000 --> 00:00:02.000\nAvant\n",
    "a page as one caption": vtt("x" * 5000),
    "no times at all": "1\nBonjour\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_are_no_captions_is_refused_at_the_field(name: str) -> None:
    raw = HOSTILE[name]
    with pytest.raises(Refused) as refused:
        parsed(upload(raw() if callable(raw) else raw))
    assert refused.value.field == "captions"
    assert refused.value.reasons


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (vtt("<script>"), 4),
        (vtt("Bonjour") + "\n2\n00:00:05.000\nEncore\n", 7),
        (vtt("Bonjour") + "\n00:00:09.000 --> 00:00:08.000\nEncore\n", 6),
        ("1\n00:00:01,000 --> 00:00:02,000\nBonjour\n\n2\nEncore\n", 6),
        ("1\n00:00:01,000 --> 00:00:02,000\nBonjour\n\n\n\n2\n00:00:0x,000 --> 00:00:04,000\nEncore\n", 8),
    ],
)
def test_the_broken_line_is_named(text: str, line: int) -> None:
    with pytest.raises(Refused) as refused:
        parsed(upload(text))
    assert refused.value.reasons[0].startswith(f"Line {line}:")


def test_both_forms_are_read_and_written() -> None:
    subrip = (
        "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Bonjour</i> à tous &amp; à toutes\r\n\r\n"
        "2\r\n01:00:03,000 --> 01:00:04,000\r\nDeux\r\nlignes\r\n"
    )
    safe = parsed(upload(subrip, "film.srt"))
    assert safe.cues == (Cue(1000, 2500, "Bonjour à tous & à toutes"), Cue(3603000, 3604000, "Deux\nlignes"))
    assert safe.written(WEBVTT).decode() == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nBonjour à tous &amp; à toutes\n\n"
        "01:00:03.000 --> 01:00:04.000\nDeux\nlignes\n"
    )
    for mime, ending in ((WEBVTT, "vtt"), (SUBRIP, "srt")):
        assert parsed(upload(safe.written(mime))).cues == safe.cues
        assert safe.name(mime).endswith(f".{ending}")


def test_styles_comments_voices_and_places_do_not_survive() -> None:
    text = (
        "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { background: url(https://evil.example/x) }\n\n"
        "NOTE written by somebody\n\nREGION\nid:fred\n\n"
        "first\n00:01.000 --> 00:02.000 line:0 position:20%\n<v Jan Peeters><c.loud>Bonjour</c></v> <00:01.500>à tous\n"
    )
    written = parsed(upload(text)).written(WEBVTT).decode()
    assert written == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nBonjour à tous\n"


@pytest.mark.parametrize("empty", ["<i></i>", "&nbsp;"])
def test_no_word_is_lost_behind_a_line_that_shows_nothing(empty: str) -> None:
    safe = parsed(upload(vtt(f"Bonjour\n{empty}\nà tous&#10;&#10;et à toutes")))
    assert [one.text for one in safe.cues] == ["Bonjour\nà tous et à toutes"]
    for mime in (WEBVTT, SUBRIP):
        assert parsed(upload(safe.written(mime))).cues == safe.cues


def test_signs_that_mean_something_elsewhere_stay_signs() -> None:
    safe = parsed(upload(vtt("2 &lt; 3 & 5 > 4")))
    assert "2 &lt; 3 &amp; 5 &gt; 4" in safe.written(WEBVTT).decode()
    assert "2 < 3 & 5 > 4" in safe.written(SUBRIP).decode()
