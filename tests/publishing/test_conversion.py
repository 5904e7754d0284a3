"""What comes out of a film is measured: colours, depth, which way it stands, how long and how loud it is."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import File

from organisation.lifecycle import Refused
from organisation.sentences import Sentence
from publishing.content import changes, conversion, videos
from publishing.content.changes import listed
from publishing.content.conversion import _filters
from publishing.content.probing import Source
from publishing.content.videos import SafeVideo
from tests.factories.clips import QUARTERS, clip, ffmpeg, loudness, measured

FIT = videos.Fit(frozenset({"video/mp4"}), 50_000_000)
# Another codec, ten bits, a colour for each pixel, lying on its side, another sound, in another box.
ODD = ["-c:v", "libx265", "-pix_fmt", "yuv444p10le", "-x265-params", "log-level=error", "-tag:v", "hvc1"]
PLAIN = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "ultrafast"]


def made(source: Path, fit: videos.Fit = FIT) -> tuple[SafeVideo, Path, list[int]]:
    target, told = source.with_name("made"), list[int]()
    target.touch()
    with source.open("r+b") as file:
        form = videos.form_of(File(file), fit)
        assert form, "it is converted"
        return videos.converted(File(file), form, fit, target, told.append), target, told


def kept(source: Path, fit: videos.Fit = FIT) -> bool:
    with source.open("rb") as file:
        return videos.form_of(File(file), fit) == ""


def near(found: tuple[int, ...], wanted: tuple[int, ...], most: int = 4) -> bool:
    return all(abs(one - other) <= most for one, other in zip(found, wanted, strict=True))


def text(said: object, **facts: object) -> str:
    return str(Sentence(str(said), **facts))


def turned(source: Path, degrees: int) -> Path:
    target = source.with_name(f"turned{source.suffix}")
    told = ffmpeg("-loglevel", "error", "-display_rotation", str(degrees), "-i", str(source), "-c", "copy", str(target))
    assert told.returncode == 0, told.stderr
    return target


@pytest.mark.slow
def test_a_phones_film_becomes_what_every_network_takes(tmp_path: Path) -> None:
    flat = clip(tmp_path / "film.mov", *ODD, sound="libmp3lame", seconds=2)
    source = turned(flat, 90)
    before = measured(source)
    assert "yuv444p10le" in before.said
    safe, target, told = made(source)
    after = measured(target)
    assert "Video: h264 (High)" in after.said
    assert "yuv420p(tv, bt709" in after.said
    assert "Audio: aac" in after.said
    assert "rotation" not in after.said
    assert after.size == (safe.width, safe.height) == (96, 160)
    assert abs(after.seconds - before.seconds) < 0.1
    assert abs(safe.seconds - 2) < 0.1
    # Turned against the clock by a quarter: what was above on the right is above on the left.
    wanted = (QUARTERS[1], QUARTERS[3], QUARTERS[0], QUARTERS[2])
    found = after.quarters()
    assert all(near(one, other) for one, other in zip(found, wanted, strict=True)), (found, wanted)
    assert abs(loudness(target) - loudness(source)) < 1
    raw = target.read_bytes()
    assert raw.index(b"moov") < raw.index(b"mdat"), "it begins to play before it is whole"
    assert not safe.silent
    assert told == sorted(told)
    assert listed(safe.changes) == [
        text(changes.FROM_CODEC, codec="HEVC"),
        text(changes.UPRIGHT_VIDEO),
        text(changes.DEPTH_VIDEO, bits=10),
        text(changes.SAMPLING),
        text(changes.SOUND, codec="MP3"),
    ]


@pytest.mark.longer
def test_what_every_network_takes_stays_bit_for_bit(tmp_path: Path) -> None:
    assert kept(clip(tmp_path / "film.mp4", *PLAIN))
    assert kept(clip(tmp_path / "silent.mp4", *PLAIN, sound=""))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "coding", "sound"),
    [
        ("depth.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv420p10le"], "aac"),
        ("sampling.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv444p"], "aac"),
        ("sound.mp4", PLAIN, "libmp3lame"),
        ("box.mov", PLAIN, "aac"),
        ("pieces.mp4", [*PLAIN, "-movflags", "frag_keyframe+empty_moov"], "aac"),
    ],
)
def test_one_oddity_is_enough_to_convert_it(name: str, coding: list[str], sound: str, tmp_path: Path) -> None:
    source = clip(tmp_path / name, *coding, sound=sound)
    safe, target, _told = made(source)
    before, after = measured(source), measured(target)
    assert "yuv420p(" in after.said
    assert "Audio: aac" in after.said
    pairs = list(zip(after.quarters(), before.quarters(), strict=True))
    assert all(near(one, other) for one, other in pairs), pairs
    assert safe.changes
    assert kept(target), "and what comes out needs no converting"


@pytest.mark.longer
def test_a_film_on_its_side_is_turned_though_all_else_is_plain(tmp_path: Path) -> None:
    source = turned(clip(tmp_path / "film.mp4", *PLAIN), 180)
    safe, target, _told = made(source)
    assert near(measured(target).quarters()[0], QUARTERS[3])
    assert listed(safe.changes) == [text(changes.UPRIGHT_VIDEO)]


@pytest.mark.longer
def test_a_webm_stays_one_where_all_take_it(tmp_path: Path) -> None:
    source = clip(tmp_path / "film.webm", "-c:v", "libvpx-vp9", "-cpu-used", "8", sound="libopus")
    assert kept(source, videos.Fit(frozenset({"video/mp4", "video/webm"}), 1))
    safe, target, _told = made(source)
    assert (safe.mime, measured(target).size) == ("video/mp4", (160, 96))
    assert listed(safe.changes) == [text(changes.FROM_CODEC, codec="VP9"), text(changes.SOUND, codec="Opus")]
    assert abs(loudness(target) - loudness(source)) < 1


@pytest.mark.slow
@pytest.mark.parametrize("curve", ["smpte2084", "arib-std-b67"])
def test_high_dynamic_range_is_brought_to_the_usual_one(curve: str, tmp_path: Path) -> None:
    tags = ["-color_primaries", "bt2020", "-color_trc", curve, "-colorspace", "bt2020nc", "-color_range", "tv"]
    params = f"log-level=error:colorprim=bt2020:transfer={curve}:colormatrix=bt2020nc"
    coding = ["-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", params, "-tag:v", "hvc1", *tags]
    safe, target, _told = made(clip(tmp_path / "film.mov", *coding))
    after = measured(target)
    assert text(changes.HDR) in listed(safe.changes)
    assert "yuv420p(tv, bt709" in after.said
    red, green, blue, grey = after.quarters()
    assert red[0] > red[1], "red is red, and so on"
    assert red[0] > red[2]
    assert green[1] == max(green)
    assert blue[2] == max(blue)
    assert max(grey) - min(grey) < 6
    assert max(grey) > 150


@pytest.mark.longer
def test_large_pictures_are_made_smaller_and_odd_sides_even(tmp_path: Path) -> None:
    coding = ["-c:v", "libx264", "-pix_fmt", "yuv444p", "-preset", "ultrafast"]
    safe, _target, _told = made(clip(tmp_path / "film.mp4", *coding, size="2400x1350", seconds=0.1))
    assert (safe.width, safe.height) == (1920, 1080)
    assert text(changes.SMALLER_VIDEO, width=2400, height=1350) in listed(safe.changes)


@pytest.mark.longer
def test_pixels_that_are_not_square_are_made_so(tmp_path: Path) -> None:
    source = clip(tmp_path / "film.mov", *PLAIN, "-aspect", "16:9", size="144x108")
    safe, _target, _told = made(source)
    assert abs(safe.width / safe.height - 16 / 9) < 0.03


@pytest.mark.slow
def test_what_is_converted_fits_the_smallest_network(tmp_path: Path) -> None:
    noise = ["-f", "lavfi", "-i", "nullsrc=s=640x360:d=6,noise=alls=100:allf=t"]
    source = tmp_path / "film.mov"
    assert ffmpeg("-loglevel", "error", *noise, *PLAIN, "-crf", "10", str(source)).returncode == 0
    fit = videos.Fit(frozenset({"video/mp4"}), 1_500_000)
    safe, _target, _told = made(source, fit)
    assert source.stat().st_size > 3_000_000
    assert safe.size < fit.most_bytes


# ---- What is no film, or asks for more than one ---------------------------------------------------------------------
def refused(source: Path, form: str = "mov") -> str:
    target = source.with_name("made")
    target.touch()
    with source.open("r+b") as file, pytest.raises(Refused) as told:
        videos.converted(File(file), form, FIT, target, lambda _percent: None)
    assert told.value.field == "video"
    return str(told.value.reasons[0])


def test_a_film_without_pictures_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "film.mov"
    assert ffmpeg("-loglevel", "error", "-f", "lavfi", "-i", "sine=duration=1", str(source)).returncode == 0
    assert "could not be converted" in refused(source)


@pytest.mark.longer
def test_a_film_that_breaks_off_is_refused(tmp_path: Path) -> None:
    whole = clip(tmp_path / "film.mov", *PLAIN, "-movflags", "+faststart", "-g", "5", seconds=3, size="320x180")
    raw = whole.read_bytes()
    whole.write_bytes(raw[: raw.index(b"mdat") + (len(raw) - raw.index(b"mdat")) // 3])
    assert re.search("breaks off|could not be converted", refused(whole))


@pytest.mark.longer
def test_a_film_that_lies_about_its_length_costs_what_it_says_and_is_refused(tmp_path: Path) -> None:
    source = clip(tmp_path / "film.mkv", *ODD, seconds=5, size="320x180")
    raw = bytearray(source.read_bytes())
    at = raw.index(b"\x44\x89\x88") + 3
    raw[at : at + 8] = struct.pack(">d", 300.0)  # milliseconds
    source.write_bytes(raw)
    with source.open("rb") as film:
        assert conversion.look(film, "matroska").seconds == 0.3
    target = tmp_path / "made.mp4"
    with source.open("rb") as film, pytest.raises(Refused, match="lasts longer than its file says"):
        conversion.convert(film, "matroska", target, most_bytes=10**8, report=lambda _percent: None)
    with target.open("rb") as made:
        assert conversion.look(made, "mov").seconds < 3, "no more of it was converted than what it says"


def test_ffmpeg_has_as_much_of_the_processor_as_the_film_says_it_lasts() -> None:
    asks = [sys.executable, "-c", "import resource; print(resource.getrlimit(resource.RLIMIT_CPU))", "pipe:1"]
    with conversion._started(asks, subprocess.PIPE, budget=conversion._budget(2.0)) as running:
        assert running.stdout is not None
        assert running.stdout.read() == b"(170, 170)\n"


def test_a_film_that_is_too_long_to_convert_is_told_so(tmp_path: Path) -> None:
    source = tmp_path / "film.mov"
    still = ["-f", "lavfi", "-i", "color=s=16x16:r=1/60:d=1900"]
    assert ffmpeg("-loglevel", "error", *still, *PLAIN, str(source)).returncode == 0
    assert "longer than 30 minutes" in refused(source)


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n%s\n#EXT-X-ENDLIST\n"
SECRET = "a secret that stands beside"


@pytest.mark.slow
@pytest.mark.parametrize("form", ["mov", "matroska"])
@pytest.mark.parametrize("kind", ["playlist", "playlist behind a brand", "concat", "subtitles", "avi", "sdp", "images"])
def test_no_film_makes_ffmpeg_open_anything_else(kind: str, form: str, tmp_path: Path) -> None:
    beside = clip(tmp_path / "beside.mp4", *PLAIN, seconds=0.2)
    raw = {
        "playlist": PLAYLIST % f"file://{beside}".encode(),
        "playlist behind a brand": b"\0\0\0\x14ftypqt  \0\0\2\0qt  " + PLAYLIST % str(beside).encode(),
        "concat": f"ffconcat version 1.0\nfile '{beside}'\n".encode(),
        "subtitles": b"1\n00:00:00,000 --> 00:00:01,000\n" + SECRET.encode(),
        "avi": b"RIFF\x24\0\0\0AVI LIST" + PLAYLIST % str(beside).encode(),
        "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "images": b"%d.png",
    }[kind]
    source = tmp_path / "film"
    source.write_bytes(raw)
    assert "could not be converted" in refused(source, form)
    assert not (tmp_path / "made").stat().st_size


@pytest.mark.longer
def test_a_reference_to_another_file_is_not_followed(tmp_path: Path) -> None:
    """A MOV may say that its samples lie elsewhere ("dref")."""
    source = clip(tmp_path / "film.mov", *PLAIN)
    raw = source.read_bytes()
    assert b"url \0\0\0\1" in raw, "its samples lie in itself"
    other = clip(tmp_path / "other.mov", *PLAIN)
    alias = b"alis\0\0\0\0".ljust(8, b"\0")
    source.write_bytes(raw.replace(b"url \0\0\0\1", alias).replace(b"mdat", b"free"))
    with source.open("r+b") as file:
        done = list[int]()
        target = tmp_path / "made"
        target.touch()
        try:
            videos.converted(File(file), "mov", FIT, target, done.append)
        except Refused:
            return
    assert other.exists()
    assert measured(target).size == (160, 96), "at most its own samples"


def heavy(place: Path, seconds: int = 2) -> Path:
    """Of noise, which does not compress."""
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=320x180:r=25:d={seconds},noise=alls=60:allf=t"]
    tone = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"]
    told = ffmpeg("-loglevel", "error", *picture, *tone, *PLAIN, "-qp", "10", "-c:a", "aac", str(place))
    assert told.returncode == 0, told.stderr
    return place


@pytest.mark.longer
def test_a_plain_film_that_is_too_large_is_made_to_fit(tmp_path: Path) -> None:
    source = heavy(tmp_path / "film.mp4")
    size = source.stat().st_size
    assert size > 400_000
    assert kept(source)
    safe, target, _told = made(source, videos.Fit(frozenset({"video/mp4"}), 300_000))
    assert target.stat().st_size <= 300_000
    after = measured(target)
    assert (after.size, abs(after.seconds - 2) < 0.1) == ((320, 180), True)
    assert listed(safe.changes) == [text(changes.LIGHTER, megabytes=-(-size // 1_000_000))]


@pytest.mark.longer
def test_what_cannot_be_made_to_fit_stays_for_the_check_before_approval(tmp_path: Path) -> None:
    """Two seconds in 60 kB would show nothing any more."""
    assert kept(heavy(tmp_path / "film.mp4"), videos.Fit(frozenset({"video/mp4"}), 60_000))


@pytest.mark.parametrize(("bits", "size"), [(2_000_000, "1920:1080"), (1_000_000, "1280:720"), (300_000, "854:480")])
def test_few_bits_show_a_smaller_picture(bits: int, size: str) -> None:
    source = Source(seconds=10, width=1920, height=1080, codec="h264", pixels="yuv420p", colours="bt709")
    assert _filters(source, bits).startswith(f"scale={size}")
