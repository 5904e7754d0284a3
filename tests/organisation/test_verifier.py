"""The verifier alone: RFC 6962's tree, checkpoints that contradict each other, and files that are none."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from organisation import verifier
from organisation.verifier import Tree, canonical, key_id, leaf_hash
from tests.thorough import thorough_after

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()

# The inputs and roots with which the first Certificate Transparency logs tested themselves.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_are_those_of_certificate_transparency():
    tree, found = Tree(), [Tree().root().hex()]
    for text in INPUTS:
        tree.push(hashlib.sha256(b"\x00" + bytes.fromhex(text)).digest())
        found.append(tree.root().hex())
    assert found == ROOTS


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


@pytest.mark.longer
@given(size=st.integers(0, 300), halt=st.integers(0, 300))
def test_a_tree_that_went_on_from_its_frontier_is_the_rfc_s(size: int, halt: int):
    leaves = [hashlib.sha256(number.to_bytes(4)).digest() for number in range(size)]
    tree = Tree()
    for place, leaf in enumerate(leaves):
        if place == halt:
            tree = Tree(tree.size, tree.frontier)
        tree.push(leaf)
    assert tree.root() == plain_root(leaves)


def test_a_frontier_of_another_size_is_refused():
    with pytest.raises(ValueError, match="frontier"):
        Tree(3, [b"x" * 32])


# ---- Trails made by hand -----------------------------------------------------------------------------------------


def event(number: int, **changed: Any) -> dict[str, Any]:
    facts = {
        "position": number - 1,
        "sequence": number,
        "occurred_at": f"2026-01-01T00:{number // 60:02}:{number % 60:02}.000000+00:00",
        "actor_id": 7,
        "actor_name": "Zoë",
        "verb": "post.edited",
        "noun": "publishing.post",
        "object_id": "3",
        "unit_id": None,
        "details": {"from": "é", "to": [1, None]},
    }
    return facts | changed


def checkpoint(events: list[dict[str, Any]], key: Ed25519PrivateKey = KEY, **changed: Any) -> verifier.Checkpoint:
    tree = Tree()
    for one in events:
        tree.push(leaf_hash(one))
    document: dict[str, Any] = {
        "format": verifier.CHECKPOINT_FORMAT,
        "size": tree.size,
        "root": tree.root().hex(),
        "taken_at": f"2026-01-02T00:00:{tree.size:02}.000000+00:00",
        "settled": max(0, tree.size - 2),
        "previous": None,
        "key": key_id(key.public_key()),
    }
    document |= changed
    document["signature"] = base64.b64encode(key.sign(canonical(document))).decode()
    return verifier.checkpoint_of(document)


def verified(events: list[dict[str, Any]], *checkpoints: verifier.Checkpoint) -> verifier.Report:
    return verifier.verify(events, checkpoints, verifier.keys_of([PUBLIC]))


TRAIL = [event(number) for number in range(1, 13)]


def test_a_whole_trail_says_what_is_not_proven_yet():
    report = verified([*TRAIL, event(13, position=None)], checkpoint(TRAIL[:5]), checkpoint(TRAIL[:10]))
    assert (report.problems, report.proven, report.unproven) == ([], 10, 3)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (checkpoint(TRAIL, Ed25519PrivateKey.from_private_bytes(b"x" * 32)), "Nobody whose key"),
        (verifier.Checkpoint({**checkpoint(TRAIL).document, "size": 11}), "Nobody whose key"),
        (verifier.Checkpoint({**checkpoint(TRAIL).document, "signature": "!"}), "Nobody whose key"),
        (checkpoint(TRAIL[:5], root="00" * 32), "contradict each other"),
        (checkpoint(TRAIL[:5], taken_at="2026-02-01T00:00:00.000000+00:00", root="11" * 32), "contradict each other"),
        (checkpoint(TRAIL[:7], taken_at="2026-01-01T00:00:00.000000+00:00"), "there were two trails"),
        (checkpoint(TRAIL[:11], settled=0), "there were two trails"),
        (checkpoint(TRAIL[:11], previous={"size": 10, "digest": "00"}), "does not follow"),
        (checkpoint(TRAIL[:11], previous={"size": 4, "digest": "00"}), "two trails"),
        (checkpoint([*TRAIL, event(13)]), "its tail was cut"),
    ],
)
def test_checkpoints_that_do_not_hold_are_named(wrong: verifier.Checkpoint, said: str):
    report = verified(TRAIL, checkpoint(TRAIL[:5]), checkpoint(TRAIL[:10]), wrong)
    assert any(said in problem for problem in report.problems), report.problems


def test_without_a_checkpoint_nothing_is_proven():
    assert verified(TRAIL).problems == ["There is no checkpoint that holds: nothing proves this export."]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (event(4, position=None, object_id="99"), "slipped in"),
        (event(13, position=None, occurred_at="2025-12-31T23:00:00.000000+00:00"), "backdated"),
        (event(12, position=None, occurred_at="2026-01-03T00:00:00.000000+00:00"), "Two events bear the number 12"),
    ],
)
def test_what_waits_for_its_seal_is_looked_at_too(more: dict[str, Any], said: str):
    report = verified([*TRAIL, more], checkpoint(TRAIL))
    assert any(said in problem for problem in report.problems), report.problems


GAPS = [event(2 * number, position=number - 1) for number in range(1, 13)]  # every second number never came to be


@pytest.mark.parametrize("place", thorough_after(2, [11, 0, *range(1, 11)]))
def test_what_stands_in_a_gap_before_what_was_sealed_was_slipped_in(place: int):
    """Where it stands alone decides what is settled by then."""
    forged = event(2 * place + 1, position=None, actor_name="Forged")
    report = verified([*GAPS[:place], forged, *GAPS[place:]], checkpoint(GAPS, settled=22))
    assert report.problems == [
        f"Before event {2 * place + 2}, which was sealed, stands one that says it was not: events were moved or added."
    ]


@pytest.mark.parametrize(
    "changed",
    [{"actor": "Somebody else"}, {"position": 3.0}, {"position": True}, {"position": "3"}],
)
def test_a_word_that_no_seal_covers_is_no_part_of_an_event(changed: dict[str, Any]):
    with pytest.raises(ValueError, match=r"says|place"):
        verified([*TRAIL[:3], TRAIL[3] | changed, *TRAIL[4:]], checkpoint(TRAIL))


# ---- As a program ------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> Path:
    head = {"format": verifier.EXPORT_FORMAT, "exported_at": "2026-01-03T00:00:00+00:00"}
    with gzip.open(tmp_path / "export.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in [head, *TRAIL])
    kept = tmp_path / "kept"
    kept.mkdir()
    text = canonical(checkpoint(TRAIL[:10]).document).decode()
    (kept / "checkpoints-2026-01-02.jsonl").write_text(f"{text}\n{text[:40]}")
    return tmp_path


def alone(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The one file, where there is nothing of the house."""
    program = folder / "verifier.py"
    program.write_bytes(Path(verifier.__file__).read_bytes())
    arguments = [str(program), "export.jsonl.gz", "--checkpoints", "kept", "--public-key", PUBLIC, *more]
    command = [sys.executable, "-I", *arguments]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)


@pytest.mark.longer
def test_it_runs_alone_and_passes_over_a_line_that_was_cut_short(files: Path):
    done = alone(files)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WHOLE: 10 events stand under" in done.stdout
    assert "2 came after it" in done.stdout
    assert "Note: line 2" in done.stdout


@pytest.mark.longer
@pytest.mark.parametrize("damage", ["cut", "text", "empty", "other", "twice", "broken", "huge", "deep"])
def test_a_file_that_is_no_export_is_said_to_be_none(files: Path, damage: str):
    export = files / "export.jsonl.gz"
    whole = export.read_bytes()
    export.write_bytes(
        {
            "cut": whole[: len(whole) // 2],
            "text": b"nothing zipped",
            "empty": gzip.compress(b""),
            "other": gzip.compress(b"[1]\n"),
            "twice": gzip.compress(gzip.decompress(whole).replace(b'"verb"', b'"verb": "post.rejected", "verb"', 1)),
            "broken": whole[:12] + b"\xff" * 40 + whole[52:],
            "huge": gzip.compress(gzip.decompress(whole).replace(b'"sequence": 3', b'"sequence": %d' % 10**30)),
            "deep": gzip.compress(gzip.decompress(whole).replace(b'"details": {', b'"details": {"a": ' + b"[" * 10**5)),
        }[damage]
    )
    done = alone(files)
    assert (done.returncode, done.stderr) == (1, "")
    assert "cannot be read as an export" in done.stdout


def test_no_word_of_an_export_stands_where_the_verdict_does(files: Path):
    lines = gzip.decompress((files / "export.jsonl.gz").read_bytes())
    verdict = "\\u001b[2J\\nWHOLE: 12 events stand"
    forged = json.dumps(event(4, position=None, verb="VERB")).replace("VERB", verdict)
    (files / "export.jsonl.gz").write_bytes(gzip.compress(lines + forged.encode() + b"\n"))
    done = alone(files)
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("WHOLE")] == []
    assert "\x1b" not in done.stdout
