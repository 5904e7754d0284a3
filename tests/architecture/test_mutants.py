"""What `make mutants` breaks, and that its lists name what there is."""

from __future__ import annotations

import ast
import re
from itertools import chain

import pytest

from tests.mutants.__main__ import EXCUSED, TESTS
from tests.mutants.making import ROOT, broken_tree, mutants_in, mutants_of

SOURCE = """
@LIFECYCLE.guard("ready")
def ready(post: Post, by: Person) -> Iterator[Text]:
    if post.hash != by.seen:
        yield "No."
    yield from others(post)

def act(post: Post, by: Person) -> bool:
    policy.require(by, Permission.POST_APPROVE, post)
    rows = Post.objects.select_for_update().filter(unit=post.unit, state="draft")
    log.info("seen")
    if outward.may_act():
        send()
    return rows.exists() and by.is_active

EDGE = Transition("go", guard="ready", permission=P.POST_WRITE)
"""
BREAKS = {
    "ready: never: if post.hash != by.seen": "if False:",
    "act: unasked: if outward.may_act()": "if True:",
    "act: never: if outward.may_act()": "if False:",
    "ready: unasked: if post.hash != by.seen": "if True:",
    "act: call dropped: send()": "        pass",
    "ready: reasons dropped: yield from others(post)": "yield from ()",
    "act: call dropped: policy.require(by, Permission.POST_APPROVE, post)": "pass",
    "act: weaker permission: Permission.POST_APPROVE": "policy.require(by, Permission.ACCOUNT_VIEW, post)",
    "act: lock dropped: Post.objects.select_for_update() -> Post.objects": "rows = Post.objects.filter(unit=",
    "act: part dropped: rows.exists() and by.is_active -> by.is_active": "return by.is_active",
    "act: part dropped: rows.exists() and by.is_active -> rows.exists()": "return rows.exists()",
    "act: always yes: def act": "return True",
    "(module): guard dropped: guard='ready'": "EDGE = Transition('go', guard='', permission=P.POST_WRITE)",
    "(module): weaker permission: P.POST_WRITE": "permission=P.ACCOUNT_VIEW)",
}


def test_each_break_is_one_and_is_named_without_its_line() -> None:
    whole = ast.unparse(ast.parse(SOURCE))
    made = {mutant.key.removeprefix(": "): broken_tree(SOURCE, mutant.number) for mutant in mutants_in(SOURCE)}
    for name, line in BREAKS.items():
        assert line in ast.unparse(made.pop(name))
        assert not re.search(rf"^.*{re.escape(line)}$", whole, re.MULTILINE)
    assert {name.split(":")[1].strip() for name in made} == {"filter dropped"}  # unit=, state=
    assert len(made) == 2


def test_what_was_found_holds_while_the_function_stands_as_it_was() -> None:
    of = {one.key: one.of for one in mutants_in(SOURCE)}
    beside = {one.key: one.of for one in mutants_in(SOURCE + "\n\ndef other() -> None: ...\n")}
    inside = {one.key: one.of for one in mutants_in(SOURCE.replace("def act(", "def act(  # noted\n"))}
    at_import = {key for key in of if key.startswith(": (module)")}
    assert at_import
    assert {key for key in of if of[key] != beside[key]} == at_import
    assert {key for key in of if of[key] == inside[key]} == {key for key in of if not key.startswith((": (", ": act"))}


@pytest.mark.slow
def test_modules_tests_and_excuses_are_there() -> None:
    named = [*TESTS, *chain(*TESTS.values())]
    assert [path for path in named if not (ROOT / path.partition("::")[0]).is_file()] == []
    keys = {mutant.key for file in TESTS for mutant in mutants_of(file)}
    assert EXCUSED.keys() - keys == set()
    assert [key for key, why in EXCUSED.items() if len(why) < 15] == []
