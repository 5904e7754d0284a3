"""What strangers sent and people uploaded is parsed by workers alone, in processes that may be killed."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts_registry.models import Account
from networks.catalogue import NETWORKS
from networks.kinds import Videos
from organisation.models import Person
from publishing.actions import read_uploads
from publishing.content import apart, captions, images, videos
from publishing.content.captions import SUBRIP
from publishing.enums import UploadState
from publishing.models import Media, Upload
from tests.architecture.test_opening import OF_PAGES, WEB, WORKER, places
from tests.architecture.test_sizes import FILES
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.films import MP4, VTT
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import draft, new_video, picture
from tests.worker import door

# What parses, and the only modules of the house that may name it.
CONTENT, WORK = "publishing/content/", {"publishing/actions/reading.py", "publishing/actions/cards.py"}
PARSERS = {
    "reencode": WORK,
    "strip_metadata": WORK,
    "made_ready": WORK,
    "film_of_moving": WORK,
    "convert": WORK | {"networks/pictures.py"},  # of colours, in the child
    "parsed": WORK | {"networks/feed/parsing.py", "networks/feed/reading.py"},
    "list_grid": {"accounts_registry/lists/reading.py", "accounts_registry/actions/lists.py"},
    "grid_of": {"accounts_registry/lists/reading.py"},
    "redrawn": {"networks/pictures.py", "monitoring/actions/picturing.py"},
    "read_feed": {"networks/feed/reading.py"},
    "read_page": {"networks/webpage/reading.py"},
    "read_card": {"networks/webpage/card.py", "publishing/actions/cards.py"},
    "read_apart": {f"networks/{kind}/{name}.py" for kind in ("feed", "webpage") for name in ("reading", "connector")},
}
IMPORTED = re.compile(r"^from (?:networks|publishing\.content) import apart$|^from publishing\.content\.apart ", re.M)
# What has others parse. No page, form or address of the API may name it.
READING = {"read_uploads", "read_lists", "read_cards", "expire_uploads", "fetch_pictures", *PARSERS}


def test_only_these_modules_have_others_parse(project_root: Path) -> None:
    """By import: the word is a usual one."""
    found = {str(path.relative_to(project_root)) for path in FILES if IMPORTED.search(path.read_text())}
    may = {*WORK, "networks/feed/reading.py", *(f"networks/webpage/{name}.py" for name in ("reading", "card"))}
    assert {place for place in found if not place.startswith("tests/")} == may


@pytest.mark.slow
def test_only_these_modules_parse(project_root: Path) -> None:
    known = {place: names for place, names in places(project_root).items() if not place.startswith(CONTENT)}
    for name, may in PARSERS.items():
        assert {place for place, names in known.items() if name in names} <= may, name


@pytest.mark.slow
def test_no_page_parses(project_root: Path) -> None:
    pages = {
        place: names & READING
        for place, names in places(project_root).items()
        if OF_PAGES & set(Path(place).with_suffix("").parts)
    }
    assert len(pages) > 30
    assert {place: names for place, names in pages.items() if names} == {}


def sent(account: Account, author: Person, film: Media) -> list[Any]:
    """Every way in which a person sends a file; the answers."""
    client, post = Client(), film.post
    client.force_login(author)
    said: dict[str, Any] = {"title": "T", "language": "fr", "accounts": [str(account.pk)], "unit": str(post.unit_id)}
    new = {"new_video": SimpleUploadedFile("a.mp4", MP4), "new_captions": SimpleUploadedFile("a.vtt", VTT)}
    words = {"version": post.version, f"captions-{film.pk}-fr": SimpleUploadedFile("b.vtt", VTT)}
    image, again = (SimpleUploadedFile("a.png", picture()) for _each in range(2))
    return [
        client.post(reverse("publishing:post_new"), {**said, **new}),
        client.post(reverse("publishing:post_new"), {**said, "accounts": [], "new_image": image}),
        client.post(reverse("publishing:post_edit", args=[post.pk]), {**said, **words}),
        client.post(reverse("post-images", args=[post.pk]), {"version": post.version + 1, "image": again}),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("nobody_reads")
def test_a_web_process_only_keeps_what_is_sent(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    unit, called = UnitFactory.create(), list[str]()
    author, account = person_with("communication_cell", unit), ConnectedAccountFactory.create(unit=unit)
    film = draft(author, account, new_images=[new_video({"fr": "x"}, captions=())]).media.get()
    network = NETWORKS[account.network]
    takes = replace(network.capabilities, videos=Videos(("video/mp4",), 50_000_000, 60, captions=(SUBRIP,)))
    monkeypatch.setitem(NETWORKS, account.network, replace(network, capabilities=takes))
    with monkeypatch.context() as watched:
        for module, name in ((images, "_decode"), (captions, "_cues"), (videos, "_kind"), (apart, "run")):
            watched.setattr(module, name, lambda *_given, name=name, **_more: called.append(name))
        answers = sent(account, author, film)
    assert [answer.status_code for answer in answers] == [302, 302, 302, 202]
    assert called == []
    assert Upload.objects.count() == 4
    with door(is_open=False):
        read_uploads(seconds=60)
    assert Upload.objects.filter(state=UploadState.RECEIVED).count() == 4, "a process that is no worker reads none"
    Upload.objects.update(lease_until=None, tries=0)
    read_uploads(seconds=60)
    assert Upload.objects.filter(state=UploadState.READ).count() == 4


READ = "from publishing.content import apart; apart.parsed('/dev/null')"


@pytest.mark.slow
@pytest.mark.parametrize(("process", "shut"), [(WEB, True), (WORKER, False)])
def test_what_a_real_process_may(project_root: Path, process: str, shut: bool) -> None:
    code = f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'governance.settings'; {process}{READ}"
    ended = subprocess.run([sys.executable, "-c", code], cwd=project_root, capture_output=True, text=True, check=False)
    assert ("Shut" in ended.stderr) is shut, ended.stderr
    assert ("Refused" in ended.stderr) is not shut, ended.stderr
