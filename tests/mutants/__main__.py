"""`make mutants`: breaks the core modules and says which breaks no test notices.

MUTANTS bounds a run: beginnings of paths, and a number to take so many of each file, evenly: `MUTANTS="delivery 20"`.
What was killed is not tried again while its function stands as it was (`.parvis/mutants.jsonl`; without it all are).
"""

from __future__ import annotations

import json
import os
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.making import ROOT, Mutant, mutants_of
from tests.mutants.running import KILLED, SURVIVED, Runner

HERE = Path(__file__).parent
RESULTS = ROOT / ".parvis" / "mutants.jsonl"
TESTS: dict[str, list[str]] = tomllib.loads((HERE / "modules.toml").read_text())
EXCUSED: dict[str, str] = tomllib.loads((HERE / "excused.toml").read_text())


def chosen(words: list[str]) -> list[Mutant]:
    count = next((int(word) for word in words if word.isdigit()), 0)
    names = tuple(word for word in words if not word.isdigit())
    files = [file for file in TESTS if not names or file.startswith(names)]
    return [mutant for file in files for mutant in _spread(mutants_of(file), count)]


def _spread(mutants: list[Mutant], count: int) -> list[Mutant]:
    return mutants if not count or count >= len(mutants) else [mutants[i * len(mutants) // count] for i in range(count)]


def known_as_killed() -> set[str]:
    if not RESULTS.exists():
        return set()
    kept = [json.loads(line) for line in RESULTS.read_text().splitlines()]
    texts = {one.key: one.of for file in TESTS for one in mutants_of(file)}
    last = {one["key"]: one["outcome"] for one in kept if texts.get(one["key"]) == one["of"]}
    return {key for key, outcome in last.items() if outcome == KILLED}


def main() -> int:
    began = time.monotonic()
    everything = chosen(os.environ.get("MUTANTS", "").split())
    before = known_as_killed()
    tried = [one for one in everything if one.key not in before and one.key not in EXCUSED]
    RESULTS.parent.mkdir(exist_ok=True)
    tests = list(dict.fromkeys(test for one in tried for test in TESTS[one.file]))
    runner = Runner(tried, TESTS, RESULTS)
    if tried:
        words = ["-q", "-s", "-p", "no:xdist", "-p", "no:cacheprovider", "--reuse-db"]
        pytest.main([*words, *tests], plugins=[runner])
    if runner.red or len(runner.outcomes) < len(tried):
        print("These fail on the code as it is:", *runner.red[:20], sep="\n  ")
        return 2
    return report(everything, runner.outcomes, before, time.monotonic() - began)


def report(everything: list[Mutant], outcomes: dict[str, str], before: set[str], seconds: float) -> int:
    figures: dict[str, Counter[str]] = {}
    for one in everything:
        outcome = "excused" if one.key in EXCUSED else KILLED if one.key in before else outcomes[one.key]
        figures.setdefault(one.file, Counter())[outcome] += 1
    for file, count in figures.items():
        print(
            f"{file:45} {count.total():4} made, {count[KILLED]:4} killed, {count[SURVIVED]:3} survived, "
            f"{count['excused']:2} excused"
        )
    stale = sorted(EXCUSED.keys() - {one.key for file in TESTS for one in mutants_of(file)})
    survivors = [one for one in everything if outcomes.get(one.key) == SURVIVED]
    print(*(f"survived: {one}" for one in survivors), *(f"excuses nothing: {key}" for key in stale), sep="\n")
    total = sum((count for count in figures.values()), Counter[str]())
    print(
        f"{total.total()} made, {total[KILLED]} killed, {total[SURVIVED]} survived, {total['excused']} excused, "
        f"in {seconds:.0f} s"
    )
    return 1 if survivors or stale else 0


if __name__ == "__main__":
    sys.exit(main())
