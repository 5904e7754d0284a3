"""What a trainer does on the square: writes on a network, changes, takes away, and sees what was answered how fast."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import requests

from simulator.dialects import DIALECTS
from tests.simulator.fixture import Control
from tests.simulator.test_pages import get, post


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def test_a_citizen_writes_on_the_network_that_the_trainer_chose(simulator: Control) -> None:
    simulator.person("noor", "Noor")
    page = post(simulator, "/write", {"as": "noor", "text": "Op LinkedIn", "network": "linkedin"})
    [made] = simulator.posts("Op LinkedIn")
    assert made["network"] == "linkedin"
    assert '<span class="network">LinkedIn</span>' in page.text
    post(simulator, "/write", {"as": "noor", "text": "Nog iets", "network": "mastodon", "reply_to": made["id"]})
    [answer] = simulator.posts("Nog iets")
    assert answer["network"] == "linkedin"


def test_one_network_may_be_seen_alone(simulator: Control) -> None:
    for dialect in DIALECTS:
        simulator.speak("noor", f"Woorden op {dialect.network}", network=dialect.network)
    page = get(simulator, "/")
    assert all(f"Woorden op {dialect.network}<" in page.text for dialect in DIALECTS)
    page = get(simulator, "/?network=x&lang=nl")
    assert set(re.findall(r"Woorden op (\w+)<", page.text)) == {"x"}
    assert '<option value="x" selected>' in page.text
    assert "network=x" in page.text.partition("<main")[0]  # the choice stays when one changes the language


def test_each_network_s_own_length_holds(simulator: Control) -> None:
    simulator.person("noor")
    long = {"as": "noor", "text": "é" * 300}
    assert post(simulator, "/write", {**long, "network": "x"}).status_code == 422
    assert post(simulator, "/write", {**long, "network": "facebook"}).status_code == 200


def test_a_message_is_changed_and_taken_away(simulator: Control) -> None:
    said = simulator.speak("noor", "Fout")
    page = get(simulator, f"/change/{said['id']}?lang=nl")
    assert ">Fout</textarea>" in page.text
    assert post(simulator, "/change", {"id": said["id"], "text": " "}).status_code == 422
    page = post(simulator, "/change", {"id": said["id"], "text": "Goed", "lang": "nl"})
    assert [made["text"] for made in simulator.posts()] == ["Goed"]
    assert '<span class="edited">gewijzigd</span>' in page.text
    assert post(simulator, "/delete", {"id": said["id"]}).status_code == 200
    assert simulator.posts() == []
    for path in ("/change", "/delete"):
        assert post(simulator, path, {"id": said["id"], "text": "x"}).status_code == 404


def test_what_an_organisation_said_is_not_the_trainer_s_to_change(simulator: Control) -> None:
    simulator.person("finances", "SPF Finances", kind="organisation")
    said = simulator.speak("finances", "Officiel")
    assert f"/change/{said['id']}" not in get(simulator, "/").text
    assert get(simulator, f"/change/{said['id']}").status_code == 404
    assert post(simulator, "/change", {"id": said["id"], "text": "Faux"}).status_code == 404
    assert post(simulator, "/delete", {"id": said["id"]}).status_code == 404
    assert [made["text"] for made in simulator.posts()] == ["Officiel"]


def test_no_other_site_s_page_changes_anything(simulator: Control) -> None:
    said = simulator.speak("noor", "Hier")
    for path in ("/change", "/delete", "/floods", "/floods/steer"):
        answer = post(simulator, path, {"id": said["id"], "text": "x"}, Origin="https://elsewhere.example")
        assert answer.status_code == 403
    assert len(simulator.posts("Hier")) == 1


@pytest.fixture
def answered(simulator: Control) -> Control:
    """Four questions: answered after 10, 50 and 120 minutes, and one that waits."""
    simulator.person("finances", "SPF Finances", kind="organisation")
    for number, minutes in enumerate((10, 50, 120, None)):
        asked = simulator.speak(f"citizen{number}", f"Question {number}", mention="finances", at=ago(300 - number))
        if minutes is not None:
            at = ago(300 - number - minutes)
            simulator.speak("finances", f"Réponse {number}", reply_to=asked["id"], at=at)
    simulator.speak("citizen9", "À personne")
    return simulator


def figures(page: requests.Response) -> list[str]:
    return re.findall(r'<th scope="row">[^<]+</th><td>(\d+)</td>', page.text)


def test_what_was_answered_how_fast(answered: Control) -> None:
    page = get(answered, "/pace?lang=en")
    assert "3 of 4 messages answered, 2 of them within an hour; 1 still wait." in page.text
    assert "Half of the answers came within 50 minutes." in page.text
    assert figures(page) == ["1", "1", "1", "0", "1"]
    assert page.text.count("<rect ") == 5
    assert re.findall(r"<td>(\d+) min</td>", page.text) == ["120", "50", "10"]
    assert page.text.count("not answered</span>") == 1
    assert "À personne" not in page.text


def test_the_first_answer_counts_and_a_deleted_one_does_not(simulator: Control) -> None:
    simulator.person("finances", "SPF Finances", kind="organisation")
    asked = simulator.speak("noor", "Question", mention="finances", at=ago(100))
    first = simulator.speak("finances", "Un", reply_to=asked["id"], at=ago(80))
    simulator.speak("finances", "Deux", reply_to=asked["id"], at=ago(40))
    simulator.speak("luc", "Moi aussi", reply_to=asked["id"], at=ago(90))
    assert re.findall(r"<td>(\d+) min</td>", get(simulator, "/pace?lang=en").text) == ["20"]
    simulator.take_away(first["id"])
    assert re.findall(r"<td>(\d+) min</td>", get(simulator, "/pace?lang=en").text) == ["60"]


def test_who_asks_twice_is_answered_once(simulator: Control) -> None:
    simulator.person("finances", "SPF Finances", kind="organisation")
    asked = simulator.speak("noor", "Question", mention="finances", at=ago(100))
    again = simulator.speak("noor", "@finances Hallo?", reply_to=asked["id"], at=ago(70))
    simulator.speak("finances", "Voilà", reply_to=again["id"], at=ago(60))
    assert re.findall(r"<td>(\d+) min</td>", get(simulator, "/pace?lang=en").text) == ["10", "40"]


def test_nobody_asked_anything(simulator: Control) -> None:
    assert "No citizen has written" in get(simulator, "/pace?lang=en").text


def test_what_is_written_stays_text_in_the_table(simulator: Control) -> None:
    simulator.person("finances", "<b>SPF</b>", kind="organisation")
    simulator.speak("noor", "<script>alert(1)</script>", mention="finances", language='"><script>')
    for path in ("/pace", "/floods", "/?network=%22%3E%3Cscript%3E"):
        page = get(simulator, path)
        assert page.status_code == 200
        assert "<script>" not in page.text
        assert "<b>SPF" not in page.text


# ---- Whose servers these are ----------------------------------------------------------------------------------------
OFF = {"software": "mastodon", "visibility": "public", "names": "old", "minutes": "0"}


def test_a_trainer_chooses_the_manners_of_the_servers_and_takes_them_back(simulator: Control) -> None:
    chosen = {"software": "takahe", "visibility": "unlisted", "filters": "1", "names": "new", "minutes": "5"}
    page = post(simulator, "/manners", {**chosen, "lang": "nl"})
    assert "Wiens servers dit zijn" in page.text
    for shown in ('value="takahe" selected', 'value="unlisted" selected', 'value="new" selected', 'value="5"'):
        assert shown in page.text
    assert 'name="filters" value="1" checked' in page.text
    instance = requests.get(f"{simulator.url}/api/v2/instance", timeout=5).json()
    assert "takahe" in instance["version"]
    refused = requests.get(
        f"{simulator.url}/api/v1/accounts/verify_credentials", headers={"Authorization": "Bearer wrong"}, timeout=5
    )
    assert refused.status_code == 400
    token = simulator.person("fin_fr", "SPF Finances", kind="account")
    headers = {"Authorization": f"Bearer {token}"}
    said = [
        requests.post(
            f"{simulator.url}/api/v1/statuses",
            headers={**headers, "Idempotency-Key": "one"},
            data={"status": "Bonjour"},
            timeout=5,
        ).json()
        for _each in range(2)
    ]
    assert said[0]["id"] != said[1]["id"], "no key against doubles is kept"
    assert said[0]["visibility"] == "unlisted"
    page = post(simulator, "/manners", OFF)
    assert 'name="filters" value="1">' in page.text
    assert requests.get(f"{simulator.url}/api/v2/instance", timeout=5).json()["version"].startswith("4.")


def test_a_message_shows_late_behind_what_is_newer(simulator: Control) -> None:
    post(simulator, "/manners", {**OFF, "minutes": "5"})
    late = simulator.speak("noor", "Waar ?")
    post(simulator, "/manners", OFF)
    soon = simulator.speak("noor", "Hier ?")
    assert datetime.fromisoformat(late["created_at"]) < datetime.now(UTC) - timedelta(minutes=4)
    assert datetime.fromisoformat(soon["created_at"]) > datetime.now(UTC) - timedelta(minutes=4)


@pytest.mark.parametrize(
    "wrong", [{"software": "x"}, {"visibility": "x"}, {"names": "x"}, {"minutes": "-1"}, {"minutes": ""}]
)
def test_there_is_no_other_manner(simulator: Control, wrong: dict[str, str]) -> None:
    assert post(simulator, "/manners", OFF | wrong).status_code == 422


def test_a_citizen_says_it_to_few(simulator: Control) -> None:
    simulator.person("finances", kind="organisation")
    simulator.person("noor")
    assert "Wie ziet" not in get(simulator, "/?lang=fr").text
    assert "Qui le voit" in get(simulator, "/?lang=fr").text
    post(simulator, "/write", {"as": "noor", "mention": "finances", "text": "Privé", "seen_by": "direct"})
    post(simulator, "/write", {"as": "noor", "mention": "finances", "text": "Ouvert", "seen_by": "nonsense"})
    assert {one["text"]: one["visibility"] for one in simulator.posts()} == {
        "@finances Privé": "direct",
        "@finances Ouvert": "public",
    }
