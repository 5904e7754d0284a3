"""Every way in which people write an account's address is the same account; what is none, is none."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks.profiles import Profile, address, keys, recognise

SPELLINGS = {
    ("x", "", "@spffin"): [
        "https://twitter.com/SPFFin",
        "http://www.twitter.com/spffin/",
        "https://mobile.twitter.com/SPFFin?lang=fr",
        "twitter.com/#!/spffin",
        "x.com/@spffin",
        "https://x.com/SPFFin/with_replies",
        "https://X.COM:443/spffin#about",
        "https://twitter.com/intent/user?screen_name=SPFFin",
        " <https://x.com/spffin> ",
        "//x.com/spffin",
        "spffin@x.com",
    ],
    ("x", "", "#783214"): ["https://x.com/i/user/783214", "https://twitter.com/intent/user?user_id=783214"],
    ("facebook", "", "@spffinances"): [
        "https://www.facebook.com/SPF.Finances",
        "https://fr-fr.facebook.com/spffinances/",
        "m.facebook.com/SPFFinances?ref=page",
        "https://fb.com/spf.finances",
        "https://facebook.com/pg/spffinances/posts/",
    ],
    ("facebook", "", "#100064512345678"): [
        "https://www.facebook.com/profile.php?id=100064512345678",
        "https://facebook.com/people/SPF-Finances/100064512345678/",
        "https://www.facebook.com/SPF-Finances-100064512345678",
        "https://www.facebook.com/100064512345678",
    ],
    ("instagram", "", "@bosa.be"): ["https://www.instagram.com/bosa.be/?hl=nl", "instagram.com/BOSA.be/"],
    ("linkedin", "", "@fod-financien"): [
        "https://be.linkedin.com/company/fod-financien/",
        "https://www.linkedin.com/company/FOD-Financien/about/",
    ],
    ("linkedin", "", "#1234567"): ["https://www.linkedin.com/company/1234567/"],
    ("youtube", "", "@finances"): [
        "https://www.youtube.com/@Finances",
        "youtube.com/user/finances",
        "https://m.youtube.com/c/finances/videos",
        "https://youtube.com/finances",
    ],
    ("youtube", "", "#UCabcdefghijklmnopqrstuv"): ["https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/about"],
    ("bluesky", "", "@fin.belgium.be"): ["https://bsky.app/profile/fin.belgium.be", "bsky.app/profile/Fin.Belgium.be"],
    ("bluesky", "", "#did:plc:abc123"): ["https://bsky.app/profile/did:plc:abc123"],
    ("mastodon", "social.bund.de", "@bfdi"): [
        "https://social.bund.de/@bfdi",
        "@bfdi@social.bund.de",
        "bfdi@Social.Bund.DE",
        "acct:bfdi@social.bund.de",
        "https://social.bund.de/users/BfDI",
        "https://social.bund.de/@bfdi/109292525",
        "https://mastodon.social/@bfdi@social.bund.de",
    ],
}
NONE = [
    "",
    "   ",
    "https://",
    "http://[",
    "https://x.com",
    "https://x.com/home",
    "https://www.facebook.com/sharer.php?u=https://x.com/spffin",
    "https://www.instagram.com/p/Cabc/",
    "https://www.youtube.com/watch?v=abc",
    "https://example.org/news",
    "https://evil.example/x.com/spffin",
    "javascript:alert(1)",
    "two words",
    "a\nb",
    "@",
    "x" * 600,
]


@pytest.mark.parametrize("expected", SPELLINGS, ids=str)
def test_every_spelling_names_the_account(expected: tuple[str, str, str]) -> None:
    for spelling in SPELLINGS[expected]:
        found = recognise(spelling)
        assert expected in (found.keys if found is not None else ()), spelling


@pytest.mark.parametrize(
    "spelling",
    [
        r"https://evil.example\@x.com/spffin",
        r"https://x.com/spffin/..\evil",
        "https://x.com/spffin/../evil",
        "https://x.com/spffin/%2e%2E/evil",
        "https://x.com/spffin%2F..%2Fevil",
        "https://social.bund.de/@bfdi/../@evil",
        "https://www.facebook.com/profile.php?id=100064512345678&id=999999999999999",
        "https://x.com/intent/user?screen_name=spffin&screen_name=evil",
        "https://x.com/intent/user?user_id=1&screen_name=spffin",
        "https://x.com/i/user/783214evil",
        "https://bsky.app/profile/fin.belgium.be@evil",
        "https://bsky.app/profile/did:plc:abc123@evil",
        "https://www.facebook.com/pages/SPF/100064512345678evil",
    ],
)
def test_an_address_that_browsers_read_otherwise_names_nobody(spelling: str) -> None:
    assert recognise(spelling) is None


@pytest.mark.parametrize(
    "spelling",
    [
        "https://x.com/spffin/status/123",
        "https://x.com/@spffin/statuses/123",
        "https://www.instagram.com/bosa.be/p/Cabc/",
        "https://www.instagram.com/bosa.be/reel/Cabc/",
        "https://www.facebook.com/spffinances/posts/123",
        "https://www.facebook.com/spffinances/videos/123",
    ],
)
def test_a_message_is_not_its_authors_because_an_address_says_so(spelling: str) -> None:
    assert recognise(spelling) is None


@pytest.mark.parametrize("spelling", ["https://apps.facebook.com/spffinances", "https://evil.x.com/spffin"])
def test_what_others_have_below_a_networks_host_is_no_account_there(spelling: str) -> None:
    found = recognise(spelling)
    assert found is None or found.network not in ("facebook", "x")


@pytest.mark.parametrize("spelling", NONE, ids=repr)
def test_what_names_no_account_is_none(spelling: str) -> None:
    assert recognise(spelling) is None


def test_a_name_alone_has_no_network() -> None:
    assert recognise("@spffin") == Profile("", handle="spffin")
    assert recognise("fin.belgium.be") == Profile("", handle="fin.belgium.be")
    assert recognise("@spffin", "x") == Profile("x", handle="spffin")
    assert Profile("", handle="spffin").keys == ()


@pytest.mark.parametrize(
    "spelling",
    [
        "https://x.com.evil.example/spffin",
        "https://notx.com/spffin",
        "https://spffin@evil.example/x",
        "https://evil.example/?u=https://x.com/spffin",
        "https://х.com/spffin",  # a Cyrillic х
    ],
)
def test_a_host_that_looks_alike_is_not_the_network(spelling: str) -> None:
    found = recognise(spelling)
    assert found is None or ("x", "", "@spffin") not in found.keys


def test_an_account_of_another_server_is_another_account() -> None:
    here, there = recognise("@bfdi@social.bund.de"), recognise("@bfdi@mastodon.social")
    assert here is not None
    assert there is not None
    assert not {*here.keys} & {*there.keys}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://social.große.example/@amt", "https://social.grosse.example/@amt"),
        ("amt@große.example", "amt@grosse.example"),
        ("amt@νόμος.example", "amt@νόμοσ.example"),
        ("https://www.youtube.com/@straße", "https://www.youtube.com/@strasse"),
    ],
)
def test_names_that_browsers_and_networks_tell_apart_are_two(one: str, other: str) -> None:
    here, there = recognise(one), recognise(other)
    assert here is not None
    assert there is not None
    assert not {*here.keys} & {*there.keys}


def test_a_server_is_known_as_its_address_and_as_the_network_writes_it() -> None:
    expected = {("mastodon", "xn--groe-xna.example", "@amt")}
    for spelling in ("amt@GROẞE.example", "https://große.example/@amt", "https://xn--groe-xna.example/@amt"):
        found = recognise(spelling)
        assert found is not None
        assert {*found.keys} == expected, spelling
    assert {*keys("mastodon", "große.example", "Amt", "")} == expected


@pytest.mark.parametrize("label", ["".join(map(chr, range(0x4E00, 0x4E00 + 480))), "ﷺ" * 480])
def test_a_host_too_long_to_be_one_costs_no_more_than_another_word(label: str) -> None:
    began = process_time()
    assert [recognise(f"https://{label}.be/@amt") for _time in range(20)] == [None] * 20
    assert process_time() - began < 0.3  # written out in the letters of a host, a second


names = st.from_regex(r"svc[A-Za-z0-9_]{1,10}[a-z]", fullmatch=True)  # none that a network keeps for itself


@given(name=names, network=st.sampled_from(["x", "facebook", "instagram", "youtube", "mastodon", "bluesky"]))
@settings(max_examples=150, deadline=None)
def test_the_address_that_parvis_writes_is_read_back(name: str, network: str) -> None:
    written = address(network, "social.example", name)
    found = recognise(written)
    again = recognise(written.upper().replace("HTTPS", "https"))
    assert found is not None
    assert again is not None
    assert again.keys == found.keys == Profile(network, found.server, name).keys


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    found = recognise(text)
    assert found is None or found.handle or found.remote_id
