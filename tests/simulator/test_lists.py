"""Notifications, search and an account's posts: in pages that miss nothing and repeat nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonNotFoundError

from tests.simulator.fixture import Control

Client = Callable[..., Mastodon]


@pytest.mark.longer
def test_pages_towards_the_past_miss_nothing(simulator: Control, client: Client) -> None:
    finances = client("finances")
    said = [simulator.speak("luc", f"@finances question {number}")["id"] for number in range(25)]
    page = finances.notifications(types=["mention"], limit=7)
    seen = []
    while page:
        seen += [told.status.id for told in page]
        page = finances.fetch_next(page)
    assert seen == said[::-1]


@pytest.mark.longer
def test_since_gives_the_newest_and_min_the_nearest(simulator: Control, client: Client) -> None:
    finances = client("finances")
    for number in range(10):
        simulator.speak("luc", f"@finances {number}")
    identifiers = [int(told.id) for told in finances.notifications()][::-1]
    newest = finances.notifications(since_id=identifiers[2], limit=3)
    assert [int(told.id) for told in newest] == identifiers[:6:-1]
    nearest = finances.notifications(min_id=identifiers[2], limit=3)
    assert [int(told.id) for told in nearest] == identifiers[5:2:-1]
    assert [int(told.id) for told in finances.fetch_previous(nearest)] == identifiers[8:5:-1]
    assert finances.notifications(since_id=identifiers[-1]) == []


@pytest.mark.longer
def test_only_the_kinds_asked_for(simulator: Control, client: Client) -> None:
    finances, luc = client("finances"), client("luc")
    post = finances.status_post("Bonjour")
    luc.status_favourite(post)
    simulator.speak("luc", "@finances oui")
    assert [told.type for told in finances.notifications(types=["mention"])] == ["mention"]
    assert [told.type for told in finances.notifications(exclude_types=["mention"])] == ["favourite"]
    [told] = finances.notifications(types=["mention"])
    assert finances.notifications(id=told).status.content.endswith("oui</p>")
    finances.notifications_dismiss(told)
    finances.notifications_clear()
    assert finances.notifications() == []


def test_nobody_is_told_of_their_own_words_or_twice(simulator: Control, client: Client) -> None:
    simulator.person("finances")
    simulator.speak("finances", "@finances note")
    simulator.speak("luc", "@finances @FINANCES deux fois")
    assert len(client("finances").notifications()) == 1


def test_a_deleted_mention_is_no_longer_told(simulator: Control, client: Client) -> None:
    simulator.person("finances")
    said = simulator.speak("luc", "@finances oups")
    client("luc").status_delete(said["id"])
    assert client("finances").notifications() == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("impôts", {"a", "b"}),
        ("IMPOTS", {"a", "b"}),
        ("impot", set()),
        ('"déclaration d\'impôts"', {"a"}),
        ("impôts -retard", {"a"}),
        ("#tva", {"c"}),
        ("from:luc retard", {"b"}),
        ("from:luc", {"b", "c"}),
        ("-retard", set()),
    ],
)
def test_search(simulator: Control, client: Client, query: str, found: set[str]) -> None:
    said = {
        simulator.speak(by, text)["id"]: key
        for key, by, text in (
            ("a", "noor", "Ma déclaration d'impôts"),
            ("b", "luc", "Impôts en retard"),
            ("c", "luc", "La #TVA aussi"),
        )
    }
    result = client("finances").search_v2(query, result_type="statuses")
    assert {said[post.id] for post in result.statuses} == found


@pytest.mark.longer
def test_search_in_pages(simulator: Control, client: Client) -> None:
    finances = client("finances")
    said = [simulator.speak("luc", f"sujet {number}")["id"] for number in range(9)][::-1]
    page = finances.search_v2("sujet", result_type="statuses", limit=4)
    seen = [post.id for post in page.statuses]
    while (page := finances.fetch_next(page)) and page.statuses:
        seen += [post.id for post in page.statuses]
    assert seen == said
    newer = finances.search_v2("sujet", result_type="statuses", min_id=said[3])
    assert [post.id for post in newer.statuses] == said[:3]
    older = finances.search_v2("sujet", result_type="statuses", max_id=said[6])
    assert [post.id for post in older.statuses] == said[7:]


def test_people_are_found_and_looked_up(simulator: Control, client: Client) -> None:
    simulator.person("finances", "SPF Finances", kind="organisation")
    luc = client("luc")
    assert [found.acct for found in luc.search_v2("finan", result_type="accounts").accounts] == ["finances"]
    assert luc.account_lookup("finances").display_name == "SPF Finances"
    assert luc.account_lookup(f"finances@{simulator.host}").acct == "finances"
    with pytest.raises(MastodonNotFoundError):
        luc.account_lookup("personne")


@pytest.mark.longer
def test_an_account_s_posts_in_pages(simulator: Control, client: Client) -> None:
    finances = client("finances")
    made = [finances.status_post(f"n° {number}").id for number in range(5)][::-1]
    reply = finances.status_post("réponse", in_reply_to_id=made[0]).id
    own = finances.account_verify_credentials().id
    page = finances.account_statuses(own, limit=2)
    seen = []
    while page:
        seen += [post.id for post in page]
        page = finances.fetch_next(page)
    assert seen == [reply, *made]
    assert [post.id for post in finances.account_statuses(own, exclude_replies=True)] == made
    assert [post.id for post in finances.account_statuses(own, min_id=made[-1], limit=2)] == made[2:4]
    assert [post.id for post in finances.timeline_public(limit=1)] == [reply]


def test_the_past_can_be_told(simulator: Control, client: Client) -> None:
    simulator.person("finances")
    old = simulator.speak("luc", "@finances avant", at="2026-10-01T09:00:00+02:00")
    new = simulator.speak("luc", "@finances maintenant")
    finances = client("finances")
    assert finances.status(old["id"]).created_at.isoformat() == "2026-10-01T07:00:00+00:00"
    assert int(old["id"]) < int(new["id"])
    assert len(finances.notifications()) == 2


def test_a_hashtag_is_a_whole_word_in_any_alphabet_and_case(simulator: Control, client: Client) -> None:
    said = simulator.speak("luc", "Vive l'#Été")["id"]
    simulator.speak("luc", "#étéindien https://example.org/#été")
    assert [post.id for post in client("finances").timeline_hashtag("été")] == [said]
