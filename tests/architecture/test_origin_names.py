"""Delivery sends whatever is due: neither its code nor its pages know a kind of message, or the room of one, by name.

Prose may: the network's answer, a freeze of all publishing. Names and keys may not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from delivery.origins import registered

WORDS = {"post", "variant", "answer", "mention", "conversation", "publishing", "monitoring"}
WORDS |= {f"{word}s" for word in WORDS}
# Names of other things that hold such a word: HTTP's, the networks' own, the one egress's, Python's.
OTHERS = {"POST", "require_POST", "PostRef", "Answer", "file_answer", "__post_init__"}
CODE = [page for page in sorted((settings.BASE_DIR / "delivery").rglob("*.py")) if "migrations" not in page.parts]
TEMPLATES = sorted((settings.BASE_DIR / "templates" / "delivery").rglob("*.html"))


def names(tree: ast.AST) -> Iterator[str]:
    """Every name in `tree`, and every string that is one: of one word, without a space."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not re.search(r"\s", node.value):
            yield node.value
        for field in ("id", "attr", "arg", "name", "asname", "module"):
            if isinstance(found := getattr(node, field, None), str):
                yield found


def guilty(source: str) -> set[str]:
    kinds = set(registered())
    return {
        name
        for name in names(ast.parse(source))
        if name not in OTHERS and (name in kinds or WORDS & set(re.split(r"[\W_]+", _apart(name))))
    }


def _apart(name: str) -> str:
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def guilty_template(text: str) -> set[str]:
    text = re.sub(r"method=\"post\"", "", text)
    rooms = re.findall(r"\b(?:publishing|monitoring|conversations?)[:./]", text)
    kinds = WORDS - {"publishing", "monitoring", "publishings", "monitorings"}
    return {*rooms, *(kinds & set(re.split(r"[\W_]+", text.lower())))}


def test_there_is_something_to_look_at() -> None:
    assert len(CODE) > 30
    assert len(TEMPLATES) > 4
    assert {"post_variant", "answer"} <= set(registered())


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from publishing.models import Post", "Post"),
        ("import monitoring.queries as queries", "monitoring.queries"),
        ("if kind == 'post_variant': pass", "post_variant"),
        ("Permission.ANSWER_WRITE", "ANSWER_WRITE"),
        ("def withdraw_answer(): pass", "withdraw_answer"),
        ("reverse('monitoring:inbox')", "monitoring:inbox"),
        ("AnswerOrigin()", "AnswerOrigin"),
        ("f(answers=1)", "answers"),
    ],
)
def test_the_look_sees_a_name(source: str, name: str) -> None:
    assert name in guilty(source)


def test_the_look_lets_prose_and_http_pass() -> None:
    assert guilty("require_POST\n'''The answer to a post.'''\nx = _('No answer came')\n'POST'") == set()
    assert guilty_template('<form method="post">{% translate "Freeze publishing" %}</form>') == set()
    assert guilty_template('{% if kind == "answer" %}{% url "publishing:x" %}{% endif %}') == {"answer", "publishing:"}


def test_delivery_knows_no_kind_of_message_by_name() -> None:
    found = {str(page.relative_to(settings.BASE_DIR)): guilty(page.read_text()) for page in CODE}
    assert {page: named for page, named in found.items() if named} == {}


def test_its_pages_know_none_either() -> None:
    found = {page.name: guilty_template(page.read_text()) for page in TEMPLATES}
    assert {page: named for page, named in found.items() if named} == {}
