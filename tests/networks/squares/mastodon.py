from __future__ import annotations

from datetime import timedelta

from networks import catalogue
from networks.egress import Egress
from networks.mastodon.connector import MastodonConnector
from networks.types import AccountRef, Draft, PostRef
from tests.networks.squares.square import Square, attempt, plain
from tests.simulator.fixture import Control


def square(simulator: Control, *, software: str = "mastodon", **ways: object) -> Square:
    """On a server with this software; all but Mastodon's give a post that says nothing of it no public place."""
    settle = timedelta(0)
    simulator.ways(software=software, **{"visibility": "public" if software == "mastodon" else "unlisted", **ways})
    facts = catalogue.server_facts("mastodon", simulator.url, Egress(allow=frozenset({simulator.host})))

    def connector(handle: str, token: str = "") -> MastodonConnector:
        credentials = {"access_token": token or simulator.person(handle)}
        egress = Egress(allow=frozenset({simulator.host}))
        blank = AccountRef("mastodon", simulator.url, "", handle, credentials)
        remote_id = "" if token else MastodonConnector(blank, egress).identify().remote_id
        account = AccountRef(
            "mastodon",
            simulator.url,
            remote_id,
            handle,
            credentials,
            limits=facts.limits,
            software=facts.software,
        )
        return MastodonConnector(account, egress, settle=settle)

    service, citizen = connector("finances"), connector("citizen")

    def say(text: str, reply_to: PostRef | None = None) -> str:
        return citizen.publish(Draft(text, "fr", reply_to=reply_to), attempt()).id

    def addresses(ref: PostRef) -> list[str]:
        named = ("@{0}/{1}", "@{0}/statuses/{1}", "@{0}@fin.example/posts/{1}/")
        forms = (*named, "@{0}/{1}/", "users/{0}/statuses/{1}", "web/statuses/{1}", "deck/@{0}/{1}?x=1#y")
        return [ref.url, *(f"{simulator.url}/{form.format('finances', ref.id)}" for form in forms)]

    return Square(
        "mastodon",
        service,
        connector("finances", "no-such-token"),
        citizen.account.remote_id,
        "@finances",
        say,
        lambda ref: citizen.delete(PostRef(ref)),
        lambda text: sum(post["text"].startswith(text) for post in simulator.posts(by="finances")),
        lambda text: next(post for post in simulator.posts() if post["text"].startswith(text))["media"][0]["alt"],
        plain,
        addresses,
        writes="POST /api/v1/statuses",
        simulator=simulator,
        knows_absence=software == "mastodon",
    )
