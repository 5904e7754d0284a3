"""What was changed of a file is told where one edits and where one approves; what was sent is kept; each network gets
the form that it takes."""

from __future__ import annotations

import struct
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts_registry.models import Account
from delivery.content import place_of
from organisation import due
from organisation.lifecycle import Refused
from organisation.models import Person
from publishing.actions import read_uploads, reading, submit_post
from publishing.content import apart, videos
from publishing.content.moving import film_of, most_decoded
from publishing.models import Media, Post, Upload
from publishing.queries.checks import content_checks
from publishing.queries.refusals import undescribed
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.clips import clip, measured
from tests.factories.pictures import deep_png, p3_profile, plain, saved
from tests.factories.publishing import draft, new_image, new_video
from tests.publishing.conftest import House
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db
GROUND = "It has transparent parts: networks that take none get it on a white ground."


def logo() -> bytes:
    """A red disc's worth of opaque pixels on nothing at all."""
    picture = plain("RGBA", (0, 0, 0, 0), (60, 60))
    picture.paste((200, 30, 40, 255), (20, 20, 40, 40))
    return saved(picture, "PNG")


def through_the_api(by: Person, post: Post, raw: bytes) -> Media:
    client = Client()
    client.force_login(by)
    body = {"version": post.version, "image": SimpleUploadedFile("logo.png", raw), "alt": "Notre logo"}
    answer = client.post(reverse("post-images", args=[post.pk]), body)
    assert answer.status_code == 202, answer.content
    told = client.get(answer["Location"]).json()
    assert told["state"] == "read", told
    return Media.objects.get(pk=told["media"])


def pixel(path: str, at: tuple[int, int]) -> tuple[int, ...]:
    with Image.open(place_of(path)) as opened:
        found = opened.getpixel(at)
    assert isinstance(found, tuple)
    return found


@pytest.mark.longer
def test_a_logo_through_the_api_is_transparent_where_a_network_takes_it_and_white_elsewhere(house: House) -> None:
    post = draft(house.author, house.account)
    medium = through_the_api(house.author, post, logo())
    for network in ("mastodon", "bluesky", "linkedin"):
        told = medium.described("fr", network)
        assert told["mime"] == "image/png"
        assert pixel(told["path"], (2, 2))[3] == 0
        assert pixel(told["path"], (30, 30)) == (200, 30, 40, 255)
    told = medium.described("fr", "instagram")
    assert told["mime"] == "image/jpeg"
    assert min(pixel(told["path"], (2, 2))) > 252
    assert abs(pixel(told["path"], (30, 30))[0] - 200) < 4
    client = Client()
    client.force_login(house.author)
    assert client.get(reverse("post-detail", args=[post.pk])).json()["media"][0]["changes"] == [GROUND]
    for network, mime in (("instagram", "image/jpeg"), ("mastodon", "image/png"), ("nowhere", "image/png")):
        served = client.get(reverse("publishing:image", args=[medium.pk]), {"on": network})
        assert (served["Content-Type"], bool(b"".join(served.streaming_content))) == (mime, True)  # type: ignore[attr-defined]


@pytest.mark.longer
def test_what_was_sent_is_kept_beside_and_no_page_serves_it(house: House, media_folder: Path) -> None:
    raw = logo()
    medium = through_the_api(house.author, draft(house.author, house.account), raw)
    assert (media_folder / medium.original.name).read_bytes() == raw
    assert not list((media_folder / "posts" / "received").iterdir())
    client = Client()
    client.force_login(house.author)
    served = client.get(reverse("publishing:image", args=[medium.pk]))
    assert b"".join(served.streaming_content) != raw  # type: ignore[attr-defined]


def pages(post: Post, by: Person, *names: str) -> list[str]:
    client = Client()
    client.force_login(by)
    return [client.get(reverse(f"publishing:{name}", args=[post.pk])).content.decode() for name in names]


@pytest.mark.longer
def test_what_was_changed_is_told_to_who_edits_and_to_who_approves(house: House) -> None:
    post = draft(house.author, house.account)
    through_the_api(house.author, post, saved(plain("RGB", (200, 100, 50)), "PNG", icc_profile=p3_profile()))
    submit_post(post=Post.objects.get(pk=post.pk), by=house.author)
    told = pages(post, house.approver, "approval", "post_detail") + pages(post, house.author, "post_edit")
    assert [page.count("Colours converted to sRGB.") for page in told] == [1, 1, 1]


@pytest.mark.longer
def test_it_is_told_in_the_readers_language(house: House) -> None:
    post = draft(house.author, house.account)
    medium = through_the_api(house.author, post, deep_png(30000))
    Person.objects.filter(pk=house.author.pk).update(language="fr")
    (page,) = pages(post, Person.objects.get(pk=house.author.pk), "post_edit")
    assert "Ramenée de 16 à 8 bits par couleur." in page
    assert medium.changes[0]["source"] == "Reduced from 16 bits a colour to 8."


@pytest.mark.longer
def test_the_form_for_each_network_is_what_its_hash_is_about(house: House) -> None:
    other: Account = ConnectedAccountFactory.create(unit=house.unit, network="instagram", languages=["fr"])
    post = draft(house.author, house.account, other)
    medium = through_the_api(house.author, post, logo())
    variants = Post.objects.get(pk=post.pk).variants.all()
    by_network = {one.account.network: one.frozen()[0]["media"][0] for one in variants}
    assert by_network["instagram"]["path"] == medium.flat.name
    assert by_network["mastodon"]["path"] == medium.file.name
    assert by_network["instagram"]["sha256"] != by_network["mastodon"]["sha256"]


@pytest.mark.longer
def test_a_file_that_is_refused_leaves_no_original(house: House, media_folder: Path) -> None:
    post = draft(house.author, house.account)
    client = Client()
    client.force_login(house.author)
    body = {"version": post.version, "image": SimpleUploadedFile("logo.png", b"<svg/>")}
    assert client.post(reverse("post-images", args=[post.pk]), body).status_code == 202
    assert not (media_folder / "posts" / "originals").exists()


# ---- Films ----------------------------------------------------------------------------------------------------------
def through_the_editor(house: House, post: Post, **files: SimpleUploadedFile) -> Upload:
    client = Client()
    client.force_login(house.author)
    said = {"title": post.title, "language": "fr", "accounts": [str(house.account.pk)], "version": post.version}
    answer = client.post(reverse("publishing:post_edit", args=[post.pk]), {**said, "core_text": "Bonjour", **files})
    assert answer.status_code == 302, answer.context["form"].errors
    return Upload.objects.latest("pk")


@pytest.mark.longer
def test_a_phones_film_is_converted_by_a_worker_and_that_is_told(
    house: House, media_folder: Path, tmp_path: Path
) -> None:
    source = clip(
        tmp_path / "film.mov", "-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=error"
    )
    post = draft(house.author, house.account)
    upload = through_the_editor(house, post, new_video=SimpleUploadedFile("film.mov", source.read_bytes()))
    assert upload.state == "read", upload.reason
    medium = post.media.get()
    assert "Video: h264 (High)" in measured(place_of(medium.file.name)).said
    assert medium.changed == ["Re-encoded from HEVC.", "Reduced from 10 bits a colour to 8."]
    assert (media_folder / medium.original.name).read_bytes() == source.read_bytes()
    assert (medium.mime, medium.size) == ("video/mp4", place_of(medium.file.name).stat().st_size)
    assert "Re-encoded from HEVC." in pages(post, house.author, "post_edit")[0]


@pytest.mark.longer
def test_how_far_it_is_is_shown_and_the_claim_lasts_as_long(house: House, nobody_reads: None) -> None:
    post = draft(house.author, house.account)
    through_the_editor(house, post, new_video=SimpleUploadedFile("film.mov", b"anything"))
    claimed = reading.FILMS.claim()
    assert claimed is not None
    Upload.objects.update(lease_until=Now() + timedelta(seconds=5))
    reading._tell(claimed, 40)
    upload = Upload.objects.get()
    assert upload.lease_until > timezone.now() + timedelta(minutes=5)
    client = Client()
    client.force_login(house.author)
    part = client.get(reverse("publishing:upload", args=[post.pk, upload.pk]), headers={"HX-Request": "true"})
    assert "is being converted: 40 %" in part.content.decode()
    assert "hx-get" in part.content.decode(), "and it goes on looking"
    assert client.get(reverse("post-upload", args=[post.pk, upload.pk])).json()["progress"] == 40
    Upload.objects.update(epoch=99)
    with pytest.raises(due.Lost):
        reading._tell(claimed, 50)


@pytest.mark.longer
def test_pictures_do_not_wait_for_films(house: House, nobody_reads: None) -> None:
    post = draft(house.author, house.account)
    through_the_editor(house, post, new_video=SimpleUploadedFile("film.mov", b"anything"))
    assert reading.UPLOADS.claim() is None
    assert reading._film.acquire(blocking=False), "as while another thread is at one"
    try:
        read_uploads(seconds=5)
        assert Upload.objects.get().tries == 0
    finally:
        reading._film.release()
    read_uploads(seconds=5)
    assert Upload.objects.get().state == "refused"


@pytest.mark.slow
def test_a_film_that_takes_too_long_ends_with_a_sentence_and_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = clip(tmp_path / "film.mov", "-c:v", "libx264", "-preset", "ultrafast", size="1280x720", seconds=30)
    monkeypatch.setattr(apart.films, "limits", replace(apart.films.limits, patience=1.0))
    target = tmp_path / "made"
    target.touch()
    with source.open("r+b") as file, target.open("r+b") as other, pytest.raises(Refused, match="far more work"):
        apart.made_ready(File(file), videos.Fit.of([]), File(other), lambda _percent: None)
    time.sleep(0.2)
    running = [one for one in Path("/proc").glob("[0-9]*/cmdline") if str(target).encode() in bytes_of(one)]
    assert running == []


def bytes_of(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        return b""


# ---- Moving images --------------------------------------------------------------------------------------------------
COLOURS = ((200, 40, 60), (30, 160, 70), (40, 70, 190))


def moving(form: str) -> bytes:
    frames = [plain("RGB", colour, (61, 40)) for colour in COLOURS]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=400, loop=0, lossless=True)


@pytest.mark.longer
@pytest.mark.parametrize("form", thorough_after(1, ["GIF", "WEBP", "PNG"]))
def test_a_moving_image_becomes_a_film(form: str, house: House) -> None:
    post = draft(house.author, house.account)
    medium = through_the_api(house.author, post, moving(form))
    assert (medium.mime, medium.silent, medium.width, medium.height) == ("video/mp4", True, 60, 40)
    place = place_of(medium.file.name)
    seen = measured(place)
    assert abs(seen.seconds - 3.6) < 0.1, "three rounds of 1.2 seconds: no network takes less than three"
    assert all(abs(one - other) < 6 for one, other in zip(seen.at(0.5, 0.5), COLOURS[0], strict=True))
    later = measured(place, 1.0)
    assert all(abs(one - other) < 6 for one, other in zip(later.at(0.5, 0.5), COLOURS[2], strict=True))
    assert medium.changed == ["A moving image: it goes out as a video without sound."]
    assert medium.alts == {"fr": "Notre logo"}


@pytest.mark.parametrize("frames", [2, 500])
def test_a_moving_image_on_a_ground_that_is_far_larger_than_what_moves_is_refused(frames: int, tmp_path: Path) -> None:
    """85 bytes: each frame is one pixel, and a decoder goes through 25 million for it, in 75 rounds."""
    frame = b"\x21\xf9\x04\x04\x02\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
    ground = struct.pack("<HHBBB", 5000, 5000, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    (tmp_path / "moving.gif").write_bytes(b"GIF89a" + ground + frame * frames + b";")
    with pytest.raises(Refused, match="too long"):
        film_of(tmp_path / "moving.gif", tmp_path / "made", print)


def test_how_far_a_moving_image_is_is_told_from_start_to_end(tmp_path: Path) -> None:
    (tmp_path / "moving.gif").write_bytes(moving("GIF"))
    told: list[int] = []
    film_of(tmp_path / "moving.gif", tmp_path / "made", told.append)
    assert told == [11, 22, 33, 44, 55, 66, 77, 88, 99], "three frames, in three rounds"


@pytest.mark.longer
def test_what_has_no_sound_needs_no_captions_but_a_description(house: House) -> None:
    post = draft(house.author, house.account)
    medium = through_the_api(house.author, post, moving("GIF"))
    assert [one.code for one in undescribed(Post.objects.get(pk=post.pk))] == []
    Media.objects.filter(pk=medium.pk).update(alts={})
    assert [one.code for one in undescribed(Post.objects.get(pk=post.pk))] == ["alt_missing"]
    Media.objects.filter(pk=medium.pk).update(silent=False, alts={"fr": "Notre logo"})
    house.account.network = "linkedin"
    house.account.save()
    assert [one.code for one in undescribed(Post.objects.get(pk=post.pk))] == ["captions_missing"]


@pytest.mark.longer
def test_a_moving_image_beside_others_is_refused_with_what_to_do(house: House) -> None:
    post = draft(house.author, house.account, new_images=[new_image({"fr": "x"})])
    client = Client()
    client.force_login(house.author)
    body = {"version": post.version, "image": SimpleUploadedFile("x.gif", moving("GIF"))}
    told = client.get(client.post(reverse("post-images", args=[post.pk]), body)["Location"]).json()
    assert told["state"] == "refused"
    assert "Take the other images and videos away" in told["reason"]


# ---- Shapes ---------------------------------------------------------------------------------------------------------
def on_instagram(house: House, raw: bytes) -> list[str]:
    account: Account = ConnectedAccountFactory.create(unit=house.unit, network="instagram", languages=["fr"])
    post = draft(house.author, account)
    through_the_api(house.author, post, raw)
    return [str(one.sentence) for one in content_checks(Post.objects.get(pk=post.pk))]


@pytest.mark.longer
def test_a_picture_of_a_shape_that_is_refused_is_named_with_what_to_do(house: House) -> None:
    (told,) = on_instagram(house, saved(plain("RGB", "teal", (1000, 300)), "PNG"))
    assert (
        "takes images between 0.8 and 1.91 times as wide as they are high; image 1 is 1000 × 300. Cut it to shape."
        in told
    )


def test_a_film_that_is_too_short_is_named_with_what_to_do(house: House) -> None:
    account: Account = ConnectedAccountFactory.create(unit=house.unit, network="instagram", languages=["fr"])
    post = draft(house.author, account, new_images=[new_video({"fr": "x"})])
    told = " ".join(str(one.sentence) for one in content_checks(Post.objects.get(pk=post.pk)))
    assert "takes videos of at least 3 seconds; video 1 lasts 2.5. Choose a longer one." in told


def test_a_minute_of_usual_size_is_within_what_may_be_decoded_and_nothing_larger() -> None:
    usual, large = (Image.new("P", size) for size in ((1920, 1080), (1920, 1081)))
    assert most_decoded(usual, rounds=1) >= 1920 * 1080 * 30 * 60
    assert most_decoded(usual, rounds=2) == most_decoded(large, rounds=1) == 2_000_000_000
