"""What citizens read without signing in: official accounts, nothing of a person, quick to keep."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from django.test import Client, override_settings
from django.utils import timezone

from accounts_registry.enums import AccountKind, AccountState
from accounts_registry.models import Account
from accounts_registry.queries import official
from tests.factories.accounts_registry import AccountFactory, ConnectedAccountFactory
from tests.factories.closing import closed
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
LIST = "/public/en/accounts/"


@pytest.fixture
def tax(db: None) -> Account:
    unit = UnitFactory(slug="tax", names={"fr": "SPF Finances", "nl": "FOD Financiën"})
    return ConnectedAccountFactory(
        unit=unit,
        network="x",
        base_url="https://x.com",
        handle="SPFFin",
        remote_id="783214",
        url="https://x.com/SPFFin",
        purpose="Only for colleagues",
        languages=["fr"],
    )


def check(spelling: str) -> dict[str, Any]:
    told: dict[str, Any] = Client().get("/public/accounts/check.json", {"account": spelling}).json()
    return told


def test_only_accounts_that_stand_in_public_are_told(tax: Account) -> None:
    planned = ConnectedAccountFactory(state=AccountState.PLANNED, handle="planned")
    inside = ConnectedAccountFactory(kind=AccountKind.INTERNAL, handle="inside")
    asleep = ConnectedAccountFactory(state=AccountState.SUSPENDED, handle="asleep")
    page = Client().get(LIST).content.decode()
    assert "SPFFin" in page
    assert "asleep" in page
    assert "planned" not in page
    assert "inside" not in page
    told = Client().get("/public/accounts.json").json()["accounts"]
    assert {one["id"] for one in told} == {tax.pk, asleep.pk}
    for hidden in (planned, inside):
        assert Client().get(f"{LIST}{hidden.pk}/").status_code == 404
        assert check(f"@{hidden.handle}@mastodon.example")["answer"] == "unknown"


def test_nothing_of_a_person_and_nothing_written_for_colleagues_is_told(tax: Account) -> None:
    names = [tax.owner.name, tax.owner.email, tax.backup_holder.name, tax.backup_holder.email, "Only for colleagues"]
    anonymous = Client()
    for address in (LIST, f"{LIST}{tax.pk}/", "/public/accounts.json", "/public/accounts.csv", f"{LIST}changes.atom"):
        said = anonymous.get(address).content.decode()
        assert "SPFFin" in said
        assert not [name for name in names if name in said], address


def test_a_language_that_one_reader_chose_is_not_kept_for_others(tax: Account) -> None:
    reader = Client(headers={"Accept-Language": "fr"})
    reader.cookies["django_language"] = "de"
    assert reader.get("/public/")["Location"] == "/public/fr/accounts/"


@pytest.mark.parametrize("address", [LIST, f"{LIST}check/?account=x", "/public/accounts.json", "/public/"])
def test_nobody_is_known_and_any_cache_may_keep_it(tax: Account, address: str) -> None:
    reader = Client()
    reader.force_login(person_with("auditor", tax.unit))
    answer = reader.get(address)
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "public" in answer["Cache-Control"]
    assert "max-age=60" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_reader_who_has_it_gets_nothing_again(tax: Account) -> None:
    first = Client().get(LIST)
    again = Client().get(LIST, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    ConnectedAccountFactory(handle="fresh")
    changed = Client().get(LIST, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert b"fresh" in changed.content


@pytest.mark.parametrize(
    ("spelling", "answer"),
    [
        ("https://twitter.com/spffin/", "official"),
        ("mobile.twitter.com/SPFFIN?lang=fr", "official"),
        ("https://x.com/i/user/783214", "official"),
        ("@spffin", "named"),
        ("https://instagram.com/spffin", "unknown"),
        ("https://x.com/SPFFin_", "unknown"),
        ("https://x.com.evil.example/@SPFFin", "unknown"),
        ("@nobody", "unknown"),
        ("two words", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_is_this_account_official(tax: Account, spelling: str, answer: str) -> None:
    told = check(spelling)
    assert (told["asked"], told["answer"]) == (spelling, answer)
    assert [one["id"] for one in told["accounts"]] == ([tax.pk] if answer in ("official", "named") else [])


SENTENCES = {
    "https://twitter.com/spffin": "Yes, this account is official",
    "https://x.com/spf_fin": "No, this account does not stand in the register",
    "spffin": "An official account bears this name; look at the network",
    "?": "This names no account that Parvis can read",
}


@pytest.mark.parametrize("spelling", SENTENCES)
def test_the_page_says_so_in_a_sentence(tax: Account, spelling: str) -> None:
    page = Client().get(f"{LIST}check/", {"account": spelling}).content.decode()
    assert [told for told in SENTENCES.values() if told in page] == [SENTENCES[spelling]]


def test_the_box_waits_for_a_question(tax: Account) -> None:
    for address in (LIST, f"{LIST}check/", f"{LIST}?words=tax"):
        assert 'name="account" value=""' in Client().get(address).content.decode()
    asked = Client().get(f"{LIST}check/", {"account": "@spffin"}).content.decode()
    assert 'name="account" value="@spffin"' in asked


def test_what_is_asked_is_shown_as_text(tax: Account) -> None:
    page = Client().get(f"{LIST}check/", {"account": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "spelling",
    [
        "https://bsky.app/profile/fin.belgium.be",
        "bsky.app/profile/Fin.Belgium.be",
        "https://bsky.app/profile/did:plc:abc123",
    ],
)
def test_an_account_of_bluesky_is_official_by_each_of_its_names(db: None, spelling: str) -> None:
    ConnectedAccountFactory(
        network="bluesky", base_url="https://bsky.social", handle="fin.belgium.be", remote_id="did:plc:abc123"
    )
    assert check(spelling)["answer"] == "official"


def test_a_closed_account_is_told_to_be_closed(tax: Account) -> None:
    administrator = person_with("account_manager", unit=tax.unit)
    Account.objects.filter(pk=tax.pk).update(created_at=timezone.now() - timedelta(days=3))
    closed(tax, administrator)
    told = check("https://x.com/spffin")
    today = timezone.now().date()
    assert told["answer"] == "closed"
    assert (told["accounts"][0]["state"], told["accounts"][0]["closed_on"]) == ("closed", today.isoformat())
    assert "SPFFin" not in Client().get(LIST).content.decode()
    assert "Nobody reads it" not in Client().get(f"{LIST}{tax.pk}/").content.decode()
    feed = Client().get(f"{LIST}changes.atom").content.decode()
    assert re.findall(r"<title>(Closed|About to close|New official account): @SPFFin · X</title>", feed) == [
        "Closed",
        "New official account",
    ]


def test_a_name_that_was_given_anew_is_official(tax: Account) -> None:
    closed(tax, person_with("account_manager", unit=tax.unit))
    again = ConnectedAccountFactory(network="x", base_url="https://x.com", handle="spffin")
    told = check("https://x.com/SPFFin")
    assert (told["answer"], [one["id"] for one in told["accounts"]]) == ("official", [again.pk])


def test_a_server_with_another_name_in_browsers_is_not_ours(db: None) -> None:
    ConnectedAccountFactory(
        network="mastodon", base_url="https://grosse.example", handle="amt", url="https://grosse.example/@amt"
    )
    assert check("https://grosse.example/@amt")["answer"] == "official"
    assert check("https://große.example/@amt")["answer"] == "unknown"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://evil.example/@amt@grosse.example",
        "https://evil.example/users/SPFFin@x.com",
        "https://www.youtube.com/user/amt",
        "https://www.youtube.com/c/amt",
        "youtube.com/amt",
    ],
)
def test_what_may_show_somebody_else_of_that_name_is_not_called_official(tax: Account, spelling: str) -> None:
    ConnectedAccountFactory(network="mastodon", base_url="https://grosse.example", handle="amt")
    ConnectedAccountFactory(network="youtube", base_url="https://www.youtube.com", handle="amt")
    told = check(spelling)
    assert (told["answer"], len(told["accounts"])) == ("named", 1)
    assert check(spelling.replace("amt", "nobody").replace("SPFFin", "nobody"))["answer"] == "unknown"


def test_an_account_without_an_address_is_not_what_has_none_either(db: None) -> None:
    ConnectedAccountFactory(network="bygone", base_url="https://bygone.example", handle="amt")
    assert [check(asked)["answer"] for asked in ("two words", "", "@nobody")] == ["unreadable", "unreadable", "unknown"]


def test_an_older_address_that_the_register_holds_is_official(db: None) -> None:
    ConnectedAccountFactory(
        network="youtube", base_url="https://www.youtube.com", handle="amt", url="https://youtube.com/c/amt"
    )
    assert check("https://www.youtube.com/c/amt")["answer"] == "official"


def test_an_address_is_another_where_its_signs_are(db: None) -> None:
    here = "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv"
    facts = {"network": "youtube", "base_url": "https://www.youtube.com", "remote_id": here.rpartition("/")[2]}
    ConnectedAccountFactory(**facts, handle="amt", url=here)
    assert [check(asked)["answer"] for asked in (here, here.replace("UCabc", "UCABC"))] == ["official", "unknown"]


def test_the_list_is_narrowed(tax: Account) -> None:
    below = UnitFactory(slug="customs", parent=tax.unit, names={"fr": "Douanes", "nl": "Douane"})
    customs = ConnectedAccountFactory(unit=below, handle="douane", languages=["nl"])
    elsewhere = ConnectedAccountFactory(handle="museum", languages=["de"])

    def found(**asked: str) -> set[int]:
        page = Client().get(LIST, asked).content.decode()
        return {int(pk) for pk in re.findall(rf'href="{LIST}(\d+)/"', page)}

    assert found() == {tax.pk, customs.pk, elsewhere.pk}
    assert found(unit="tax") == {tax.pk, customs.pk}
    assert found(unit="customs") == {customs.pk}
    assert found(network="x") == {tax.pk}
    assert found(language="de") == {elsewhere.pk}
    assert found(words="financien") == {tax.pk}
    assert found(words="MUSEUM") == {elsewhere.pk}
    assert found(unit="nowhere") == found(words="nothing") == set()


def test_pages_follow_each_other(tax: Account) -> None:
    ConnectedAccountFactory.create_batch(60)
    first, second = (Client().get(LIST, {"page": number}).content.decode() for number in "12")
    seen = [set(re.findall(rf'href="{LIST}(\d+)/"', page)) for page in (first, second)]
    assert [len(one) for one in seen] == [50, 11]
    assert not seen[0] & seen[1]
    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    for odd in ("0", "-1", "99999", "x", "²", "9" * 400):
        assert Client().get(LIST, {"page": odd}).status_code == 200


def test_the_data_are_as_their_description_says(tax: Account) -> None:
    ConnectedAccountFactory(pair=tax, unit=tax.unit, languages=["nl"], audiences=["press", "citizens"])
    schema, told = Client().get("/public/accounts.schema.json").json(), Client().get("/public/accounts.json").json()
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(told)
    assert told["accounts"] == Client().get("/.well-known/official-accounts.json").json()["accounts"]
    rows = list(csv.DictReader(io.StringIO(Client().get("/public/accounts.csv").content.decode("utf-8-sig"))))
    assert [int(row["id"]) for row in rows] == [one["id"] for one in told["accounts"]]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**told, "accounts": [{**told["accounts"][0], "owner": "Somebody"}]}, schema)


def test_no_cell_is_a_formula(tax: Account) -> None:
    tax.unit.names = {"fr": "=HYPERLINK(1)"}
    tax.unit.save()
    rows = list(csv.DictReader(io.StringIO(Client().get("/public/accounts.csv").content.decode("utf-8-sig"))))
    assert rows[0]["unit_names"] == "'=HYPERLINK(1)"


def test_other_sites_may_read_the_data_and_not_the_pages(tax: Account) -> None:
    for address in ("/public/accounts.json", "/public/accounts.csv", "/public/accounts/check.json?account=x"):
        assert Client().get(address)["Access-Control-Allow-Origin"] == "*", address
    assert "Access-Control-Allow-Origin" not in Client().get(LIST)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/public/xx/accounts/", 404),
        ("/public/en/accounts/999999/", 404),
        ("/public/nothing/", 404),
        ("/.well-known/nothing", 404),
    ],
)
def test_what_is_not_there_is_said(tax: Account, address: str, status: int) -> None:
    answer = Client().get(address)
    assert answer.status_code == status
    assert not answer.cookies
    assert "max-age" not in answer.get("Cache-Control", "")


def test_nobody_changes_anything_there(tax: Account) -> None:
    for address in (LIST, "/public/accounts.json"):
        assert Client().post(address).status_code == 405


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "Ce compte est-il officiel"), ("nl", "Is dit account officieel"), ("de", "Ist dieses Konto offiziell")],
)
def test_each_language_has_its_address(tax: Account, language: str, sentence: str) -> None:
    page = Client(headers={"Accept-Language": "en"}).get(f"/public/{language}/accounts/").content.decode()
    assert sentence in page
    assert f'<html lang="{language}">' in page
    home = Client(headers={"Accept-Language": language}).get("/public/")
    assert home["Location"] == f"/public/{language}/accounts/"
    assert "Accept-Language" in home["Vary"]


def test_a_page_names_the_account_as_ours_to_its_network(tax: Account) -> None:
    page = Client().get(f"{LIST}{tax.pk}/").content.decode()
    assert '<a href="https://x.com/SPFFin" rel="me noopener">' in page


def test_who_takes_over_a_closed_account_is_not_named_as_ours(tax: Account) -> None:
    closed(tax, person_with("account_manager", unit=tax.unit))
    for address in (f"{LIST}{tax.pk}/", f"{LIST}check/?account=https://x.com/spffin"):
        page = Client().get(address).content.decode()
        assert 'href="https://x.com/SPFFin"' in page
        assert 'rel="me' not in page


def test_questions_of_many_are_answered_from_memory(tax: Account, django_assert_num_queries: Any) -> None:
    with override_settings(PUBLIC_REGISTER_SECONDS=3600):
        official._KEPT._read_at = -1e9
        Client().get(LIST)
        with django_assert_num_queries(0):
            for address in (LIST, f"{LIST}{tax.pk}/", f"{LIST}check/?account=x", "/public/accounts.json"):
                assert Client().get(address).status_code == 200


@pytest.mark.parametrize("state", [AccountState.ACTIVE, AccountState.ARCHIVED])
def test_an_account_that_the_network_never_told_of_is_not_told(tax: Account, state: AccountState) -> None:
    """The committee's yes makes an account, not its name on the network: somebody quicker may have it by then."""
    approved = AccountFactory(network="x", base_url="https://x.com", handle="spfjobs", state=state)
    assert check("https://x.com/spfjobs")["answer"] == "unknown"
    for address in (LIST, "/public/accounts.json", f"{LIST}changes.atom"):
        assert "spfjobs" not in Client().get(address).content.decode()
    Account.objects.filter(pk=approved.pk).update(remote_id="4711")
    assert check("https://x.com/spfjobs")["answer"] == ("closed" if state == AccountState.ARCHIVED else "official")


def test_strangers_questions_do_not_push_out_what_all_ask_for(tax: Account) -> None:
    register, made = official.read_register(), []
    for _ in range(2):
        register.whole("all", lambda: made.append("made") or "all")
        for number in range(official.MOST_KEPT * 2):
            register.once(number, lambda: "x")
    assert made == ["made"]


def test_what_strangers_ask_does_not_fill_the_memory(tax: Account) -> None:
    register = official.read_register()
    for number in range(official.MOST_KEPT * 2):
        register.once(number, lambda: "x")
    assert len(register._answers) <= official.MOST_KEPT


def test_a_register_is_read_in_few_queries(tax: Account, django_assert_num_queries: Any) -> None:
    ConnectedAccountFactory.create_batch(20)
    with django_assert_num_queries(4):
        official.read_register()


def test_the_newest_change_comes_first(tax: Account) -> None:
    Account.objects.filter(pk=tax.pk).update(created_at=timezone.now() - timedelta(days=3))
    newer = ConnectedAccountFactory()
    assert [one.account.id for one in official.read_register().changes] == [newer.pk, tax.pk]
