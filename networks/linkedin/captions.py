"""Captions as LinkedIn takes them: SubRip, whatever they were written in."""

from __future__ import annotations

import re

TIMES = re.compile(r"^((?:\d+:)?\d{2}:\d{2}[.,]\d{3})\s+-->\s+((?:\d+:)?\d{2}:\d{2}[.,]\d{3})[^\n]*$")
VTT_TAGS = re.compile(r"</?(?:c|v|lang|ruby|rt)\b[^>]*>|<\d[\d:.]*>")


def as_subrip(captions: str) -> str:
    """WebVTT or SubRip as SubRip: its cues in their order, numbered, without what only WebVTT knows."""
    cues: list[str] = []
    for block in re.split(r"\n\s*\n", captions.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip().split("\n")
        place = next((index for index, line in enumerate(lines) if TIMES.match(line.strip())), None)
        if place is None:
            continue
        found = TIMES.match(lines[place].strip())
        assert found is not None
        words = "\n".join(VTT_TAGS.sub("", line) for line in lines[place + 1 :])
        cues.append(f"{len(cues) + 1}\n{_instant(found[1])} --> {_instant(found[2])}\n{words}\n")
    return "\n".join(cues)


def _instant(text: str) -> str:
    text = text.replace(".", ",")
    return text if text.count(":") == 2 else f"00:{text}"
