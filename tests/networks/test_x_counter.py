"""The browser's counter says what the server says: every way of counting, on X's own conformance cases and on ours."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from launcher.frontend import find_npm
from networks.kinds import Counting
from networks.mastodon.text import countable_length
from networks.validation import graphemes
from networks.x.weighing import weighted_length
from tests.networks.test_x_weighing import cases

# Bundled as for the pages, then asked: for each text, its length by each way of counting.
ASK = """
import { build } from "esbuild";
const made = await build({
  entryPoints: ["static/src/js/counters.js"], bundle: true, write: false, format: "esm", target: "es2022",
});
const code = Buffer.from(made.outputFiles[0].text).toString("base64");
const { WAYS } = await import("data:text/javascript;base64," + code);
let given = "";
for await (const part of process.stdin.setEncoding("utf8")) given += part;
const told = JSON.parse(given).map((text) =>
  Object.fromEntries([
    ...Object.entries(WAYS).map(([name, way]) => [name, way(text)]),
    ["mastodon of another server", WAYS.mastodon(text, 30)],
  ]),
);
console.log(JSON.stringify(told));
"""
OURS = [
    "",
    "Été : « l’impôt » – 5 €…",
    "🇧🇪 👩‍❤️‍👨 ☎︎ © ©️ 1️⃣ 👍🏽",
    "voir finances.belgium.be, ou (https://fin.be/a_(b)). info@minfin.fed.be",
    "日本語example.comこんにちは http://exemple.inconnu/x http://dom_aine.exemple.be/ http://exem_ple.be",
    "https://impôts.be/é?q=1&r=2. foo.co.uk:8080/a?b -exemple.com HTTPS://FIN.BE/X?",
    "http://" + "a" * 63 + ".be http://" + "b" * 64 + ".be",
    "https://fin.be/" + "a" * 4082,
    "éhttps://fin.be ahttps://fin.be É«https://fin.be» 日https://fin.be/ü) éfin.be https://https://fin.be",
    "@press@masto.be@x @a@b.be:443 =@a@b.be @@press@masto.be @é@b.be @press@masto.beé @a.b-c@d.e-f.g",
    "https://fin.be/a_(b)) https://fin.be/?q=a. https://fin.be,https://b.be http://localhost/x https://fin.be/@a@b.be",
    "https://fin.be/a?!… https://fin.be/a?b=(c)&d=é! https://fin.be/((((a https://fin.be:8080/x:y, e\u0301https://fin.be",
    "A\u202a\uffffB\ufeff é-" * 50,
]


@pytest.fixture(scope="module")
def counted(project_root: Path) -> Any:
    if not (project_root / "node_modules" / "esbuild").is_dir():
        pytest.skip("the pages' packages are not installed (make frontend)")
    node = str(find_npm()[1] / "node")

    def count(texts: list[str]) -> list[dict[str, int]]:
        done = subprocess.run(
            [node, "--input-type=module", "-e", ASK],
            input=json.dumps(texts),
            cwd=project_root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: list[dict[str, int]] = json.loads(done.stdout)
        return found

    return count


def test_every_way_of_counting_is_known_to_the_browser(counted: Any) -> None:
    (told,) = counted(["é"])
    assert set(Counting) < set(told)
    assert (told["characters"], told["utf8_bytes"], told["weighted"]) == (1, 2, 1)


@pytest.mark.longer
def test_what_an_office_writes_is_counted_alike(counted: Any) -> None:
    for text, told in zip(OURS, counted(OURS), strict=True):
        assert told["weighted"] == weighted_length(text), text
        assert told["characters"] == len(text), text
        assert told["utf8_bytes"] == len(text.encode()), text
        assert told["graphemes_and_bytes"] == graphemes(text), text
        assert told["mastodon"] == countable_length(text), text
        assert told["mastodon of another server"] == countable_length(text, 30), text


@pytest.mark.longer
def test_the_conformance_cases_are_counted_as_the_network_counts_them(counted: Any, recorded_data: Path) -> None:
    """Those of the first group with emoji turned on, as the network has them today."""
    texts = [case["text"] for _, case in cases(recorded_data)]
    lengths = [told["weighted"] for told in counted(texts)]
    assert lengths == [weighted_length(text) for text in texts]
    expected = [case["expected"]["weightedLength"] if alike else None for alike, case in cases(recorded_data)]
    assert [mine for mine, real in zip(lengths, expected, strict=True) if real is not None] == [
        real for real in expected if real is not None
    ]
