"""A file is kept by the page, looked at by a worker, and attached as the act of whoever sent it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from approvals.subjects import has_written
from networks.catalogue import NETWORKS
from networks.kinds import Videos
from organisation.actions import suspend_person
from organisation.lifecycle import Conflict
from organisation.models import AuditEvent, Person
from publishing.actions import (
    approve_post,
    dismiss_upload,
    edit_post,
    read_uploads,
    reading,
    request_changes,
    submit_post,
    withdraw_post,
)
from publishing.actions.writing import PostContent
from publishing.content import images
from publishing.content.captions import SUBRIP
from publishing.enums import UploadState
from publishing.models import Media, Post, Upload
from publishing.queries import whole
from tests.factories.films import MP4, VTT
from tests.factories.organisation import person_with
from tests.factories.publishing import approved, draft, hash_of, new_image, new_video, picture, submitted
from tests.publishing.conftest import House
from tests.thorough import thorough_after

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_reads")]
HTMX = {"HX-Request": "true"}
WAITS = "is being looked at…"


@pytest.fixture
def films(monkeypatch: pytest.MonkeyPatch) -> None:
    """The account's network takes films with captions."""
    network = NETWORKS["mastodon"]
    videos = Videos(types=("video/mp4",), max_bytes=50_000_000, max_seconds=60, captions=(SUBRIP,))
    can = replace(network.capabilities, videos=videos)
    monkeypatch.setitem(NETWORKS, "mastodon", replace(network, capabilities=can))


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"publishing:{name}", args=args)


def image(raw: bytes | None = None, name: str = "guichet.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if raw is None else raw)


def fresh(post: Post) -> Post:
    return whole(Post.objects.select_related("unit", "author")).get(pk=post.pk)


def sent(house: House, post: Post, by: Person | None = None, **facts: Any) -> Upload:
    """Through the editor, with everything else as it stands."""
    post = fresh(post)
    said = {"title": post.title, "language": "fr", "core_text": post.core_text, "accounts": [str(house.account.pk)]}
    said |= {"version": post.version, "new_image": image(), "new_alt": "Un guichet", **facts}
    answer = as_(by or house.author).post(url("post_edit", post.pk), {k: v for k, v in said.items() if v is not None})
    assert answer.status_code == 302, answer.context["form"].errors
    return Upload.objects.latest("pk")


def read() -> None:
    read_uploads(seconds=60)


def received(folder: Path) -> list[str]:
    place = folder / "posts" / "received"
    return sorted(one.name for one in place.iterdir()) if place.exists() else []


# ---- On the page ----------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_it_is_looked_at_and_then_it_is_there(house: House, media_folder: Path) -> None:
    post, client = draft(house.author, house.account), as_(house.author)
    upload = sent(house, post)
    part = url("upload", post.pk, upload.pk)
    for name in ("post_edit", "post_detail"):
        page = client.get(url(name, post.pk)).content.decode()
        assert f"<bdi>guichet.png</bdi> {WAITS}" in page
        assert f'hx-get="{part}' in page
    assert client.get(part, headers=HTMX).status_code == 204
    assert client.get(part).url == post.get_absolute_url()
    assert len(received(media_folder)) == 1
    assert not Media.objects.filter(post=post).exists()
    read()
    medium = post.media.get()
    assert (medium.alts, medium.mime, medium.uploaded_by) == ({"fr": "Un guichet"}, "image/jpeg", house.author)
    assert received(media_folder) == []
    shown = client.get(f"{part}?edits", headers=HTMX).content.decode()
    assert f'name="alt-{medium.pk}-fr"' in shown
    assert 'id="checks" hx-swap-oob="true"' in shown
    assert "hx-swap-oob" not in client.get(part, headers=HTMX).content.decode(), "beside the post's page nothing moves"
    assert url("image", medium.pk) in shown
    assert "hx-get" not in shown
    assert f'name="alt-{medium.pk}-fr"' not in client.get(part, headers=HTMX).content.decode()
    for name in ("post_edit", "post_detail"):
        assert WAITS not in client.get(url(name, post.pk)).content.decode()
    events = AuditEvent.objects.order_by("pk").values_list("verb", "actor_id")
    assert list(events)[-3:] == [
        ("upload.sent", house.author.pk),
        ("post.edited", house.author.pk),
        ("upload.read", None),
    ]


@pytest.mark.usefixtures("films")
def test_a_new_post_takes_its_film_and_its_words(house: House) -> None:
    said = {"title": "Tax", "language": "fr", "unit": str(house.unit.pk), "new_video_alt": "Une main"}
    files = {"new_video": SimpleUploadedFile("a.mp4", MP4), "new_captions": SimpleUploadedFile("a.vtt", VTT)}
    assert as_(house.author).post(url("post_new"), {**said, **files}).status_code == 302
    read()
    medium = Post.objects.get().media.get()
    assert (medium.mime, medium.alts, medium.captions.get().language) == ("video/mp4", {"fr": "Une main"}, "fr")
    assert b"SecretCodec" in MP4
    assert b"SecretCodec" not in Path(medium.file.path).read_bytes()


def test_what_is_too_large_is_refused_at_once_and_not_kept(
    house: House, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = draft(house.author, house.account)
    monkeypatch.setattr(images, "UPLOAD_BYTES", 20)
    said = {"title": "T", "language": "fr", "core_text": "Kept text", "version": post.version, "new_image": image()}
    answer = as_(house.author).post(url("post_edit", post.pk), said)
    assert answer.status_code == 422
    assert "id_new_image_error" in answer.content.decode()
    assert "Kept text" in answer.content.decode()
    assert received(media_folder) == []
    assert fresh(post).core_text != "Kept text", "nothing of it is written"


@pytest.mark.longer
def test_files_that_wait_count_among_the_most(house: House) -> None:
    post = draft(house.author, house.account, new_images=[new_image({"fr": "x"})] * 9)
    kept = {f"alt-{one.pk}-fr": "x" for one in post.media.all()}
    sent(house, post, **kept)
    said = {"title": "T", "language": "fr", "version": fresh(post).version, "new_image": image(), **kept}
    answer = as_(house.author).post(url("post_edit", post.pk), said)
    assert "at most 10" in str(answer.context["form"].errors["new_image"])


@pytest.mark.longer
def test_a_post_with_a_file_that_waits_is_not_submitted(house: House) -> None:
    post = draft(house.author, house.account)
    sent(house, post)
    answer = as_(house.author).post(url("submit", post.pk), {"version": fresh(post).version})
    assert answer.status_code == 422
    assert "still looking at a file" in answer.content.decode()
    read()
    answer = as_(house.author).post(url("submit", post.pk), {"version": fresh(post).version})
    assert answer.status_code == 302
    assert fresh(post).state == "in_review"


# ---- Nothing typed is lost ------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_who_goes_on_typing_meanwhile_meets_no_conflict_and_takes_nothing_away(house: House) -> None:
    post = draft(house.author, house.account)
    sent(house, post)
    open_page = fresh(post).version
    read()
    assert fresh(post).version == open_page + 1
    said = {"title": "T", "language": "fr", "core_text": "Written meanwhile", "version": open_page}
    assert as_(house.author).post(url("post_edit", post.pk), said).status_code == 302
    assert fresh(post).core_text == "Written meanwhile"
    assert post.media.get().alts == {"fr": "Un guichet"}


@pytest.mark.longer
def test_what_somebody_else_wrote_between_is_a_conflict_all_the_same(house: House) -> None:
    post = draft(house.author, house.account)
    sent(house, post)
    open_page = fresh(post).version
    read()
    content = PostContent.of(fresh(post))
    edit_post(post=post, version=open_page + 1, content=content, by=house.approver)
    sent(house, post)
    read()
    said = {"title": "T", "language": "fr", "core_text": "Mine", "version": open_page}
    assert as_(house.author).post(url("post_edit", post.pk), said).status_code == 409


@pytest.mark.longer
def test_a_refusal_stands_where_it_was_chosen_until_it_is_put_away(house: House) -> None:
    post, client = draft(house.author, house.account), as_(house.author)
    upload = sent(house, post, new_image=image(b"<svg/>", "chat.png"))
    read()
    upload.refresh_from_db()
    assert upload.state == UploadState.REFUSED
    part = client.get(f"{url('upload', post.pk, upload.pk)}?edits", headers=HTMX).content.decode()
    assert f"<bdi>chat.png</bdi>: {upload.reason}<" in part
    away = url("dismiss_upload", post.pk, upload.pk)
    assert as_(house.stranger).post(away).status_code == 404
    assert as_(house.auditor).post(away).status_code == 403
    assert client.post(away, headers=HTMX).status_code == 200
    assert not Upload.objects.exists()
    assert AuditEvent.objects.filter(verb="upload.dismissed", actor_id=house.author.pk).count() == 1
    assert "chat.png" not in client.get(url("post_edit", post.pk)).content.decode()


@pytest.mark.longer
def test_what_is_in_the_way_since_it_came_is_told_with_it(house: House) -> None:
    post, client = draft(house.author, house.account), as_(house.author)
    upload = sent(house, post, new_alt="")
    page = client.get(url("post_edit", post.pk)).content.decode()
    assert "Image 1 has no description" not in page
    assert page.count('id="checks"') == 1, "the whole page has it at its own place alone"
    read()
    shown = client.get(f"{url('upload', post.pk, upload.pk)}?edits", headers=HTMX).content.decode()
    assert "Image 1 has no description" in shown.split('id="checks"')[1]


@pytest.mark.longer
def test_without_a_script_it_is_put_away_on_the_posts_page(house: House) -> None:
    post = draft(house.author, house.account)
    upload = sent(house, post, new_image=image(b"<svg/>"))
    away = url("dismiss_upload", post.pk, upload.pk)
    with pytest.raises(Conflict):
        dismiss_upload(upload=upload, by=house.author)
    read()
    assert f'action="{away}"' in as_(house.author).get(post.get_absolute_url()).content.decode()
    assert f'action="{away}"' not in as_(house.auditor).get(post.get_absolute_url()).content.decode()
    assert as_(house.author).post(away).url == post.get_absolute_url()


@pytest.mark.longer
@pytest.mark.usefixtures("films")
def test_a_refusal_is_read_in_the_language_of_who_reads_it(house: House) -> None:
    """Whoever sent the file, and in whatever language: what fills the sentence is said in the reader's too."""
    post = draft(house.author, house.account, new_images=[new_video(captions=())])
    wrong = SimpleUploadedFile("a.vtt", VTT.replace(b"-->", b"--", 1))
    upload = sent(house, post, **{f"captions-{post.media.get().pk}-fr": wrong, "new_image": None})
    read()
    said = {}
    for language in ("fr", "nl"):
        Person.objects.filter(pk=house.approver.pk).update(language=language)
        reader = as_(Person.objects.get(pk=house.approver.pk))
        said[language] = reader.get(url("upload", post.pk, upload.pk), headers=HTMX).content.decode()
    assert "Ligne 4 : il manque un temps comme" in said["fr"].replace("\xa0", " ").replace("\u202f", " ")
    assert "Regel 4: een tijd zoals" in said["nl"]


# ---- The act of who sent it -----------------------------------------------------------------------------------------
def test_whoever_sent_it_has_written_and_does_not_approve(house: House) -> None:
    post = draft(house.author, house.account)
    sent(house, post, by=house.approver)
    assert not has_written(house.approver, fresh(post))
    read()
    assert has_written(house.approver, fresh(post))


@pytest.mark.longer
def test_sent_to_an_approved_post_it_voids_the_approval(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    sent(house, post)
    assert fresh(post).state == "approved", "nothing is changed yet"
    read()
    assert fresh(post).state == "draft"
    assert not post.approvals.filter(void_at__isnull=True).exists()
    assert Media.objects.filter(post=post).exists()


def approved_meanwhile(house: House, post: Post) -> None:
    approve_post(post=fresh(post), by=house.approver, content_hash=hash_of(post), planned_for=fresh(post).due_at)


def suspended_meanwhile(house: House, post: Post) -> None:
    suspend_person(person=house.author, by=person_with("administrator", house.unit), reason="Left")


def withdrawn_meanwhile(house: House, post: Post) -> None:
    withdraw_post(post=fresh(post), by=house.author, reason="Over")


@pytest.mark.longer
@pytest.mark.parametrize(
    ("meanwhile", "why"),
    thorough_after(
        1,
        [
            (approved_meanwhile, reading.MOVED_ON),
            (suspended_meanwhile, reading.NOT_ANY_MORE),
            (withdrawn_meanwhile, reading.MOVED_ON),
        ],
        names=2,
    ),
)
def test_what_changed_meanwhile_is_asked_again(house: House, meanwhile: Any, why: str) -> None:
    Person.objects.update(language="en")
    post = submitted(house.author, house.account)
    upload = sent(house, post)
    meanwhile(house, post)
    state, version = fresh(post).state, fresh(post).version
    read()
    upload.refresh_from_db()
    assert (upload.state, upload.reason) == (UploadState.REFUSED, str(why))
    assert (fresh(post).state, fresh(post).version) == (state, version)
    assert not Media.objects.filter(post=post).exists()


@pytest.mark.longer
def test_sent_in_review_it_is_added_where_changes_were_asked_for(house: House) -> None:
    post = submitted(house.author, house.account)
    sent(house, post)
    request_changes(post=fresh(post), by=house.approver, remark="Shorter")
    read()
    assert fresh(post).state == "changes_requested"
    assert Media.objects.filter(post=post).exists()


@pytest.mark.usefixtures("films")
def test_captions_of_a_film_that_went_away_are_refused(house: House) -> None:
    Person.objects.update(language="en")
    post = draft(house.author, house.account, new_images=[new_video(captions=())])
    medium = post.media.get()
    words = {f"captions-{medium.pk}-fr": SimpleUploadedFile("a.vtt", VTT), "new_image": None}
    upload = sent(house, post, **words)
    Media.objects.all().delete()
    read()
    upload.refresh_from_db()
    assert upload.reason == str(reading.VIDEO_GONE)


@pytest.mark.longer
@pytest.mark.usefixtures("films")
def test_captions_leave_what_was_said_of_the_film(house: House) -> None:
    post = draft(house.author, house.account, new_images=[new_video({"fr": "Une main"}, captions=())])
    medium = post.media.get()
    words = {f"captions-{medium.pk}-fr": SimpleUploadedFile("a.vtt", VTT), "new_image": None}
    sent(house, post, **words, **{f"alt-{medium.pk}-fr": "Une main"})
    read()
    medium.refresh_from_db()
    assert (medium.alts, medium.captions.get().language) == ({"fr": "Une main"}, "fr")


# ---- The API --------------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_the_api_says_where_to_ask(house: House) -> None:
    post, client = draft(house.author, house.account), as_(house.author)
    body = {"version": post.version, "image": image(), "alt": "Un guichet"}
    answer = client.post(f"/api/v1/posts/{post.pk}/images/", body)
    assert answer.status_code == 202, answer.content
    told = client.get(answer["Location"])
    assert (told.status_code, told.json()["state"], told.json()["media"]) == (200, "received", None)
    assert as_(house.stranger).get(answer["Location"]).status_code == 404
    read()
    told = client.get(answer["Location"]).json()
    medium = post.media.get()
    assert (told["state"], told["media"], told["version"]) == ("read", medium.pk, fresh(post).version)
    submit_post(post=fresh(post), by=house.author, version=told["version"])
