"""The same words on the same account at about the same time: whoever gives a time, or approves, says first that it is
meant so. Through actions, pages and the API alike, on record, and for two at once."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from delivery.actions import reconfirm_delivery
from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.models.delivery import new_key
from organisation.clock import database_now
from organisation.lifecycle import Unconfirmed
from organisation.models import AuditEvent, Person
from organisation.queries import story
from publishing import actions
from publishing.actions import PostContent, Timing
from publishing.models import Post
from publishing.queries.repeats import asked_about
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import GrantFactory, person_with
from tests.factories.publishing import ZONE, approved, draft, hash_of, new_image, scheduled, submitted, tomorrow
from tests.publishing.conftest import House
from tests.publishing.test_races import meanwhile
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db
BOX = 'name="meant" value="'


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def again(house: House, text: str = "Votre déclaration est prête.", **facts: Any) -> Post:
    return approved(house.author, house.approver, house.account, core_text=text, title="Once more", **facts)


def asked(post: Post, by: Person, hour: int = 9, **facts: Any) -> list[str]:
    """What is asked where `post` is put on the calendar at `hour`; nothing where it goes there at once."""
    try:
        actions.schedule_post(post=post, by=by, timing=Timing(tomorrow(hour), ZONE), **facts)
    except Unconfirmed as question:
        return [one.sentence for one in question.told]
    return []


@pytest.mark.longer
@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    thorough_after(
        2,
        [
            ("Votre déclaration est prête.", "Votre déclaration est prête.", True),
            ("Votre déclaration est prête.", "  VOTRE  DE\u0301CLARATION\nest prête !", True),
            ("L’école rouvre ﬁn août", "l'ecole rouvre fin aout", True),
            ("Bibliothèque ouverte 😀", "Bibliothèque ouverte 🙁", False),
            ("Ouvert de 9 à 12 heures", "Ouvert de 9 à 17 heures", False),
        ],
        names=3,
    ),
)
def test_words_are_compared_folded(house: House, first: str, second: str, is_same: bool) -> None:
    scheduled(house.author, house.approver, house.account, core_text=first)
    assert bool(asked(again(house, second), house.approver)) is is_same


@pytest.mark.parametrize(("hour", "is_near"), thorough_after(1, [(9, True), (21, True), (22, False)], names=2))
def test_within_twelve_hours(house: House, hour: int, is_near: bool) -> None:
    scheduled(house.author, house.approver, house.account, core_text="Rappel", at=tomorrow(9))
    assert bool(asked(again(house, "Rappel"), house.approver, hour)) is is_near


@pytest.mark.longer
@pytest.mark.parametrize(
    ("state", "counts"),
    thorough_after(
        2,
        [
            ("unknown", True),
            ("failed", False),
            ("due", True),
            ("sending", True),
            ("published", True),
            ("cancelled", False),
        ],
        names=2,
    ),
)
def test_what_is_in_line_under_way_or_out_counts(house: House, state: str, counts: bool) -> None:
    scheduled(house.author, house.approver, house.account, core_text="Rappel")
    out = {"remote_id": "1", "published_at": database_now(), "epoch": 1, "lease_until": database_now()}
    Delivery.objects.update(state=state, **out)
    assert bool(asked(again(house, "Rappel"), house.approver)) is counts


@pytest.mark.longer
def test_another_account_link_or_picture_is_another_message(house: House) -> None:
    other = ConnectedAccountFactory.create(unit=house.unit, languages=["fr"])
    facts = {"core_text": "Rappel", "new_images": [new_image({"fr": "Un guichet"})]}
    scheduled(house.author, house.approver, house.account, **facts)
    for different in (
        approved(house.author, house.approver, other, **facts),
        again(house, "Rappel"),
        again(house, "Rappel", new_images=facts["new_images"], link="https://fin.example/"),
    ):
        assert asked(different, house.approver) == []
    same = again(house, "Rappel", new_images=[new_image({"fr": "Une salle"})])
    assert len(asked(same, house.approver)) == 1


def test_the_other_one_is_named_for_whom_may_see_it(house: House) -> None:
    first = scheduled(house.author, house.approver, house.account, core_text="Rappel", title="Reminder")
    with pytest.raises(Unconfirmed) as question:
        actions.schedule_post(post=again(house, "Rappel"), by=house.approver, timing=Timing(tomorrow(), ZONE))
    [told] = question.value.told
    day = f"{tomorrow():%-d %B %Y}"
    assert told.sentence == f"“Reminder” says the same on {house.account.label}: {day}, 09:00."
    assert told.url == f"/posts/{first.pk}/"


@pytest.mark.longer
def test_of_what_is_out_of_sight_one_learns_no_more_than_that_it_is_there(house: House) -> None:
    """The other unit may speak on this account too; its own posts are not in our sight."""
    GrantFactory.create(person=house.stranger, role="communication_cell", unit=house.unit)
    reader = person_with("communication_cell", house.stranger.unit)
    GrantFactory.create(person=reader, role="communication_cell", unit=house.unit)
    theirs = scheduled(house.stranger, reader, house.account, core_text="Rappel", unit=house.stranger.unit)
    with pytest.raises(Unconfirmed) as question:
        actions.schedule_post(post=again(house, "Rappel"), by=house.approver, timing=Timing(tomorrow(), ZONE))
    [told] = question.value.told
    assert told.sentence.startswith("Another message, which you do not see, says the same on ")
    assert (told.url, theirs.title in told.sentence) == ("", False)


@pytest.mark.longer
def test_one_text_in_two_languages_of_one_account(house: House) -> None:
    both = ConnectedAccountFactory.create(unit=house.unit, languages=["fr", "nl"])
    said = [actions.VariantText(both, language, "Open / Ouvert") for language in ("fr", "nl")]
    post = approved(house.author, house.approver, both, variants=said)
    assert asked(post, house.approver) == [
        f"It says the same on {both.label} in several languages: Français, Nederlands."
    ]
    with pytest.raises(Unconfirmed) as question:
        actions.schedule_post(post=post, by=house.approver, timing=Timing(tomorrow(), ZONE))
    said = [actions.VariantText(both, language, "Closed / Fermé") for language in ("fr", "nl")]
    other = approved(house.author, house.approver, both, variants=said)
    assert asked(other, house.approver, meant=question.value.token) != [], "a yes to one text is none to another"


@pytest.mark.longer
def test_a_yes_goes_on_and_stands_on_record(house: House) -> None:
    first = scheduled(house.author, house.approver, house.account, core_text="Rappel")
    beside = str(Delivery.objects.get().pk)
    post = again(house, "Rappel")
    assert asked(post, house.approver, meant="anything") != []
    with pytest.raises(Unconfirmed) as question:
        actions.schedule_post(post=post, by=house.approver, timing=Timing(tomorrow(), ZONE))
    assert AuditEvent.objects.filter(verb="post.meant").count() == 0
    actions.schedule_post(post=post, by=house.approver, timing=Timing(tomorrow(), ZONE), meant=question.value.token)
    [event] = [one for one in story(post) if one.verb == "post.meant"]
    assert (event.actor_name, event.details) == ("Bram", {"beside": [beside]})
    assert Delivery.objects.filter(state="due").count() == 2
    # A yes is to what was told: with a third one beside it, it is asked for anew.
    third = again(house, "Rappel")
    assert len(asked(third, house.approver, meant=question.value.token)) == 2
    assert first.pk != post.pk


@pytest.mark.longer
def test_a_yes_is_to_all_of_them_however_many_there_are(house: House) -> None:
    """One more that goes out last, behind all that were told, is asked about too."""
    scheduled(house.author, house.approver, house.account, core_text="Rappel")
    one = Delivery.objects.get()

    def more(count: int, minutes: int) -> None:
        due_at, first = one.due_at + timedelta(minutes=minutes), one.origin_id + 1000 * minutes
        for number in range(count):
            Delivery.objects.create(**fields, due_at=due_at, key=new_key(), origin_id=first + number)

    own = ("account", "unit", "message_unit", "content", "content_hash", "likeness", "origin_kind", "scheduled_by")
    fields = {name: getattr(one, name) for name in own}
    more(25, 1)
    post = again(house, "Rappel")
    with pytest.raises(Unconfirmed) as question:
        actions.schedule_post(post=post, by=house.approver, timing=Timing(tomorrow(), ZONE))
    assert len(question.value.told) == 26
    more(1, 2)
    assert len(asked(post, house.approver, meant=question.value.token)) == 27


def test_a_post_is_not_its_own_double(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account)
    assert asked_about(post, house.approver) is None
    actions.reschedule_post(post=post, by=house.approver, timing=Timing(tomorrow(10), ZONE))
    assert Delivery.objects.filter(state="due").count() == 1


@pytest.mark.longer
def test_moving_and_confirming_again_ask_too(house: House) -> None:
    scheduled(house.author, house.approver, house.account, core_text="Rappel", at=tomorrow(1))
    post = scheduled(house.author, house.approver, house.account, core_text="Rappel", at=tomorrow(20))
    with pytest.raises(Unconfirmed):
        actions.reschedule_post(post=post, by=house.approver, timing=Timing(tomorrow(8), ZONE))
    late = Delivery.objects.filter(due_at__gt=database_now() + timedelta(hours=1)).latest("due_at")
    Delivery.objects.filter(pk=late.pk).update(state=DeliveryState.EXPIRED)
    late.refresh_from_db()
    at = Delivery.objects.earliest("due_at").due_at
    with pytest.raises(Unconfirmed) as question:
        reconfirm_delivery(delivery=late, by=house.approver, due_at=at)
    late.refresh_from_db()
    assert late.state == "expired"
    reconfirm_delivery(delivery=late, by=house.approver, due_at=at, meant=question.value.token)
    assert [one.verb for one in story(late)][:2] == ["delivery.meant", "delivery.reconfirm"]


@pytest.mark.longer
def test_what_waits_for_the_answer_is_not_shown_as_in_line(house: House) -> None:
    scheduled(house.author, house.approver, house.account, core_text="Rappel", at=tomorrow(1))
    scheduled(house.author, house.approver, house.account, core_text="Rappel", at=tomorrow(20))
    first, late = Delivery.objects.order_by("due_at")
    Delivery.objects.filter(pk=late.pk).update(state=DeliveryState.EXPIRED)
    at = first.due_at.astimezone(late.unit.zone)
    answer = as_(house.approver).post(
        reverse("delivery:delivery_reconfirm", args=[late.pk]), {"due_at": f"{at:%Y-%m-%dT%H:%M}"}
    )
    assert answer.status_code == 422
    assert answer.context["delivery"].state == "expired"
    assert answer.context["reconfirm"].asked is not None


# ---- Approval -------------------------------------------------------------------------------------------------------
def waiting(house: House) -> Post:
    scheduled(house.author, house.approver, house.account, core_text="Rappel", title="Reminder")
    timing = Timing(tomorrow(), ZONE)
    return submitted(house.author, house.account, core_text="Rappel", title="Once more", timing=timing)


@pytest.mark.longer
def test_the_approver_is_asked_and_answers_on_the_page(house: House) -> None:
    post, client = waiting(house), as_(house.approver)
    page = html.unescape(client.get(reverse("publishing:approval", args=[post.pk])).content.decode())
    first = Post.objects.get(title="Reminder")
    assert f'<a href="/posts/{first.pk}/">“Reminder” says the same on ' in page
    token = page.split(BOX)[1].split('"')[0]
    form = {"content_hash": hash_of(post), "planned_for": post.due_at.isoformat()}
    refused = client.post(reverse("publishing:approve", args=[post.pk]), form)
    assert (refused.status_code, Post.objects.get(pk=post.pk).state) == (422, "in_review")
    assert BOX + token in refused.content.decode()
    client.post(reverse("publishing:approve", args=[post.pk]), form | {"meant": token})
    assert Post.objects.get(pk=post.pk).state == "approved"
    assert [one.verb for one in story(post)][:1] == ["post.meant"]


def test_without_a_time_nothing_is_asked_of_the_approver(house: House) -> None:
    scheduled(house.author, house.approver, house.account, core_text="Rappel")
    assert again(house, "Rappel").state == "approved"


# ---- Pages and the API ----------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_whoever_schedules_is_warned_on_the_page_and_says_yes_there(house: House) -> None:
    scheduled(house.author, house.approver, house.account, core_text="Rappel", title="Reminder")
    post, client = again(house, "Rappel"), as_(house.approver)
    target = reverse("publishing:schedule", args=[post.pk])
    form = {"wall_time": tomorrow().isoformat()}
    refused = client.post(target, form)
    page = html.unescape(refused.content.decode())
    assert (refused.status_code, "“Reminder” says the same on " in page) == (422, True)
    token = page.split(BOX)[1].split('"')[0]
    assert client.post(target, form | {"meant": token}).status_code == 302
    assert Post.objects.get(pk=post.pk).state == "scheduled"


@pytest.mark.longer
def test_what_is_planned_for_the_same_minute_is_warned_of_before_anything_is_sent(house: House) -> None:
    post = waiting(house)
    for name in ("post_detail", "post_edit"):
        page = html.unescape(as_(house.author).get(reverse(f"publishing:{name}", args=[post.pk])).content.decode())
        assert "“Reminder” says the same on " in page
        assert BOX not in page


@pytest.mark.longer
def test_the_api_says_so_with_a_code_and_takes_the_yes(house: House) -> None:
    first = scheduled(house.author, house.approver, house.account, core_text="Rappel", title="Reminder")
    post, client = again(house, "Rappel"), as_(house.approver)
    path, form = f"/api/v1/posts/{post.pk}/schedule/", {"wall_time": tomorrow().isoformat(timespec="minutes")}
    refused = client.post(path, form, content_type="application/json")
    said = refused.json()
    assert (refused.status_code, said["code"], said["told"][0]["url"]) == (409, "said_twice", f"/posts/{first.pk}/")
    agreed = client.post(path, form | {"meant": said["meant"]}, content_type="application/json")
    assert (agreed.status_code, agreed.json()["state"]) == (200, "scheduled")


@pytest.mark.longer
def test_the_api_asks_at_approval(house: House) -> None:
    post, client = waiting(house), as_(house.approver)
    path = f"/api/v1/posts/{post.pk}/approve/"
    form = {"content_hash": hash_of(post), "planned_for": post.due_at}
    refused = client.post(path, form, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "said_twice")
    agreed = client.post(path, form | {"meant": refused.json()["meant"]}, content_type="application/json")
    assert (agreed.status_code, agreed.json()["state"]) == (200, "approved")


# ---- Two at once ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", thorough_after(1, range(3)))
def test_of_two_who_schedule_the_same_at_once_one_is_asked(house: House, _round: int) -> None:
    posts = [again(house, "Rappel") for _ in range(2)]
    at = Timing(tomorrow(), ZONE)
    results = meanwhile(
        *(lambda post=post: actions.schedule_post(post=post, by=house.approver, timing=at) for post in posts)
    )
    assert sorted(type(one).__name__ for one in results) == ["Post", "Unconfirmed"]
    assert Delivery.objects.filter(state="due").count() == 1


@pytest.mark.longer
@pytest.mark.parametrize("others", [1, 3])
def test_what_is_asked_costs_the_same_for_one_and_for_three(
    house: House, others: int, django_assert_num_queries: Any
) -> None:
    for _ in range(others):
        scheduled(house.author, house.approver, house.account, core_text="Rappel")
    post = again(house, "Rappel")
    with django_assert_num_queries(23):
        assert len(asked(post, house.approver)) == others


def moved(post: Post, by: Person, hour: int, **facts: Any) -> Post:
    fresh = Post.objects.get(pk=post.pk)
    content = replace(PostContent.of(fresh), timing=Timing(tomorrow(hour), ZONE))
    return actions.edit_post(post=fresh, version=fresh.version, content=content, by=by, **facts)


@pytest.mark.longer
def test_whoever_edits_the_time_of_an_approved_post_is_asked_as_well(house: House) -> None:
    scheduled(house.author, house.approver, house.account, core_text="Rappel", at=tomorrow(9))
    post = again(house, "Rappel", timing=Timing(tomorrow(22), ZONE))
    with pytest.raises(Unconfirmed) as question:
        moved(post, house.approver, 10)
    assert Post.objects.get(pk=post.pk).due_at == post.due_at, "nothing is moved before the yes"
    made = moved(post, house.approver, 10, meant=question.value.token)
    assert (made.state, made.local_due and made.local_due.hour) == ("approved", 10)
    assert AuditEvent.objects.filter(verb="post.meant", object_id=str(post.pk)).count() == 1
    moved(post, house.approver, 22)


def test_in_a_draft_the_time_is_free(house: House) -> None:
    """Whoever approves it is asked."""
    scheduled(house.author, house.approver, house.account, core_text="Rappel", at=tomorrow(9))
    moved(draft(house.author, house.account, core_text="Rappel"), house.author, 10)


@pytest.mark.longer
def test_the_editor_asks_and_takes_the_yes(house: House) -> None:
    scheduled(house.author, house.approver, house.account, core_text="Rappel", at=tomorrow(9))
    post = again(house, "Rappel", timing=Timing(tomorrow(22), ZONE))
    person, address = as_(house.approver), reverse("publishing:post_edit", args=[post.pk])
    said = {"title": post.title, "language": "fr", "core_text": "Rappel", "accounts": [str(house.account.pk)]}
    said |= {"wall_time": f"{tomorrow(10):%Y-%m-%dT%H:%M}", "version": str(Post.objects.get(pk=post.pk).version)}
    answer = person.post(address, said)
    assert answer.status_code == 422
    token = answer.content.decode().partition(BOX)[2].partition('"')[0]
    assert person.post(address, {**said, "meant": token}).status_code == 302
    assert Post.objects.get(pk=post.pk).wall_time == tomorrow(10)


@pytest.mark.longer
def test_the_api_asks_where_an_approved_post_is_moved(house: House) -> None:
    scheduled(house.author, house.approver, house.account, core_text="Rappel", at=tomorrow(9))
    post = again(house, "Rappel", timing=Timing(tomorrow(22), ZONE))
    person, address = as_(house.approver), reverse("post-detail", args=[post.pk])
    said = {"version": Post.objects.get(pk=post.pk).version, "wall_time": f"{tomorrow(10):%Y-%m-%dT%H:%M}"}
    asked = person.patch(address, said, content_type="application/json")
    assert (asked.status_code, asked.json()["code"]) == (409, "said_twice")
    made = person.patch(address, {**said, "meant": asked.json()["meant"]}, content_type="application/json")
    assert made.status_code == 200
