"""The row of a file that somebody sent is the queue: one worker at a time, and an end for every file."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from organisation.due import Lost
from organisation.models import Person
from publishing.actions import expire_uploads, read_uploads, reading
from publishing.content import apart
from publishing.enums import PostState, UploadState
from publishing.models import Media, Post, Upload
from tests.factories.publishing import draft
from tests.publishing.conftest import House
from tests.publishing.test_uploads import image, read, received, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_reads")]


@pytest.mark.longer
def test_one_worker_has_it_until_its_lease_is_over(house: House) -> None:
    upload = sent(house, draft(house.author, house.account))
    first = reading.UPLOADS.claim()
    assert first is not None
    assert reading.UPLOADS.claim() is None
    Upload.objects.update(lease_until=Now() - timedelta(seconds=1))
    second = reading.UPLOADS.claim()
    assert second is not None
    assert (second.pk, second.tries) == (upload.pk, first.tries + 1)
    with pytest.raises(Lost):
        reading._read(first)
    assert not Media.objects.exists(), "what comes too late is not written"
    assert Path(second.file.path).exists()
    reading._read(second)
    assert Media.objects.count() == 1


@pytest.mark.longer
def test_what_ends_its_worker_again_and_again_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    Person.objects.update(language="en")
    upload = sent(house, draft(house.author, house.account))

    def end(*_given: Any, **_more: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(apart, "run", end)
    for _try in range(reading.MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            read()
        read()
        upload.refresh_from_db()
        assert upload.state == UploadState.RECEIVED
        Upload.objects.update(lease_until=Now() - timedelta(seconds=1))
    read()
    upload.refresh_from_db()
    assert upload.state == UploadState.REFUSED
    assert "far more work" in upload.reason


@pytest.mark.longer
def test_what_nobody_looked_at_expires_and_its_file_goes(house: House, media_folder: Path) -> None:
    Person.objects.update(language="en")
    upload = sent(house, draft(house.author, house.account))
    Upload.objects.update(received_at=F("received_at") - reading.KEPT + timedelta(minutes=1))
    assert expire_uploads() == 0
    Upload.objects.update(received_at=F("received_at") - timedelta(minutes=2))
    read()
    assert not Media.objects.exists()
    assert expire_uploads() == 1
    upload.refresh_from_db()
    assert (upload.state, upload.reason) == (UploadState.REFUSED, str(reading.UNREAD))
    assert received(media_folder) == []


def test_files_that_no_row_names_are_swept_away(house: House, media_folder: Path) -> None:
    sent(house, draft(house.author, house.account))
    [named] = received(media_folder)
    place = media_folder / "posts" / "received"
    long_ago = (timezone.now() - reading.KEPT - timedelta(hours=1)).timestamp()
    for name, is_old in (("old", True), ("new", False)):
        (place / name).write_bytes(b"x")
        if is_old:
            os.utime(place / name, (long_ago, long_ago))
    os.utime(place / named, (long_ago, long_ago))
    expire_uploads()
    assert received(media_folder) == sorted([named, "new"])


@pytest.mark.longer
def test_what_was_sent_is_kept_as_long_as_a_post_has_it_and_no_longer(house: House, media_folder: Path) -> None:
    originals = media_folder / "posts" / "originals"
    post = draft(house.author, house.account)
    sent(house, post)
    read()
    [kept] = os.listdir(originals)
    late = sent(house, Post.objects.get(pk=post.pk))
    Post.objects.filter(pk=post.pk).update(state=PostState.WITHDRAWN)
    read()
    late.refresh_from_db()
    assert late.state == UploadState.REFUSED
    assert os.listdir(originals) == [kept], "it was refused as it was about to be attached"
    Post.objects.filter(pk=post.pk).update(state=PostState.DRAFT)
    waiting = sent(house, Post.objects.get(pk=post.pk))
    reading._original(waiting)
    os.link(originals / kept, originals / "of a worker that ended in the middle")
    long_ago = (timezone.now() - reading.KEPT - timedelta(hours=1)).timestamp()
    for name in os.listdir(originals):
        os.utime(originals / name, (long_ago, long_ago))
    expire_uploads()
    assert sorted(os.listdir(originals)) == sorted([kept, Path(waiting.file.path).name])
    Media.objects.all().delete()
    expire_uploads()
    assert os.listdir(originals) == [Path(waiting.file.path).name]


@pytest.mark.longer
def test_rows_that_told_what_they_had_to_go(house: House) -> None:
    sent(house, draft(house.author, house.account))
    sent(house, draft(house.author, house.account), new_image=image(b"<svg/>"))
    read()
    Upload.objects.update(received_at=F("received_at") - reading.KEPT - timedelta(minutes=1))
    expire_uploads()
    assert [one.state for one in Upload.objects.all()] == [UploadState.REFUSED]
    Upload.objects.update(received_at=F("received_at") - reading.NOTICES_KEPT)
    expire_uploads()
    assert not Upload.objects.exists()


def test_no_more_are_read_at_once_than_children_there_are(house: House) -> None:
    sent(house, draft(house.author, house.account))
    for _each in range(apart.uploads.at_once):
        assert reading._turns.acquire(blocking=False)
    try:
        assert read_uploads(seconds=60) == 0
    finally:
        for _each in range(apart.uploads.at_once):
            reading._turns.release()
    assert read_uploads(seconds=60) == 1
