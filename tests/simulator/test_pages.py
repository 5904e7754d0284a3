"""The square as people see it: in three languages, without JavaScript, and safe against what is written on it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from tests.simulator.fixture import Control
from tests.simulator.test_statuses import png

STRICT = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
)


def get(simulator: Control, path: str, **headers: str) -> requests.Response:
    return requests.get(simulator.url + path, headers=headers, timeout=5)


def post(simulator: Control, path: str, form: dict[str, str], **headers: str) -> requests.Response:
    """As a browser sends a form: with where it comes from."""
    return requests.post(simulator.url + path, data=form, headers={"Origin": simulator.url, **headers}, timeout=5)


@pytest.mark.parametrize(
    ("accept", "path", "language", "word"),
    [
        ("nl-BE,nl;q=0.9,en;q=0.5", "/", "nl", "Oefennetwerk."),
        ("it,fr;q=0.8,en;q=0.2", "/", "fr", "Réseau d’exercice."),
        ("de-BE,fr;q=0.8", "/floods", "de", "Übungsnetzwerk."),
        ("ja", "/", "en", "Training network."),
        ("nl", "/?lang=fr", "fr", "Réseau d’exercice."),
        ("nl", "/faults?lang=en", "en", "Training network."),
    ],
)
def test_pages_speak_the_reader_s_language(
    simulator: Control, accept: str, path: str, language: str, word: str
) -> None:
    page = get(simulator, path, **{"Accept-Language": accept})
    assert f'<html lang="{language}">' in page.text
    assert word in page.text
    assert page.headers["Content-Language"] == language
    assert page.headers["Content-Security-Policy"].startswith(STRICT)


def test_a_citizen_writes_to_an_organisation(simulator: Control) -> None:
    simulator.person("finances", "SPF Finances", kind="organisation")
    simulator.person("noor", "Noor")
    form = {"as": "noor", "mention": "finances", "text": "Waar is mijn brief?", "language": "nl", "lang": "fr"}
    page = post(simulator, "/write", form)
    assert page.status_code == 200
    assert "lang=fr" in page.url
    assert "as=noor" in page.url
    [made] = simulator.posts("@finances Waar is mijn brief?")
    assert f'id="post-{made["id"]}"' in page.text
    assert '<div class="text" lang="nl">' in page.text
    assert '<option value="noor" selected>' in page.text


def test_an_answer_joins_the_conversation(simulator: Control) -> None:
    simulator.person("noor", "Noor")
    root = simulator.speak("luc", "Quelqu'un sait ?")
    page = post(simulator, "/write", {"as": "noor", "text": "Oui", "reply_to": root["id"]})
    [made] = simulator.posts("@luc Oui")
    assert made["reply_to"] == root["id"]
    assert page.url.startswith(f"{simulator.url}/@luc/{root['id']}")
    assert page.text.index(root["id"]) < page.text.index(f'id="post-{made["id"]}"')


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"as": "noor", "text": " "}, "Write something first."),
        ({"as": "noor", "text": "é" * 501}, "501 characters: at most 500."),
        ({"as": "nobody", "text": "gardé"}, "Choose whom you play."),
        ({"as": "noor", "text": "gardé", "reply_to": "1"}, "was deleted meanwhile"),
    ],
)
def test_what_cannot_be_sent_is_said_and_kept(simulator: Control, form: dict[str, str], told: str) -> None:
    simulator.person("noor")
    page = post(simulator, "/write", form)
    assert page.status_code == 422
    assert told in page.text
    assert f">{form['text'].strip()}" in page.text.replace("> <", "><")
    assert simulator.posts() == []


def test_a_citizen_is_added_and_played_at_once(simulator: Control) -> None:
    page = post(simulator, "/people", {"handle": "@zoe", "name": "Zoé <b>"})
    assert '<option value="zoe" selected>Zoé &lt;b&gt; (@zoe)</option>' in page.text
    page = post(simulator, "/people", {"handle": "not a handle", "name": "X"})
    assert page.status_code == 422
    assert "1 to 30 letters, digits or underscores" in page.text


def test_what_is_written_stays_text(simulator: Control) -> None:
    evil = '<script>alert(1)</script> "><img src=x onerror=alert(1)> https://example.org/"onx=1'
    simulator.control("POST", "people", {"handle": "luc", "name": evil[:40]})
    said = simulator.speak("luc", evil, language='"><script>')
    for path in ("/", f"/@luc/{said['id']}", "/@luc", f"/?as={evil}&lang={evil}&reply={evil}&before=x"):
        page = get(simulator, path)
        assert page.status_code == 200
        assert "<script>" not in page.text
        assert "<img src=x" not in page.text


def test_pictures_show_their_words(simulator: Control) -> None:
    headers = {"Authorization": f"Bearer {simulator.person('finances')}"}
    for alt in ("Un guichet", ""):
        made: dict[str, Any] = requests.post(
            f"{simulator.url}/api/v2/media",
            headers=headers,
            files={"file": ("a.png", png())},
            data={"description": alt},
            timeout=5,
        ).json()
        form = {"status": "voir", "media_ids[]": made["id"]}
        requests.post(f"{simulator.url}/api/v1/statuses", headers=headers, data=form, timeout=5)
    page = get(simulator, "/")
    assert 'alt="Un guichet"' in page.text
    assert "No description" in page.text


def test_faults_are_turned_on_and_off_on_their_page(simulator: Control) -> None:
    form = {"kind": "429", "where": "posts", "percent": "20", "seconds": "30", "times": ""}
    page = post(simulator, "/faults", form)
    assert "Too many calls (429)" in page.text
    assert "20%" in page.text
    [fault] = simulator.faults()
    assert (fault["kind"], fault["status"], fault["seconds"], fault["probability"]) == ("status", 429, 30.0, 0.2)
    post(simulator, "/faults", form | {"kind": "late"})
    post(simulator, "/faults/off", {"id": str(fault["id"])})
    assert [one["kind"] for one in simulator.faults()] == ["late"]
    post(simulator, "/faults/off", {})
    assert simulator.faults() == []
    wrong = post(simulator, "/faults", form | {"seconds": "soon"})
    assert wrong.status_code == 422
    assert "This fault cannot be turned on" in wrong.text


def test_faults_leave_the_pages_alone(simulator: Control) -> None:
    simulator.fault("status", ".", status=500)
    assert get(simulator, "/").status_code == 200


def test_another_site_cannot_press_the_buttons(simulator: Control) -> None:
    simulator.person("noor")
    form = {"as": "noor", "text": "volé"}
    assert post(simulator, "/write", form, Origin="https://elsewhere.example").status_code == 403
    assert post(simulator, "/write", form, Origin="null").status_code == 403
    assert post(simulator, "/write", form, Origin="").status_code == 403
    assert simulator.posts() == []
    assert len(simulator.control("GET", "people")) == 1
    assert post(simulator, "/write", form, Origin=simulator.url).status_code == 200


@pytest.mark.longer
def test_every_link_of_the_square_leads_somewhere(simulator: Control) -> None:
    simulator.person("finances", "SPF Finances", kind="organisation")
    said = simulator.speak("luc", "@finances une question sur la #TVA")
    simulator.speak("noor", "Moi aussi", reply_to=said["id"])
    seen, left = set(), ["/", "/faults"]
    while left:
        path = left.pop()
        seen.add(path)
        page = get(simulator, path)
        assert page.status_code == 200, path
        found = {link.partition("#")[0] for link in re.findall(r'(?:href|src)="(/[^"]*)"', page.text)}
        left += [link.replace("&amp;", "&") for link in found if "?" not in link and link not in seen]
        seen |= found
    assert {"/tags/tva", "/@finances", "/static/square.css", "/static/square.js"} <= seen
    assert get(simulator, "/@nobody").status_code == 404
    assert get(simulator, "/static/../server.py").status_code == 404


def test_older_conversations_are_a_page_away(simulator: Control) -> None:
    said = [simulator.speak("luc", f"n° {number}")["id"] for number in range(25)]
    first = get(simulator, "/").text
    older = re.search(r'href="(/\?before=\d+)"', first)
    assert older is not None
    second = get(simulator, older[1]).text
    shown = [identifier for identifier in said if f'id="post-{identifier}"' in first + second]
    assert shown == said
