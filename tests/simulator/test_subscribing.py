"""The calls by which apps subscribe to accounts, in each network's own words: who may, and who is told of."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.simulator.fixture import Control, simulator, simulator_server
from tests.simulator.listening import listening

__all__ = ["simulator", "simulator_server"]

X = "/2/account_activity/webhooks"
VERSIONED = {"LinkedIn-Version": "202610"}


class Subscriber:
    """An app on `network`, called at `url`, with a token of `finances` that allows `scopes`."""

    def __init__(self, simulator: Control, network: str, scopes: str, url: str = "http://127.0.0.1:9/") -> None:
        self.simulator = simulator
        simulator.person("finances", kind="organisation")
        made: dict[str, Any] = simulator.token("finances", scopes)
        self.client_id, self.secret, self.token = made["client_id"], made["client_secret"], made["token"]
        self.app = simulator.endpoint(network, self.client_id, url, "s3cret")
        self.id = next(one["id"] for one in simulator.control("GET", "people") if one["handle"] == "finances")

    def call(self, method: str, path: str, token: str = "", **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token or self.token}", **VERSIONED}
        return requests.request(method, self.simulator.url + path, headers=headers, timeout=5, **more)

    def key(self, person: str = "", page: str = "") -> str:
        urns = (self.app["number"], person or self.id, page or self.id)
        parts = (
            "(developerApplication:urn:li:developerApplication:{},user:urn:li:person:{},entity:urn:li:organization:{}"
        )
        return f"/rest/eventSubscriptions/{parts.format(*urns)},eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS)"


@pytest.mark.longer
def test_a_page_names_its_fields_and_forgets_them(simulator: Control) -> None:
    app = Subscriber(simulator, "facebook", "pages_manage_metadata")
    place = f"/v26.0/{app.id}/subscribed_apps"
    assert app.call("GET", place).json() == {"data": []}
    assert app.call("POST", place, data={"subscribed_fields": "feed,mention"}).json() == {"success": True}
    assert app.call("POST", place, data={"subscribed_fields": "feed"}).json() == {"success": True}
    [known] = app.call("GET", place).json()["data"]
    assert (known["id"], known["subscribed_fields"]) == (app.client_id, ["feed"])
    assert app.call("DELETE", place).json() == {"success": True}
    assert app.call("GET", place).json() == {"data": []}


@pytest.mark.parametrize(
    ("scopes", "page", "fields", "code"),
    [
        ("pages_show_list", "me", "feed", 200),
        ("pages_manage_metadata", "me", "no_such_field", 100),
        ("pages_manage_metadata", "me", "", 100),
        ("pages_manage_metadata", "999", "feed", 100),
    ],
)
def test_a_page_refuses(simulator: Control, scopes: str, page: str, fields: str, code: int) -> None:
    app = Subscriber(simulator, "facebook", scopes)
    answer = app.call("POST", f"/v26.0/{page}/subscribed_apps", data={"subscribed_fields": fields})
    assert (answer.status_code, answer.json()["error"]["code"]) in {(400, code), (403, code)}


def test_an_apps_settings_are_told_to_it_alone(simulator: Control) -> None:
    app = Subscriber(simulator, "instagram", "")
    place = f"/v26.0/{app.client_id}/subscriptions"
    [told] = app.call("GET", place, f"{app.client_id}|{app.secret}").json()["data"]
    assert (told["object"], told["callback_url"], told["active"]) == ("instagram", "http://127.0.0.1:9/", True)
    assert "s3cret" not in str(told)
    for token in (app.token, f"{app.client_id}|wrong"):
        assert app.call("GET", place, token).status_code == 401


def test_x_knows_whose_token_is_whose(simulator: Control) -> None:
    app = Subscriber(simulator, "x", "dm.read dm.write tweet.read users.read")
    own = app.app["token"]
    [webhook] = app.call("GET", "/2/webhooks", own).json()["data"]
    assert (webhook["id"], webhook["url"]) == (app.app["id"], "http://127.0.0.1:9/")
    mine = f"{X}/{webhook['id']}/subscriptions"
    assert app.call("GET", "/2/webhooks").status_code == 403
    assert app.call("POST", f"{mine}/all", own, json={}).status_code == 403
    assert app.call("GET", f"{mine}/all").json() == {"data": {"subscribed": False}}
    assert app.call("POST", f"{mine}/all", json={}).json() == {"data": {"subscribed": True}}
    twice = app.call("POST", f"{mine}/all", json={})
    assert (twice.status_code, twice.json()["title"]) == (400, "DuplicateSubscriptionFailed")
    assert app.call("GET", f"{mine}/all").json() == {"data": {"subscribed": True}}
    assert app.call("POST", f"{X}/12/subscriptions/all", json={}).status_code == 404
    assert app.call("DELETE", f"{mine}/{app.id}/all").status_code == 403
    assert app.call("DELETE", f"{mine}/{app.id}/all", own).json() == {"data": {"subscribed": False}}
    assert app.call("DELETE", f"{mine}/{app.id}/all", own).status_code == 404


@pytest.mark.parametrize("lacking", ["dm.read", "dm.write", "tweet.read", "users.read"])
def test_x_wants_every_scope(simulator: Control, lacking: str) -> None:
    app = Subscriber(simulator, "x", "dm.read dm.write tweet.read users.read".replace(lacking, ""))
    place = f"{X}/{app.app['id']}/subscriptions/all"
    assert app.call("POST", place, json={}).status_code == 403


def test_linkedin_takes_one_subscription_for_app_person_and_page(simulator: Control) -> None:
    app = Subscriber(simulator, "linkedin", "rw_organization_admin")
    body = {"webhook": "http://127.0.0.1:9/"}
    assert app.call("GET", app.key()).status_code == 404
    assert app.call("PUT", app.key(), json={"webhook": "http://127.0.0.1:10/"}).status_code == 400
    assert [app.call("PUT", app.key(), json=body).status_code for _each in range(2)] == [204, 204]
    told = app.call("GET", app.key()).json()
    assert told["webhook"] == body["webhook"]
    assert told["expiresAt"] > 0
    assert app.call("PUT", app.key(person="12"), json=body).status_code == 403
    assert app.call("PUT", app.key().replace("eventType", "event"), json=body).status_code == 400
    assert [app.call("DELETE", app.key()).status_code for _each in range(2)] == [204, 404]


def test_linkedin_wants_its_scope(simulator: Control) -> None:
    app = Subscriber(simulator, "linkedin", "r_organization_social")
    assert app.call("PUT", app.key(), json={"webhook": "http://127.0.0.1:9/"}).status_code == 403


def test_only_who_subscribed_is_told_of(simulator: Control) -> None:
    with listening() as heard:
        app = Subscriber(simulator, "x", "dm.read dm.write tweet.read users.read", heard.url)
        simulator.speak("noor", "Hallo", mention="finances", network="x")
        assert simulator.told() == []
        app.call("POST", f"{X}/{app.app['id']}/subscriptions/all", json={})
        simulator.speak("noor", "Hallo?", mention="finances", network="x")
        assert [call["status"] for call in simulator.told()] == [200]
        app.call("DELETE", f"{X}/{app.app['id']}/subscriptions/{app.id}/all", app.app["token"])
        simulator.speak("noor", "Hallo!", mention="finances", network="x")
        assert len(simulator.told()) == 1


@pytest.mark.parametrize(
    "facts",
    [{"network": "mastodon"}, {"url": "http://10.0.0.1/"}, {"client_id": "nobody"}, {"url": "ftp://127.0.0.1/"}],
)
def test_an_endpoint_is_one_of_a_known_app_on_this_machine(simulator: Control, facts: dict[str, str]) -> None:
    app = Subscriber(simulator, "x", "")
    whole = {"network": "x", "client_id": app.client_id, "url": "http://127.0.0.1:9/", "secret": "s", **facts}
    assert (
        requests.post(f"{simulator.url}/_simulator/endpoints", json=whole, headers=simulator.key, timeout=5).status_code
        == 422
    )
