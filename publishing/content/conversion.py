"""Films of any usual make as every network takes them: H.264 of eight bits at 4:2:0, upright, with AAC, in an MP4.

ffmpeg does it, as a program of its own, in the child that reads an upload (`publishing.content.apart`) and under its
limits. It gets the open file and may open nothing else: no other protocol, container or decoder than those named here.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import IO, Any

import imageio_ffmpeg
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from organisation.lifecycle import Refused
from organisation.sentences import Sentence
from publishing.content import changes
from publishing.content.changes import Changes
from publishing.content.probing import Source, read_source

DECODERS = (
    "h264,hevc,vp8,vp9,libdav1d,av1,mpeg4,mpeg2video,mjpeg,prores,dnxhd,aac,mp3,mp3float,opus,libopus,vorbis,ac3,eac3,"
    "alac,flac,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le"
)
LONGEST_SIDE, SMALLEST_SIDE = 1920, 854
SIDES = ((LONGEST_SIDE, 2_000_000), (1280, 800_000))  # of a picture, and the bits a second from which on
LARGEST_AREA = 8192 * 4320
LONGEST, LONGEST_MOVING = 30 * 60, 60
LEAST_LEFT = 0.9  # of its length: what loses more was cut off, or could not be read to its end
# Of what a film says of its length: more of it is not read, and is no such film; seconds beside it for what is rounded.
MOST_READ, ROUNDED = 1.1, 2.0
# Seconds of the processor for each second that a film says it lasts: forty times what 4K in ten bits takes with two
# threads. A film that lies about its length costs no more than what it says.
COSTS, COSTS_AT_LEAST = 40, 90
SOUND_BITS = 128_000
MOST_BITS, FEWEST_BITS = 8_000_000, 250_000
BUFFERED = 2  # seconds
MOST_TOLD = 200_000  # bytes of what it says about a film
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None)
Report = Callable[[int], object]  # is told percents


def program() -> str:
    """Where ffmpeg lies: PARVIS_FFMPEG, else the one of the package imageio-ffmpeg."""
    return settings.FFMPEG or str(imageio_ffmpeg.get_ffmpeg_exe())


def convert(film: IO[bytes], form: str, target: Path, *, most_bytes: int, report: Report) -> Changes:
    """Writes to `target` what `film`, in the container `form` ("mov" or "matroska"), shows. Refused at `video`."""
    source = look(film, form)
    longest = source.seconds * MOST_READ + ROUNDED
    wanted = [*_reading(form), *_writing(source, most_bytes), "-t", f"{longest:.3f}", str(target)]
    heavy = os.fstat(film.fileno()).st_size if os.fstat(film.fileno()).st_size > most_bytes else 0
    if _run(wanted, film, report, source.seconds) or not target.stat().st_size:
        raise unconvertible()
    with target.open("rb") as made:
        lasts = look(made, "mov").seconds
    if lasts < source.seconds * LEAST_LEFT:
        raise Refused(_("This video breaks off before its end. Export it anew and try again."), field="video")
    if lasts > longest - ROUNDED / 2:
        raise Refused(_("This video lasts longer than its file says. Export it anew and try again."), field="video")
    return source.told_changes(heavy)


def can_be_lighter(film: IO[bytes], form: str, most_bytes: int) -> bool:
    """Whether so few bytes still show what is in `film`: else a person has to cut it."""
    try:
        return _bits(look(film, form), most_bytes) >= FEWEST_BITS
    except Refused:  # longer than is converted, or none that ffmpeg reads: it stays as it is
        return False


def look(film: IO[bytes], form: str) -> Source:
    """What the film in `film` is. Refused at `video` where it is none, or more than is converted."""
    told = [program(), "-hide_banner", "-nostdin", *_reading(form)]
    with _started(told, film, budget=COSTS_AT_LEAST, stderr=subprocess.PIPE) as asked:
        assert asked.stderr is not None
        source = read_source(asked.stderr.read(MOST_TOLD).decode(errors="replace"))
        asked.kill()
    if source is None:
        raise unconvertible()
    if source.seconds > LONGEST:
        said = _("This video is longer than %(minutes)s minutes and would have to be converted. %(remedy)s")
        raise Refused(Sentence(said, minutes=LONGEST // 60, remedy=changes.EXPORT), field="video")
    if source.width * source.height > LARGEST_AREA:
        raise Refused(_("The pictures of this video are too large. Export it smaller and try again."), field="video")
    return source


def from_frames(frames: Iterable[bytes], size: tuple[int, int], rate: int, target: Path) -> None:
    """Writes to `target` a film without sound of raw RGB `frames` of `size`, `rate` a second, for a minute at most."""
    width, height = size
    given = ["-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{width}x{height}", "-framerate", str(rate)]
    source = Source(seconds=LONGEST_MOVING, width=width, height=height, codec="rawvideo", pixels="rgb24", colours="")
    wanted = [program(), *QUIET, "-protocol_whitelist", "pipe", *given, "-i", "pipe:0"]
    wanted += [*_writing(source, 0), str(target)]
    with _started(wanted, subprocess.PIPE, budget=_budget(source.seconds)) as running:
        assert running.stdin is not None
        try:
            for frame in frames:
                running.stdin.write(frame)
            running.stdin.close()
        except OSError:  # it has ended
            raise unconvertible() from None
        if running.wait() or not target.stat().st_size:
            raise unconvertible()


def unconvertible() -> Refused:
    said = _("This video could not be converted into a form that the networks take. %(remedy)s")
    return Refused(Sentence(said, remedy=changes.EXPORT), field="video")


# ---- What ffmpeg is told --------------------------------------------------------------------------------------------
QUIET = ["-hide_banner", "-loglevel", "error", "-nostats", "-y"]


def _reading(form: str) -> list[str]:
    """From the open file, and from nothing that it names."""
    bound = ["-protocol_whitelist", "fd", "-format_whitelist", form, "-codec_whitelist", DECODERS, "-threads", "2"]
    bound += ["-enable_drefs", "0", "-use_absolute_path", "0"] if form == "mov" else []
    return [*bound, "-f", form, "-fd", "0", "-i", "fd:"]


def _writing(source: Source, most_bytes: int) -> list[str]:
    bits = _bits(source, most_bytes)
    bits = min(bits, MOST_BITS) if bits >= FEWEST_BITS else MOST_BITS
    sound = ["-c:a", "aac", "-b:a", str(SOUND_BITS), "-ar", "48000", *([] if source.few_channels else ["-ac", "2"])]
    picture = ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "20", "-threads", "2"]
    picture += ["-maxrate", str(bits), "-bufsize", str(BUFFERED * bits), "-fpsmax", "60", "-vf", _filters(source, bits)]
    tags = ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    bare = ["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-fflags", "+bitexact", "-flags:v", "+bitexact"]
    ways = ["-map", "0:V:0", "-map", "0:a:0?", *picture, *tags, *sound, *bare, "-movflags", "+faststart"]
    return [*ways, "-f", "mp4"]


def _bits(source: Source, most_bytes: int) -> int:
    """A second, for the pictures; `BUFFERED` more of them may come at once."""
    return int(most_bytes * 8 * 0.9 / (source.seconds + BUFFERED)) - SOUND_BITS


def _filters(source: Source, bits: int) -> str:
    """Turned by ffmpeg before; to square pixels and even sides, no larger than is shown and than `bits` a second are
    enough for, in the colours of BT.709."""
    width, height = source.upright
    longest = next((side for side, least in SIDES if bits >= least), SMALLEST_SIDE)
    shrunk = min(1.0, longest / max(width, height))
    size = f"{max(2, round(width * shrunk / 2) * 2)}:{max(2, round(height * shrunk / 2) * 2)}"
    if source.is_hdr:
        light = "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0"
        return f"scale={size},setsar=1,{light},zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
    matrix = "" if source.tells_matrix or source.height < 720 else ":in_color_matrix=bt709"
    return f"scale={size}{matrix}:out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p"


# ---- How it is run --------------------------------------------------------------------------------------------------
def _run(wanted: list[str], film: IO[bytes], report: Report, seconds: float) -> int:
    """Its exit status; `report` is told how far it is."""
    told = [program(), *QUIET, "-nostdin", "-progress", "pipe:1", *wanted]
    with _started(told, film, budget=_budget(seconds)) as running:
        assert running.stdout is not None
        for line in running.stdout:
            name, _, value = line.decode(errors="replace").strip().partition("=")
            if name == "out_time_us" and value.isdecimal():
                report(min(99, int(int(value) / 10_000 / seconds)))
        return running.wait()


def _budget(seconds: float) -> int:
    """Of the processor, for a film that says that it lasts so long."""
    return COSTS_AT_LEAST + int(COSTS * seconds)


def _started(
    wanted: list[str], given: Any, *, budget: int, stderr: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """With nothing of our environment, and `budget` seconds of the processor where this child has as many left. It
    inherits the other limits of this child, and ends with it."""
    if given is not subprocess.PIPE:
        os.lseek(given.fileno(), 0, os.SEEK_SET)  # of the file itself, whatever Python has read of it ahead
    return subprocess.Popen(  # noqa: S603 - a fixed list of words, and no shell
        wanted,
        stdin=given,
        stdout=subprocess.PIPE if "pipe:1" in wanted else subprocess.DEVNULL,
        stderr=stderr,
        env={},
        preexec_fn=partial(_bind, budget),  # noqa: PLW1509 - the child that reads an upload has one thread
    )


def _bind(budget: int) -> None:
    inherited = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = budget if inherited == resource.RLIM_INFINITY else min(budget, inherited)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    prctl = getattr(_libc, "prctl", None)  # Linux has it
    if prctl:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
