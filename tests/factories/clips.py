"""Real films, of known colours and sounds, made by the ffmpeg that converts them."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from publishing.content.conversion import program

# Four quarters, in this order: above left, above right, below left, below right.
QUARTERS = ((200, 40, 60), (30, 160, 70), (40, 70, 190), (210, 210, 210))


def ffmpeg(*told: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([program(), "-hide_banner", "-y", *told], input=given, capture_output=True, check=False)


def clip(place: Path, *coding: str, seconds: float = 1.0, size: str = "160x96", sound: str = "aac") -> Path:
    """Writes a film of four quarters to `place`, encoded as `coding` says, with a tone at -23 LUFS or so."""
    width, height = (int(one) // 2 for one in size.split("x"))
    parts = [f"color=c=0x{r:02x}{g:02x}{b:02x}:s={width}x{height}:r=25:d={seconds}" for r, g, b in QUARTERS]
    inputs = [word for one in parts for word in ("-f", "lavfi", "-i", one)]
    joined = "[0][1][2][3]xstack=inputs=4:layout=0_0|w0_0|0_h0|w0_h0[v]"
    tone = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds},volume=-6dB"] if sound else []
    ways = ["-filter_complex", joined, "-map", "[v]", *(["-map", "4:a", "-c:a", sound] if sound else [])]
    made = ffmpeg("-loglevel", "error", *inputs, *tone, *ways, *coding, str(place))
    assert made.returncode == 0, made.stderr.decode()
    return place


@dataclass(frozen=True)
class Measured:
    """What a decoder makes of a film: the words of `ffmpeg -i`, seconds, and size as one sees it."""

    said: str
    seconds: float
    size: tuple[int, int]
    frame: bytes

    def at(self, x: float, y: float) -> tuple[int, int, int]:
        """The colour at a place, in parts of width and height."""
        width, height = self.size
        begin = 3 * (int(y * height) * width + int(x * width))
        return self.frame[begin], self.frame[begin + 1], self.frame[begin + 2]

    def quarters(self) -> tuple[tuple[int, int, int], ...]:
        return tuple(self.at(x, y) for y in (0.25, 0.75) for x in (0.25, 0.75))


def measured(place: Path, second: float = 0) -> Measured:
    said = ffmpeg("-i", str(place)).stderr.decode()
    hours, minutes, seconds = re.findall(r"Duration: (\d+):(\d+):([\d.]+)", said)[0]
    first = [
        "-ss",
        str(second),
        "-i",
        str(place),
        "-frames:v",
        "1",
        "-pix_fmt",
        "rgb24",
        "-c:v",
        "ppm",
        "-f",
        "image2pipe",
        "-",
    ]
    shown = ffmpeg("-loglevel", "error", *first)
    _kind, size, _most, frame = shown.stdout.split(b"\n", 3)
    width, height = (int(one) for one in size.split())
    return Measured(said, int(hours) * 3600 + int(minutes) * 60 + float(seconds), (width, height), frame)


def loudness(place: Path) -> float:
    """Of the whole, in LUFS (EBU R128)."""
    told = ffmpeg("-nostats", "-i", str(place), "-map", "0:a", "-af", "ebur128", "-f", "null", "-").stderr.decode()
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1])
