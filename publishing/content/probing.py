"""What ffmpeg tells of a film that it has opened, read line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from organisation.sentences import Sentence
from publishing.content import changes
from publishing.content.changes import Changes

DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d\.\d+)", re.M)
STREAM = re.compile(r"^  Stream #0:\d+[^:\n]*: (Video|Audio): (\w+)([^\n]*)$((?:\n   +[^\n]*)*)", re.M)
PIXELS = re.compile(r", ((?:yuv|gbr|rgb|bgr|nv|gray|p0|pal|argb|abgr|y2)\w*)(?:\(([^()\n]*)\))?")
SIZE = re.compile(r", (\d{1,6})x(\d{1,6})")
SHAPE = re.compile(r"SAR (\d{1,6}):(\d{1,6})")
TURN = re.compile(r"rotation of (-?\d+)")
DEPTH = re.compile(r"p(9|10|12|14|16)(?:le|be)?$|^p0(10|12|16)")
HDR = ("smpte2084", "arib-std-b67")
NAMES = {
    "hevc": "HEVC",
    "h264": "H.264",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "prores": "ProRes",
    "mpeg4": "MPEG-4",
}
SOUND_NAMES = {"aac": "AAC", "mp3": "MP3", "opus": "Opus", "vorbis": "Vorbis", "ac3": "AC-3", "eac3": "E-AC-3"}


@dataclass(frozen=True, slots=True)
class Source:
    """`pixels` and `colours` as ffmpeg names them; `turn` in degrees, `shape` of a pixel, `sound` its codec."""

    seconds: float
    width: int
    height: int
    codec: str
    pixels: str
    colours: str
    turn: int = 0
    shape: float = 1.0
    sound: str | None = None
    few_channels: bool = True

    @property
    def upright(self) -> tuple[float, float]:
        """Width and height as one sees them."""
        wide = self.width * self.shape, float(self.height)
        return wide if self.turn % 180 == 0 else wide[::-1]

    @property
    def is_hdr(self) -> bool:
        return any(curve in self.colours for curve in HDR)

    @property
    def tells_matrix(self) -> bool:
        return any(name in self.colours for name in ("bt709", "bt2020", "smpte170m", "bt470bg")) or "rgb" in self.pixels

    def told_changes(self, heavy: int = 0) -> Changes:
        """What becomes of it on the way to H.264 of eight bits at 4:2:0 with AAC; `heavy` are its bytes where these
        were too many."""
        plain = self.codec == "h264"
        depth = DEPTH.search(self.pixels)
        sound = self.sound if self.sound not in ("aac", None) else None
        return changes.made(
            None if plain else Sentence(changes.FROM_CODEC, codec=NAMES.get(self.codec, self.codec)),
            changes.UPRIGHT_VIDEO if self.turn % 360 else None,
            Sentence(changes.DEPTH_VIDEO, bits=int(depth[1] or depth[2])) if depth else None,
            changes.SAMPLING if "444" in self.pixels or "422" in self.pixels else None,
            changes.HDR if self.is_hdr else None,
            Sentence(changes.SOUND, codec=SOUND_NAMES.get(sound, sound)) if sound else None,
            Sentence(changes.SMALLER_VIDEO, width=self.width, height=self.height) if max(self.upright) > 1920 else None,
            Sentence(changes.LIGHTER, megabytes=-(-heavy // 1_000_000)) if heavy else None,
        ) or changes.made(changes.REPACKED)


def read_source(told: str) -> Source | None:
    """What stands in `told`, the words of `ffmpeg -i`; None where there is no film with a length in them."""
    length = DURATION.search(told)
    streams = [one for one in STREAM.finditer(told) if "(attached pic)" not in one[3]]
    picture = next((one for one in streams if one[1] == "Video"), None)
    if length is None or picture is None:
        return None
    hours, minutes, seconds = int(length[1]), int(length[2]), float(length[3])
    size, pixels = SIZE.search(picture[3]), PIXELS.search(picture[3])
    if size is None or pixels is None or not int(size[1]) > 0 or not int(size[2]) > 0:
        return None
    shape, turn = SHAPE.search(picture[3]), TURN.search(picture[4])
    sound = next((one for one in streams if one[1] == "Audio"), None)
    lasting = hours * 3600 + minutes * 60 + seconds
    if not lasting:
        return None
    return Source(
        seconds=lasting,
        width=int(size[1]),
        height=int(size[2]),
        codec=picture[2],
        pixels=pixels[1],
        colours=pixels[2] or "",
        turn=int(turn[1]) if turn else 0,
        shape=int(shape[1]) / int(shape[2]) if shape and int(shape[1]) and int(shape[2]) else 1.0,
        sound=sound[2] if sound else None,
        few_channels=sound is None or ", mono" in sound[3] or ", stereo" in sound[3],
    )
