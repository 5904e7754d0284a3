"""Videos, captions and titles from the editor to what is sent: only where the network takes them, all of it hashed."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from PIL import Image

from delivery.content import MediaChanged, as_draft, require_media
from networks import catalogue
from networks.catalogue import NETWORKS
from networks.kinds import Capabilities, Videos
from networks.types import Draft, Problem
from networks.validation import problems
from organisation.models import Person
from publishing.actions import VariantText, create_post
from publishing.content.captions import SUBRIP, WEBVTT
from publishing.enums import UploadState
from publishing.models import Captions, Media, Post, Upload
from publishing.queries import content_checks, snapshot_of, whole
from publishing.queries.refusals import OF_MEASURES, SAID_ONCE, SENTENCES, said
from tests.factories.films import MP4, VTT, WEBM
from tests.factories.publishing import content_for, draft, hash_of, new_image, new_video, picture
from tests.publishing.conftest import House
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db
FILMS = Videos(types=("video/mp4", "video/webm"), max_bytes=50_000_000, max_seconds=60, captions=(SUBRIP,))


class Judge:
    """A connector that only knows the rules that all networks share."""

    def __init__(self, can: Capabilities) -> None:
        self.can = can

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        return problems(draft, self.can, len(draft.text), draft.text)


@pytest.fixture
def can(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gives the account's network other capabilities."""

    def change(**facts: Any) -> None:
        network = NETWORKS["mastodon"]
        changed = replace(network.capabilities, **facts)
        monkeypatch.setitem(NETWORKS, "mastodon", replace(network, capabilities=changed))
        monkeypatch.setattr(catalogue, "connector", lambda account, egress: Judge(changed))

    change(videos=FILMS)
    return change


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(house: House, **facts: Any) -> dict[str, Any]:
    said = {"title": "Tax return", "language": "fr", "core_text": "Bonjour", "accounts": [str(house.account.pk)]}
    return {**said, "unit": str(house.unit.pk), **facts}


def fresh(post: Post) -> Post:
    return whole(Post.objects.select_related("unit", "author")).get(pk=post.pk)


def codes(post: Post) -> set[str]:
    return {check.code for check in content_checks(fresh(post))}


# ---- The editor -----------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_nothing_is_offered_that_no_network_takes(house: House, can: Any) -> None:
    post = draft(house.author, house.account)
    page = reverse("publishing:post_edit", args=[post.pk])
    client = as_(house.author)
    html = client.get(page).content.decode()
    assert 'name="new_video"' in html
    assert 'name="new_captions"' in html
    assert f'name="title-{house.account.pk}-fr"' not in html
    can(videos=None, title_limit=100, pictures=False)
    html = client.get(page).content.decode()
    for gone in ("new_video", "new_captions", "new_image"):
        assert f'name="{gone}"' not in html
    assert f'name="title-{house.account.pk}-fr"' in html
    can(videos=replace(FILMS, captions=()))
    html = client.get(page).content.decode()
    assert 'name="new_video"' in html
    assert 'name="new_captions"' not in html


@pytest.mark.longer
def test_an_account_of_a_network_to_watch_only_is_not_offered(house: House, can: Any) -> None:
    can(publishes=False)
    page = as_(house.author).get(reverse("publishing:post_new")).content.decode()
    assert house.account.label not in page


@pytest.mark.longer
def test_a_video_with_captions_and_title_through_the_page(house: House, can: Any) -> None:
    can(videos=FILMS, title_limit=20)
    client, name = as_(house.author), f"title-{house.account.pk}-fr"
    facts = typed(house, **{name: "Déclaration", "new_video_alt": "Une main signe."})
    facts["new_video"] = SimpleUploadedFile("../x.php", MP4, content_type="application/x-php")
    facts["new_captions"] = SimpleUploadedFile("x.vtt", VTT)
    assert client.post(reverse("publishing:post_new"), facts).status_code == 302
    medium = Media.objects.get()
    assert (medium.mime, medium.seconds, medium.alts) == ("video/mp4", 2.5, {"fr": "Une main signe."})
    assert Path(medium.file.path).is_relative_to(Path(settings.MEDIA_ROOT) / "posts" / "videos")
    assert medium.file.name.endswith(".mp4")
    assert "x.php" not in medium.file.name
    sent = as_draft(fresh(medium.post).variants.get().frozen()[0])
    assert sent.title == "Déclaration"
    [video] = sent.media
    assert (video.mime, video.seconds, video.is_video) == ("video/mp4", 2.5, True)
    [words] = video.captions
    assert (words.language, words.mime, words.path.suffix) == ("fr", SUBRIP, ".srt")
    assert words.path.read_bytes().startswith(b"1\n00:00:00,000 --> 00:00:01,500\n")
    assert codes(medium.post) == set()


@pytest.mark.longer
@pytest.mark.parametrize(
    ("field", "file"),
    thorough_after(
        1,
        [
            ("new_video", b"<script>alert(1)</script>"),
            ("new_video", picture("JPEG")),
            ("new_captions", b"<script>alert(1)</script>"),
            ("new_image", MP4),
        ],
        names=2,
    ),
)
def test_a_hostile_file_is_told_by_its_name_and_nothing_is_kept(
    house: House, can: Any, media_folder: Path, field: str, file: bytes
) -> None:
    files = {"new_video": MP4, field: file}
    facts = typed(house, **{name: SimpleUploadedFile(f"x.{name}", raw) for name, raw in files.items()})
    answer = as_(house.author).post(reverse("publishing:post_new"), facts)
    assert answer.status_code == 302
    page = as_(house.author).get(answer.url).content.decode()
    refused = Upload.objects.get(state=UploadState.REFUSED)
    assert f"<bdi>x.{field}</bdi>: {escape(refused.reason)}" in page
    assert not Media.objects.filter(post=refused.post, mime__startswith="video" if "image" not in field else "image")
    assert list(media_folder.rglob("*.mp4")) == list(media_folder.rglob("videos/*.mp4"))
    assert not list((media_folder / "posts" / "received").iterdir())


@pytest.mark.longer
def test_captions_come_are_replaced_and_go(house: House, can: Any) -> None:
    post = draft(house.author, house.account, new_images=[new_video(captions=())])
    medium, client = post.media.get(), as_(house.author)
    page = reverse("publishing:post_edit", args=[post.pk])
    name = f"captions-{medium.pk}-fr"
    assert codes(post) == {"captions_missing"}
    assert "A WebVTT or SubRip file." in (before := client.get(page).content.decode())
    assert "takes the place" not in before, "there is none yet"
    other = VTT.replace(b"Bonjour", b"Bonsoir")
    for raw in (VTT, other):
        facts = typed(house, version=str(fresh(post).version), **{name: SimpleUploadedFile("x.vtt", raw)})
        assert client.post(page, facts).status_code == 302
    words = Captions.objects.get()
    assert "Bonsoir" in Path(words.webvtt.path).read_text()
    assert "takes the place" in client.get(page).content.decode()
    assert codes(post) == set()
    broken = SimpleUploadedFile("x.vtt", b"WEBVTT\n\n00:00 --> x\nBonjour\n")
    assert client.post(page, typed(house, version=str(fresh(post).version), **{name: broken})).status_code == 302
    assert "<bdi>x.vtt</bdi>: Line 3:" in client.get(page).content.decode()
    facts = typed(house, version=str(fresh(post).version), **{f"no{name}": "on"})
    assert client.post(page, facts).status_code == 302
    assert not Captions.objects.exists()


# ---- What is served -------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_files_are_served_as_what_they_are_and_cannot_run(house: House, can: Any) -> None:
    medium = draft(house.author, house.account, new_images=[new_video()]).media.get()
    image = draft(house.author, house.account, new_images=[new_image()]).media.get()
    client = as_(house.approver)
    asked = {
        reverse("publishing:video", args=[medium.pk]): "video/mp4",
        reverse("publishing:captions", args=[medium.captions.get().pk]): "text/vtt; charset=utf-8",
    }
    for url, mime in asked.items():
        answer = client.get(url)
        assert answer["Content-Type"] == mime
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert b"".join(answer.streaming_content)
        assert as_(house.stranger).get(url).status_code == 404
    assert client.get(reverse("publishing:video", args=[image.pk])).status_code == 404
    assert client.get(reverse("publishing:image", args=[medium.pk])).status_code == 404


# ---- The hash -------------------------------------------------------------------------------------------------------
def changed_file(place: Path) -> None:
    place.write_bytes(place.read_bytes()[:-1] + b"!")


def test_every_byte_of_video_and_captions_is_in_the_hash_and_looked_at_before_sending(house: House, can: Any) -> None:
    post = fresh(draft(house.author, house.account, new_images=[new_video()]))
    content, before = post.variants.get().frozen()
    medium = post.media.get()
    for place in (Path(medium.file.path), Path(medium.captions.get().subrip.path)):
        good = place.read_bytes()
        changed_file(place)
        assert fresh(post).variants.get().frozen()[1] != before
        with pytest.raises(MediaChanged):
            require_media(content)
        place.write_bytes(good)
        require_media(content)


def test_the_language_of_captions_and_the_title_are_in_the_hash(house: House, can: Any) -> None:
    can(videos=FILMS, title_limit=100)
    post = draft(house.author, house.account, new_images=[new_video()])
    before = hash_of(post)
    Captions.objects.update(language="nl")
    assert hash_of(post) != before
    Captions.objects.update(language="fr")
    assert hash_of(post) == before
    post.variants.update(title="Titre")
    assert hash_of(post) != before


def test_a_title_is_not_sent_where_the_network_has_none(house: House, can: Any) -> None:
    post = draft(house.author, house.account)
    before = hash_of(post)
    post.variants.update(title="Titre")
    assert hash_of(post) == before
    can(title_limit=100)
    assert snapshot_of(fresh(post)).contents[f"{house.account.pk}:fr"]["title"] == "Titre"


# ---- What a network would refuse ------------------------------------------------------------------------------------
def test_each_code_of_the_port_has_a_sentence_that_says_what_to_do(house: House) -> None:
    told = (Problem.__doc__ or "").split("Codes:")[1].split(".")[0]
    known = {code.strip(" `\n") for code in told.split(",")}
    assert known == {*SENTENCES, *SAID_ONCE, *OF_MEASURES}
    variant = draft(house.author, house.account).variants.get()
    for code in SENTENCES:
        assert "%(" not in str(said(Problem("text", code, 10, 20), variant))


@pytest.mark.parametrize(
    ("facts", "media", "expected"),
    [
        ({"needs_media": True}, "none", "needs a picture or a video"),
        ({"needs_media": True, "pictures": False}, "none", "needs a video"),
        ({"videos": None}, "video", "takes no video"),
        ({"videos": replace(FILMS, max_seconds=2)}, "video", "at most 2 seconds; this one lasts 3"),
        ({"videos": replace(FILMS, max_bytes=10)}, "video", "videos of at most 0.0 MB"),
        ({"videos": replace(FILMS, types=("video/webm",))}, "video", "this type of video"),
        ({}, "both", "only where it stands alone"),
        ({"pictures": False, "media_types": ()}, "image", "takes no images, only a video"),
        ({"title_limit": 100}, "none", "needs a title"),
    ],
)
def test_what_a_network_would_refuse_is_said_so_that_one_knows_what_to_do(
    house: House, can: Any, facts: dict[str, Any], media: str, expected: str
) -> None:
    can(**{"videos": FILMS, **facts})
    film, image = new_video({"fr": "Une main."}), new_image({"fr": "Une main."})
    chosen = {"none": [], "video": [film], "image": [image], "both": [film, image]}[media]
    post = draft(house.author, house.account, new_images=chosen)
    sentences = [str(check.sentence) for check in content_checks(fresh(post))]
    assert [one for one in sentences if expected in one], sentences


def test_where_no_captions_are_taken_words_stand_beside_the_video(house: House, can: Any) -> None:
    can(videos=replace(FILMS, captions=()))
    post = draft(house.author, house.account, new_images=[new_video()])
    assert codes(post) == {"alt_missing"}
    Media.objects.update(alts={"fr": "Une main signe; une voix dit bonjour."})
    assert codes(post) == set()
    Media.objects.update(alts={}, decorative=True)
    assert codes(post) == set()


@pytest.mark.longer
def test_where_no_words_are_taken_the_author_is_told(house: House, can: Any) -> None:
    can(videos=replace(FILMS, captions=(), described=False))
    post = draft(house.author, house.account, new_images=[new_video()])
    assert codes(post) == set()
    page = as_(house.author).get(reverse("publishing:post_edit", args=[post.pk])).content.decode()
    assert "takes neither captions nor a description" in page
    Media.objects.update(decorative=True)
    page = as_(house.author).get(reverse("publishing:post_edit", args=[post.pk])).content.decode()
    assert "takes neither captions nor a description" not in page


def test_captions_go_in_the_form_that_the_network_takes(house: House, can: Any) -> None:
    can(videos=replace(FILMS, captions=(WEBVTT, SUBRIP)))
    post = draft(house.author, house.account, new_images=[new_video(captions=("nl", "fr"))])
    captions = as_draft(fresh(post).variants.get().draft()).media[0].captions
    assert [(one.language, one.path.suffix) for one in captions] == [("fr", ".vtt"), ("nl", ".vtt")]


def test_a_network_that_takes_one_file_of_captions_gets_each_texts_own(house: House, can: Any) -> None:
    """What is approved is what goes out, and a film in two languages can be sent at all."""
    can(videos=replace(FILMS, most_captions=1))
    language = {"fr": "Bonjour", "nl": "Goedendag"}
    texts = [VariantText(house.account, code, text) for code, text in language.items()]
    post = draft(house.author, house.account, variants=texts, new_images=[new_video(captions=("fr", "nl"))])
    for variant in fresh(post).variants.all():
        [words] = as_draft(variant.draft()).media[0].captions
        assert words.language == variant.language
    assert codes(post) == set()


@pytest.mark.longer
def test_both_pages_say_which_captions_do_not_go_out(house: House, can: Any) -> None:
    post = draft(house.author, house.account, new_images=[new_video(captions=("fr", "nl"))])
    pages = [reverse("publishing:post_edit", args=[post.pk]), post.get_absolute_url()]
    client, said = as_(house.author), "takes no more than these: Français. Not sent: Nederlands."
    for page in pages:
        assert said not in client.get(page).content.decode()
    can(videos=replace(FILMS, most_captions=1))
    for page in pages:
        assert said in client.get(page).content.decode()
    words = {one.language: reverse("publishing:captions", args=[one.pk]) for one in Captions.objects.all()}
    seen = client.get(post.get_absolute_url()).content.decode()
    assert words["fr"] in seen
    assert words["nl"] not in seen


def test_more_captions_than_a_network_takes_are_a_problem_of_the_draft(house: House, can: Any) -> None:
    post = draft(house.author, house.account, new_images=[new_video(captions=("fr", "nl"))])
    sent = as_draft(fresh(post).variants.get().draft())
    can(videos=replace(FILMS, most_captions=1))
    [found] = problems(sent, NETWORKS["mastodon"].capabilities, 7, "Bonjour")
    assert (found.field, found.code, found.limit, found.actual) == ("media.0", "too_many_captions", 1, 2)


@pytest.mark.longer
def test_an_image_fits_the_networks_it_is_for(house: House, can: Any) -> None:
    can(media_types=("image/jpeg",), videos=FILMS)

    target = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(target, "PNG")
    facts = typed(house, new_image=SimpleUploadedFile("x.png", target.getvalue()), new_alt="Rien")
    assert as_(house.author).post(reverse("publishing:post_new"), facts).status_code == 302
    assert Media.objects.get().sent_to(house.account.network)[1] == "image/jpeg"


@pytest.mark.longer
def test_a_webm_film_goes_too(house: House, can: Any) -> None:
    facts = typed(house, new_video=SimpleUploadedFile("x", WEBM))
    assert as_(house.author).post(reverse("publishing:post_new"), facts).status_code == 302
    assert Media.objects.get().mime == "video/webm"


def test_a_title_is_kept_as_it_was_written(house: House) -> None:
    content = replace(content_for(house.account), variants=[VariantText(house.account, "fr", "Bonjour", "", "Titre")])
    assert create_post(unit=house.unit, content=content, by=house.author).variants.get().title == "Titre"
