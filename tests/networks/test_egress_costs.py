"""What a stranger's server makes the one way out cost: no more than its limits say."""

from __future__ import annotations

import gzip
import itertools
import time

import pytest

from networks.egress import Egress
from networks.egress import exchange as exchange_module
from networks.errors import EgressRefused
from tests.networks.loopback import answer, serve


def test_a_redirect_to_an_endless_name_costs_nothing() -> None:
    """To take an address apart, its host is normalised: of so many accents, for seconds of a worker's processor."""
    there = "https://a" + "\u0301\u0323" * 24_000 + ".example/"
    with serve(lambda _asked: answer("", 302, {"Location": there})) as server:
        before = time.process_time()
        with pytest.raises(EgressRefused, match="malformed"):
            Egress(allow=server.allow).get(server.url)
        assert time.process_time() - before < 1
    long = "/" + "a" * 4000
    way = answer("", 302, {"Location": long})
    with serve(lambda asked: answer({"ok": 1}) if asked.path == long else way) as server:
        assert Egress(allow=server.allow).get(server.url).status == 200


def test_what_follows_a_packed_answer_is_not_read() -> None:
    """Kept by the library, it would be copied anew with each piece: a stranger would choose how long that takes."""
    packed = gzip.compress(b'{"a": 1}')
    rest = iter([b"\x01" * 65536] * 100)
    assert exchange_module._read(itertools.chain([packed[:5], packed[5:]], rest), "gzip", 1000) == b'{"a": 1}'
    assert len(list(rest)) == 100
    reply = answer(packed + b"\x01" * 3_000_000, 200, {"Content-Encoding": "gzip"})
    with serve(lambda _asked: reply) as server:
        assert Egress(allow=server.allow, max_bytes=1000).get(server.url).body == b'{"a": 1}'


def test_a_packed_answer_that_says_nothing_ends_at_the_cap() -> None:
    begun = gzip.compress(b"")[:10]
    rest = iter([b"\x00\x00\x00\xff\xff" * 200] * 100)  # empty blocks, none of them the last
    with pytest.raises(exchange_module.TooLarge):
        exchange_module._read(itertools.chain([begun], rest), "gzip", 10_000)
    assert len(list(rest)) > 80
