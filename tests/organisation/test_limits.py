"""Who guesses passwords slows down themself: neither the person nor the person's devices."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from organisation import devices, limits
from organisation.actions import send_passwords
from organisation.models import Person, SharedValue, SignInLink
from organisation.ration import Ration
from tests.factories.organisation import PASSWORD, PersonFactory, person_with
from tests.faults.crew import database_url

STRANGERS, HOME = "203.0.113.", "198.51.100.7"


def sign_in(client: Client, login: str, password: str, address: str = HOME, **headers: str) -> Any:
    form = {"login": login, "password": password}
    return client.post(reverse("account_login"), form, REMOTE_ADDR=address, headers=headers)


def told(answer: Any) -> str:
    return " ".join(str(error) for errors in answer.context["form"].errors.values() for error in errors)


def guesses(person: Person | str, count: int, address: str) -> list[str]:
    login = person if isinstance(person, str) else person.email
    return [told(sign_in(Client(), login, "wrong wrong wrong", address)) for _ in range(count)]


@pytest.fixture
def person(db: None) -> Person:
    return PersonFactory.create(email="an@fin.example")


@pytest.mark.longer
def test_who_guesses_is_stopped_and_the_person_is_not(person: Person) -> None:
    said = guesses(person, 7, STRANGERS + "1")
    assert ["Too many wrong tries from here" in sentence for sentence in said] == [False] * 5 + [True] * 2
    assert told(sign_in(Client(), person.email, PASSWORD, STRANGERS + "1")).startswith("Too many wrong tries from here")
    assert sign_in(Client(), person.email, PASSWORD, HOME).status_code == 302
    other = PersonFactory.create()
    assert sign_in(Client(), other.email, PASSWORD, STRANGERS + "1").status_code == 302


@pytest.mark.longer
def test_what_was_right_is_not_counted(person: Person) -> None:
    for _ in range(8):
        assert sign_in(Client(), person.email, PASSWORD).status_code == 302


@pytest.mark.longer
def test_from_many_addresses_unknown_devices_go_slow_and_a_known_one_does_not(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Client()
    assert sign_in(mine, person.email, PASSWORD).status_code == 302
    mine.post(reverse("account_logout"))
    monkeypatch.setattr(limits, "OF_PERSON", limits.Limit("person", 6, 3600, limits.SLOWED))
    said = [guesses(person, 1, f"{STRANGERS}{number}")[0] for number in range(9)]
    assert ["Somebody is trying" in sentence for sentence in said] == [False] * 7 + [True] * 2  # one slot between
    assert "Somebody is trying" in told(sign_in(Client(), person.email, PASSWORD, HOME))
    assert sign_in(mine, person.email, PASSWORD, STRANGERS + "1").status_code == 302
    SharedValue.objects.filter(value=1, key__contains="slot").delete()  # five seconds later
    assert sign_in(Client(), person.email, PASSWORD, HOME).status_code == 302


@pytest.mark.longer
def test_a_stolen_device_cookie_has_its_own_counter(person: Person) -> None:
    mine = Client()
    sign_in(mine, person.email, PASSWORD)
    cookie = mine.cookies[devices.COOKIE].value
    said = []
    for number in range(12):
        thief = Client()
        thief.cookies[devices.COOKIE] = cookie
        said.append(told(sign_in(thief, person.email, "wrong wrong wrong", f"{STRANGERS}{number}")))
    assert ["from this device" in sentence for sentence in said] == [False] * 10 + [True] * 2
    assert sign_in(Client(), person.email, PASSWORD).status_code == 302


def test_a_device_is_known_for_who_signed_in_on_it_and_for_nobody_else(person: Person) -> None:
    mine = Client()
    answer = sign_in(mine, person.email, PASSWORD)
    cookie = answer.cookies[devices.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/me/")
    assert person.email not in cookie.value
    request = answer.wsgi_request
    request.COOKIES = {devices.COOKIE: cookie.value}
    assert devices.known(request, person.email.upper())
    assert not devices.known(request, "other@fin.example")
    request.COOKIES = {devices.COOKIE: cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")}
    assert not devices.known(request, person.email)
    assert devices.COOKIE not in sign_in(Client(), person.email, "wrong wrong wrong").cookies


def test_a_forged_header_is_no_other_address(person: Person) -> None:
    said = [
        told(sign_in(Client(), person.email, "wrong", STRANGERS + "1", **{"X-Forwarded-For": f"192.0.2.{number}"}))
        for number in range(7)
    ]
    assert ["Too many wrong tries" in sentence for sentence in said] == [False] * 5 + [True] * 2


@pytest.mark.longer
def test_behind_a_proxy_only_what_the_proxy_itself_added_counts(person: Person, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    said = [
        told(sign_in(Client(), person.email, "wrong", "10.0.0.1", **{"X-Forwarded-For": f"192.0.2.{n}, 203.0.113.9"}))
        for n in range(7)
    ]
    assert ["Too many wrong tries" in sentence for sentence in said] == [False] * 5 + [True] * 2


@pytest.mark.longer
def test_an_address_that_nobody_has_is_answered_and_counted_like_any_other(person: Person) -> None:
    nobody = guesses("nobody@fin.example", 7, STRANGERS + "1")
    assert nobody == guesses(person, 7, STRANGERS + "2")


def test_neither_names_nor_addresses_lie_in_the_cache(person: Person) -> None:
    guesses(person, 2, STRANGERS + "1")
    kept = " ".join(f"{row.key} {row.value}" for row in SharedValue.objects.all())
    assert SharedValue.objects.count() >= 3
    assert person.email not in kept
    assert STRANGERS not in kept


@pytest.mark.longer
def test_who_asks_for_links_again_and_again_is_told_and_others_get_no_flood(
    person: Person, mailoutbox: list[Any], settings: Any
) -> None:
    """The person themself still gets in: from a device that is known, or by their administrator's link."""

    def ask(address: str, client: Client | None = None) -> Any:
        form = {"email": person.email}
        answer = (client or Client()).post(reverse("account_reset_password"), form, REMOTE_ADDR=address)
        send_passwords(seconds=5)
        return answer

    settings.MAIL_WORKS = True
    mine = Client()
    sign_in(mine, person.email, PASSWORD)
    mine.post(reverse("account_logout"))
    assert [ask(STRANGERS + "1").status_code for _ in range(4)] == [302, 302, 302, 200]
    assert [ask(f"{STRANGERS}{number}").status_code for number in range(2, 9)] == [302] * 7
    assert len(mailoutbox) == 3
    assert ask(HOME, mine).status_code == 302
    assert len(mailoutbox) == 4
    administrator = Client()
    administrator.force_login(person_with("administrator", person.unit))
    administrator.post(reverse("organisation:person_link", args=[person.pk]))
    assert SignInLink.objects.filter(person=person).count() == 1


COUNTING = """
import django; django.setup()
from organisation import limits
from django.core.exceptions import ValidationError
let = 0
for _ in range(20):
    try:
        limits._take([(limits.FROM_PLACE, "two processes")]); let += 1
    except ValidationError:
        pass
print(let)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together() -> None:
    env = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "governance.settings"}
    running = [
        subprocess.Popen([sys.executable, "-c", COUNTING], env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    let = [int(process.communicate(timeout=120)[0]) for process in running]
    assert sum(let) == 5


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_adds_and_all_are_counted() -> None:
    added: list[bool] = []
    counted: list[int] = []

    def work() -> None:
        added.append(cache.add("once", 1, 60))
        counted.extend(cache.count("many", 60) for _ in range(10))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == [False] * 5 + [True]
    assert sorted(counted) == list(range(1, 61))


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_than_the_ration_is_taken() -> None:
    taken: list[bool] = []
    ration = Ration("of-many", an_hour=7)

    def work() -> None:
        taken.extend(ration.take("one") for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (taken.count(True), len(taken)) == (7, 30)


@pytest.mark.django_db
def test_the_cache_keeps_what_a_cache_keeps() -> None:
    cache.set("a", [1.5, "é"], 60)
    assert cache.get("a") == [1.5, "é"]
    assert not cache.add("a", 2, 60)
    assert cache.touch("a", -1)
    assert cache.get("a", "gone") == "gone"
    assert not cache.touch("a", 60)
    assert cache.add("a", 2, None)
    assert cache.incr("a", 3) == 5
    with pytest.raises(ValueError, match="not found"):
        cache.incr("b")
    cache.set("c", 1, -1)
    assert cache.count("d", -1) == 1
    assert cache.count("d", 60) == 1
    cache.purge()
    assert set(SharedValue.objects.values_list("key", flat=True)) == {":1:a", ":1:d"}
    assert cache.delete("a")
    assert not cache.delete("a")


@pytest.mark.longer
def test_who_guesses_behind_a_server_of_both_kinds_of_addresses_stops_nobody_else(person: Person) -> None:
    """Such a server writes `::ffff:203.0.113.1` for an IPv4 address."""
    for one in range(61):
        guesses(f"x{one}@fin.example", 1, "::ffff:203.0.113.1")
    assert "Too many wrong tries from here" in told(sign_in(Client(), person.email, PASSWORD, "::ffff:203.0.113.1"))
    assert "Too many wrong tries from here" in told(sign_in(Client(), person.email, PASSWORD, "203.0.113.1"))
    assert sign_in(Client(), person.email, PASSWORD, "::ffff:198.51.100.7").status_code == 302


@pytest.mark.longer
def test_a_network_of_one_connection_is_one_place(person: Person) -> None:
    said = [told(sign_in(Client(), person.email, "wrong", f"2001:db8:1:2::{one:x}")) for one in range(1, 8)]
    assert ["Too many wrong tries from here" in sentence for sentence in said] == [False] * 5 + [True] * 2
