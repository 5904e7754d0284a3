"""The look as data: contrast of the tokens in both themes, icons that exist, states that have a look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from governance.templatetags.frame import LOOKS, TONE_ICONS
from networks.catalogue import NETWORKS

SOURCE = Path(__file__).resolve().parents[2]
TOKENS = (SOURCE / "static/src/scss/_tokens.scss").read_text(encoding="utf-8")
ICONS = {
    line
    for line in (SOURCE / "static/src/icons.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
}

TEXT = [
    ("text", "page"), ("text", "surface"), ("text", "sunken"), ("text", "neutral-soft"),
    ("quiet", "page"), ("quiet", "surface"), ("quiet", "sunken"), ("quiet", "neutral-soft"),
    ("accent", "page"), ("accent", "surface"), ("accent", "sunken"), ("accent-strong", "sunken"),
    ("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-accent-soft", "accent-soft"),
    ("good", "good-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"), ("neutral", "neutral-soft"),
    ("good", "surface"), ("warn", "surface"), ("bad", "surface"), ("bad", "page"), ("on-freeze", "freeze"),
]  # fmt: skip
CONTROLS = [
    ("control-border", "surface"), ("control-border", "page"), ("focus", "page"), ("focus", "surface"),
    ("focus", "sunken"), ("bad", "page"),
]  # fmt: skip


def theme(name: str) -> dict[str, str]:
    light, dark = TOKENS.split("@include color-mode(dark, true)", 1)
    return dict(re.findall(r"--p-([\w-]+): (#[0-9a-f]{6});", light if name == "light" else dark.split("}", 1)[0]))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (CONTROLS, 3.0)], ids=["text", "controls"])
def test_contrast(name: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = theme(name)
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    named = {
        (str(path.relative_to(SOURCE)), icon)
        for path in (SOURCE / "templates").rglob("*.html")
        for found in re.findall(r'{% icon "([\w-]+)"|icon="([\w-]+)"', path.read_text(encoding="utf-8"))
        for icon in found
        if icon
    }
    assert {pair for pair in named if pair[1] not in ICONS} == set()


def test_every_icon_of_a_state_or_network_is_in_the_sprite() -> None:
    known = (
        {look.icon for look in LOOKS.values()} | {line.icon for line in NETWORKS.values()} | set(TONE_ICONS.values())
    )
    assert known <= ICONS
