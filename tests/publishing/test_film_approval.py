"""A yes to a film is a yes to its bytes, its words and its captions: through the pages, from the editor to the send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery.actions import Line, send_next
from delivery.enums import DeliveryState
from delivery.models import Delivery
from networks import catalogue
from networks.catalogue import NETWORKS
from networks.kinds import Videos
from networks.types import Draft, Problem
from networks.validation import problems
from organisation.models import Person
from publishing.content.captions import SUBRIP
from publishing.enums import PostState
from publishing.models import Media, Post, Variant
from publishing.queries import valid_approval, whole
from tests.factories.delivery import FakeNetwork, thaw
from tests.factories.films import MP4, VTT, Film
from tests.factories.publishing import tomorrow
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
OTHER_FILM = Film(duration=3000).written()
OTHER_WORDS = VTT.replace(b"Bonjour", b"Bonsoir")
ALT = "Une main signe."


class Stage(FakeNetwork):
    """It takes films with captions and a title, and refuses what any network would."""

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        return problems(draft, NETWORKS["mastodon"].capabilities, len(draft.text), draft.text)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    network, stage = NETWORKS["mastodon"], Stage()
    films = Videos(types=("video/mp4",), max_bytes=50_000_000, max_seconds=60, captions=(SUBRIP,))
    taking = replace(network, capabilities=replace(network.capabilities, videos=films, title_limit=100))
    monkeypatch.setitem(NETWORKS, "mastodon", taking)
    monkeypatch.setattr(catalogue, "connector", lambda account, egress: stage)
    thaw()
    return stage


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("chosen", content)


@dataclass
class Desk:
    """The pages, by those who use them."""

    house: House

    @property
    def post(self) -> Post:
        return whole(Post.objects.select_related("unit", "author")).get()

    def write(self, **facts: Any) -> None:
        said = {"title": "Tax return", "language": "fr", "core_text": "Bonjour", "unit": str(self.house.unit.pk)}
        said |= {"accounts": [str(self.house.account.pk)], f"title-{self.house.account.pk}-fr": "Déclaration"}
        said |= {"new_video": file(MP4), "new_video_alt": ALT, **facts}
        assert as_(self.house.author).post(reverse("publishing:post_new"), said).status_code == 302

    def edit(self, **facts: Any) -> None:
        """Opens the editor, changes `facts` and saves: everything else is sent as the page holds it."""
        client, page = as_(self.house.author), reverse("publishing:post_edit", args=[self.post.pk])
        form = client.get(page).context["form"]
        held = {name: form[name].value() for name, one in form.fields.items() if not isinstance(one, forms.FileField)}
        said = {name: value for name, value in held.items() if value not in (None, False)}
        answer = client.post(page, {**said, **facts})
        assert answer.status_code == 302, answer.context["form"].errors

    def approve(self) -> None:
        pk = [self.post.pk]
        self._step(self.house.author, "submit", version=self.post.version)
        seen = as_(self.house.approver).get(reverse("publishing:approval", args=pk)).context["content_hash"]
        self._step(self.house.approver, "approve", content_hash=seen)
        assert valid_approval(self.post) is not None

    def schedule(self) -> None:
        self._step(self.house.approver, "schedule", wall_time=f"{tomorrow():%Y-%m-%dT%H:%M}")
        assert self.post.state == PostState.SCHEDULED

    def _step(self, by: Person, name: str, **facts: Any) -> None:
        answer = as_(by).post(reverse(f"publishing:{name}", args=[self.post.pk]), facts)
        assert answer.status_code == 302, (name, answer.context)


@pytest.fixture
def desk(house: House, stage: Stage) -> Desk:
    return Desk(house)


def time_passes() -> None:
    """Whatever is due is due now, and a worker takes all of it."""
    Delivery.objects.filter(state=DeliveryState.DUE).update(due_at=timezone.now())
    while send_next(Line()):
        pass


def film_name(words: str) -> str:
    return f"{words}-{Media.objects.get().pk}"


def title_name() -> str:
    return f"title-{Variant.objects.get().account_id}-fr"


@dataclass(frozen=True)
class Change:
    """How a film is approved, and what is done to it afterwards. Called once the film is there, for it names its id."""

    written: Callable[[], dict[str, Any]]
    done: Callable[[], dict[str, Any]]


def captioned() -> dict[str, Any]:
    return {"new_captions": file(VTT)}


CHANGES = {
    "captions added": Change(dict, lambda: {film_name("captions") + "-fr": file(VTT)}),
    "captions replaced": Change(captioned, lambda: {film_name("captions") + "-fr": file(OTHER_WORDS)}),
    "captions removed": Change(captioned, lambda: {film_name("nocaptions") + "-fr": "on"}),
    "film replaced": Change(
        captioned,
        lambda: {
            film_name("remove"): "on",
            "new_video": file(OTHER_FILM),
            "new_video_alt": ALT,
            "new_captions": file(VTT),
        },
    ),
    "alternative text changed": Change(captioned, lambda: {film_name("alt") + "-fr": "Une main refuse."}),
    "title changed": Change(captioned, lambda: {title_name(): "Autre titre"}),
    "called decoration": Change(captioned, lambda: {film_name("decorative"): "on"}),
}


def approved_film(desk: Desk, change: Change) -> None:
    """Approved with nothing missing: a film without captions says that nothing in it needs words."""
    desk.write(**change.written())
    if change.written is dict:
        desk.edit(**{film_name("decorative"): "on"})
    desk.approve()


def test_what_was_approved_is_what_is_sent(desk: Desk, stage: Stage) -> None:
    approved_film(desk, Change(captioned, dict))
    desk.edit(title="Another working title")
    desk.schedule()
    time_passes()
    [(sent, _key)] = stage.calls
    [film] = sent.media
    assert (sent.text, sent.title, film.alt, film.seconds) == ("Bonjour", "Déclaration", ALT, 2.5)
    assert film.path == Path(Media.objects.get().file.path)
    assert "Bonjour" in film.captions[0].path.read_text()
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED


@pytest.mark.slow
@pytest.mark.parametrize("scheduled", [False, True], ids=["approved", "scheduled"])
@pytest.mark.parametrize("what", CHANGES)
def test_any_change_of_an_approved_film_voids_the_approval_and_nothing_is_sent(
    desk: Desk, stage: Stage, what: str, scheduled: bool
) -> None:
    change = CHANGES[what]
    approved_film(desk, change)
    if scheduled:
        desk.schedule()
    desk.edit(**change.done())
    post = desk.post
    assert post.state == PostState.DRAFT
    assert valid_approval(post) is None
    assert post.approvals.get().void_reason == "edited"
    time_passes()
    assert stage.calls == []
    assert [one.state for one in Delivery.objects.all()] == [DeliveryState.CANCELLED] * scheduled
    answer = as_(desk.house.approver).post(
        reverse("publishing:schedule", args=[post.pk]), {"wall_time": f"{tomorrow():%Y-%m-%dT%H:%M}"}
    )
    assert answer.status_code == 409
    assert not Delivery.objects.filter(state=DeliveryState.DUE).exists()


@pytest.mark.slow
@pytest.mark.parametrize("what", ["film", "captions"])
def test_a_file_swapped_behind_the_approval_is_not_sent(desk: Desk, stage: Stage, what: str) -> None:
    approved_film(desk, Change(captioned, dict))
    desk.schedule()
    film = Media.objects.get()
    place, content = {"film": (film.file, OTHER_FILM), "captions": (film.captions.get().subrip, b"1\n")}[what]
    Path(place.path).write_bytes(content)
    time_passes()
    assert stage.calls == []
    assert Delivery.objects.get().state != DeliveryState.PUBLISHED


@pytest.mark.slow
def test_a_new_yes_is_to_the_new_film(desk: Desk, stage: Stage) -> None:
    change = CHANGES["film replaced"]
    approved_film(desk, change)
    desk.edit(**change.done())
    desk.approve()
    desk.schedule()
    time_passes()
    [(sent, _key)] = stage.calls
    assert [film.seconds for film in sent.media] == [3.0]
