"""A second machine needs only the same environment: two of everything over one PostgreSQL and one Redis.

Two servers of pages behind a load balancer, two workers, two clockworks, each as the image starts it. Nothing is sent
twice, and whoever is signed in, slowed down or signed out on one is so on the other.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests
from django.utils import timezone

from delivery.enums import DeliveryState
from delivery.models import Attempt, Delivery
from launcher.ports import answers
from organisation.models import Person
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import thaw
from tests.factories.organisation import PASSWORD, UnitFactory, person_with
from tests.factories.publishing import scheduled
from tests.faults.balancer import Balancer
from tests.faults.crew import ROOT, Broker, Crew, free_port, wait_until
from tests.simulator.fixture import Control

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
POSTS, ACCOUNTS = 24, 3
LOGIN, TODAY, OUT = "/me/login/", "/", "/me/logout/"


@dataclass
class House:
    crew: Crew
    balancer: Balancer
    ports: list[int]


@pytest.fixture
def house(tmp_path: Path, broker: Broker, simulator: Control) -> Iterator[House]:
    thaw()
    ports = [free_port(), free_port()]
    balancer = Balancer(ports)
    environment = {
        "PARVIS_BROKER_URL": broker.url,
        "PARVIS_EGRESS_ALLOW": urlsplit(simulator.url).netloc,
        "PARVIS_MEDIA": str(tmp_path / "media"),
        "PARVIS_PUBLIC_URL": balancer.url,
    }
    crew = Crew(tmp_path, environment, app="governance")
    for port in ports:
        crew.start(*as_the_image(port))
    wait_until(
        lambda: crew.well() and all(answers(f"http://127.0.0.1:{port}/alive") for port in ports), "pages", seconds=90
    )
    yield House(crew, balancer, ports)
    crew.end()
    balancer.end()


def as_the_image(port: int) -> list[str]:
    (told,) = re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    command: list[str] = json.loads(told)
    command[command.index("--bind") + 1] = f"127.0.0.1:{port}"
    return command


class Browser:
    """Every request is a connection of its own, and so meets the other server than the one before."""

    def __init__(self, address: str) -> None:
        self.address, self.session = address, requests.Session()
        self.session.trust_env = False
        self.session.headers["Connection"] = "close"

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.address}{path}", timeout=60, allow_redirects=False)

    def post(self, path: str, **form: str) -> requests.Response:
        headers = {"X-CSRFToken": self.session.cookies["csrftoken"], "Referer": f"{self.address}{path}"}
        return self.session.post(f"{self.address}{path}", form, headers=headers, timeout=60, allow_redirects=False)

    def sign_in(self, person: Person, password: str = PASSWORD) -> requests.Response:
        self.get(LOGIN)
        return self.post(LOGIN, login=person.email, password=password)


def test_two_workers_and_two_clockworks_send_everything_once(house: House, simulator: Control) -> None:
    unit = UnitFactory.create()
    author, approver = person_with("communication_cell", unit), person_with("communication_cell", unit)
    accounts = []
    for number in range(ACCOUNTS):
        token = simulator.person(f"fin{number}", kind="service")
        accounts.append(
            ConnectedAccountFactory.create(
                unit=unit,
                languages=["fr"],
                base_url=simulator.url,
                handle=f"fin{number}",
                remote_id="",
                credentials={"access_token": token},
            )
        )
    due = timezone.localtime(timezone=ZoneInfo("Europe/Brussels")).replace(tzinfo=None) + timedelta(minutes=5)
    for number in range(POSTS):
        scheduled(author, approver, accounts[number % ACCOUNTS], at=due, core_text=f"Message {number} to all")
    for _each in range(2):
        house.crew.worker()
        house.crew.clockwork()
    Delivery.objects.update(due_at=timezone.now(), not_before=timezone.now())
    wait_until(lambda: house.crew.well() and not waiting(), "everything is sent", seconds=120)
    appeared = Counter(post["text"] for post in simulator.posts())
    assert appeared == {f"Message {number} to all": 1 for number in range(POSTS)}
    assert Attempt.objects.count() == POSTS


def waiting() -> bool:
    return Delivery.objects.exclude(state=DeliveryState.PUBLISHED).exists()


def test_who_is_signed_in_on_one_is_so_on_the_other(house: House) -> None:
    person = person_with("newcomer", UnitFactory.create())
    browser = Browser(house.balancer.url)
    assert browser.sign_in(person).status_code == 302
    assert [browser.get(TODAY).status_code for _each in range(4)] == [200] * 4
    kept = dict(browser.session.cookies)
    assert browser.post(OUT).status_code == 302
    later = Browser(house.balancer.url)
    later.session.cookies.update(kept)
    assert [urlsplit(later.get(TODAY).headers["Location"]).path for _each in range(2)] == [LOGIN] * 2
    assert min(house.balancer.served[port] for port in house.ports) >= 4


def test_who_guesses_is_counted_by_both_together(house: House) -> None:
    person = person_with("newcomer", UnitFactory.create())
    told = [Browser(house.balancer.url).sign_in(person, "wrong wrong wrong").text for _each in range(7)]
    assert ["Too many wrong tries" in page for page in told] == [False] * 5 + [True] * 2
