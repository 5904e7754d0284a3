"""What comes out of a picture is measured: colours, depth, transparency and which way it stands."""

from __future__ import annotations

import io
import math

import pytest
from PIL import Image

from publishing.content import changes
from publishing.content.changes import listed
from publishing.content.images import Fit, SafeImage, reencode
from tests.factories.pictures import D50, DISPLAY_P3, deep_png, heic, ink_profile, p3_profile, plain, quarters, saved

FIT = Fit(5_000_000)


def made(raw: bytes) -> SafeImage:
    return reencode(io.BytesIO(raw), FIT)


def opened(safe: SafeImage, content: bytes | None = None) -> Image.Image:
    return Image.open(io.BytesIO(safe.content if content is None else content))


def middle(picture: Image.Image) -> tuple[int, ...]:
    found = picture.getpixel((picture.width // 2 - 8, picture.height // 2 - 8))
    assert isinstance(found, tuple)
    return found


def near(found: tuple[int, ...], wanted: tuple[int, ...], most: int = 3) -> bool:
    return len(found) == len(wanted) and all(abs(one - other) <= most for one, other in zip(found, wanted, strict=True))


def srgb(x: float, y: float, z: float) -> tuple[int, ...]:
    """XYZ under D50 as sRGB, by the book."""
    rows = ((3.1339, -1.6169, -0.4906), (-0.9788, 1.9161, 0.0335), (0.0719, -0.2290, 1.4052))
    linear = [min(max(r[0] * x + r[1] * y + r[2] * z, 0), 1) for r in rows]
    return tuple(
        round(255 * (12.92 * one if one <= 0.0031308 else 1.055 * math.pow(one, 1 / 2.4) - 0.055)) for one in linear
    )


def of_lab(light: float, a: float, b: float) -> tuple[int, ...]:
    fy = (light + 16) / 116
    parts = [one**3 if one > 6 / 29 else 3 * (6 / 29) ** 2 * (one - 4 / 29) for one in (fy + a / 500, fy, fy - b / 200)]
    return srgb(*(one * white for one, white in zip(parts, D50, strict=True)))


def of_p3(*colour: int) -> tuple[int, ...]:
    linear = [math.pow(one / 255, 2.2) for one in colour]
    x, y, z = (sum(linear[n] * DISPLAY_P3[n][axis] for n in range(3)) for axis in range(3))
    return srgb(x, y, z)


GREYS = {0: 0, 257 * 64: 64, 32768: 128, 257 * 200: 200, 65535: 255}


@pytest.mark.parametrize("value", GREYS)
def test_sixteen_bits_of_grey_become_eight(value: int) -> None:
    safe = made(deep_png(value))
    assert near(middle(opened(safe).convert("RGB")), (GREYS[value],) * 3, 1)
    assert listed(safe.changes) == [changes.DEPTH]


def test_sixteen_bits_of_each_colour_become_eight() -> None:
    safe = made(deep_png(257 * 200, 257 * 40, 257 * 120))
    assert near(middle(opened(safe)), (200, 40, 120))
    assert listed(safe.changes) == [changes.DEPTH]
    clear = made(deep_png(257 * 200, 257 * 40, 257 * 120, 257 * 128, alpha=True))
    assert near(middle(opened(clear)), (200, 40, 120, 128))


P3 = [(200, 100, 50), (60, 160, 90), (128, 128, 128)]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIC"])
@pytest.mark.parametrize("colour", P3)
def test_a_wide_gamut_is_converted(colour: tuple[int, int, int], form: str) -> None:
    picture = plain("RGB", colour)
    options = {"quality": 95} if form == "JPEG" else {"lossless": True} if form == "WEBP" else {}
    raw = (
        heic(picture, icc_profile=p3_profile())
        if form == "HEIC"
        else saved(picture, form, icc_profile=p3_profile(), **options)
    )
    safe = made(raw)
    assert near(middle(opened(safe)), of_p3(*colour), 4), (middle(opened(safe)), of_p3(*colour))
    assert "icc_profile" not in opened(safe).info
    told = [changes.FROM_HEIC] if form == "HEIC" else []
    assert listed(safe.changes) == told + ([changes.COLOURS] if len(set(colour)) > 1 else [])


def test_transparent_parts_keep_their_shape_when_colours_change() -> None:
    picture = plain("RGBA", (200, 100, 50, 90))
    picture.paste((0, 0, 0, 0), (0, 0, 8, 8))
    safe = made(saved(picture, "PNG", icc_profile=p3_profile()))
    out = opened(safe)
    wanted = of_p3(200, 100, 50)
    assert near(middle(out), (*wanted, 90)), middle(out)
    assert out.getpixel((2, 2))[3] == 0  # type: ignore[index]
    assert listed(safe.changes) == [changes.COLOURS, changes.GROUND]
    flat = opened(safe, safe.flat)
    assert (flat.format, flat.mode) == ("JPEG", "RGB")
    assert near(flat.getpixel((2, 2)), (255, 255, 255))  # type: ignore[arg-type]
    assert near(middle(flat), tuple(round((one * 90 + 255 * 165) / 255) for one in wanted), 5)


PRINTED = {(255, 0, 0, 0): (55, -37, -50), (0, 255, 0, 0): (48, 74, -3), (0, 0, 0, 0): (100, 0, 0)}


@pytest.mark.parametrize("inks", PRINTED)
def test_colours_for_print_are_converted_by_their_profile(inks: tuple[int, int, int, int]) -> None:
    raw = saved(plain("CMYK", inks), "JPEG", quality=98, icc_profile=ink_profile())
    safe = made(raw)
    # (By a little: the printer's black, which is not quite black, becomes black.)
    assert near(middle(opened(safe)), of_lab(*PRINTED[inks]), 12), (middle(opened(safe)), of_lab(*PRINTED[inks]))
    assert listed(safe.changes) == [changes.FROM_PRINT]
    without = made(saved(plain("CMYK", (255, 0, 0, 0)), "JPEG", quality=98))
    assert near(middle(opened(without)), (0, 255, 255), 4)


@pytest.mark.parametrize("profile", [b"no profile", b"", p3_profile()[:200], ink_profile()])
def test_a_profile_that_is_none_changes_nothing(profile: bytes) -> None:
    safe = made(saved(plain("RGB", (200, 100, 50)), "PNG", icc_profile=profile))
    assert near(middle(opened(safe)), (200, 100, 50))
    assert safe.changes == ()


def test_a_phones_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for raw in (saved(quarters(), "JPEG", quality=95, exif=exif), heic(quarters(), exif=exif.tobytes())):
        safe = made(raw)
        out = opened(safe)
        assert out.size == (48, 64)
        # Turned right by a quarter: what was below on the left stands above on the left.
        assert near(out.convert("RGB").getpixel((8, 8)), (0, 0, 255), 12)  # type: ignore[arg-type]
        assert near(out.convert("RGB").getpixel((40, 8)), (255, 0, 0), 12)  # type: ignore[arg-type]
        assert changes.UPRIGHT in listed(safe.changes)


def test_a_second_picture_in_a_phones_file_is_no_movement() -> None:
    raw = saved(quarters(), "MPO", save_all=True, append_images=[plain("RGB", "black")])
    assert near(opened(made(raw)).getpixel((8, 8)), (255, 0, 0), 12)  # type: ignore[arg-type]


@pytest.mark.longer
def test_what_is_made_smaller_says_how_large_it_was() -> None:
    safe = made(saved(plain("RGB", "teal", (3000, 1000)), "PNG"))
    assert (safe.width, safe.height) == (2048, 683)
    assert listed(safe.changes) == ["Made smaller: it had 3000 × 1000 pixels."]
