"""What can be broken in a module: one small change of its syntax tree a mutant. Nothing is written to disk."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WEAKEST = "ACCOUNT_VIEW"  # what every role holds
UNSEEN = ("log.", "super(", "close_old_connections")
Put = Callable[[Any], None]


@dataclass(frozen=True)
class Mutant:
    """One break. `inside` is the outermost function's qualified name, empty for what runs at import.

    `of` stands for the text of that function, or of the whole module: what was found of the break holds for this text.
    """

    file: str
    line: int
    inside: str
    operator: str
    text: str
    number: int  # its place among all of the file's
    of: str

    @property
    def key(self) -> str:
        """What an excuse names: no line number, which moves with every edit above."""
        return f"{self.file}: {self.inside or '(module)'}: {self.operator}: {self.text}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.inside or '(module)'}: {self.operator}: {self.text}"


def call_dropped(node: ast.AST) -> Iterator[Any]:
    """`policy.require(...)`, `audit.record(...)`, `perform(...)`: the statement alone. What is only logged may go."""
    called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    if called and not ast.unparse(called).startswith(UNSEEN):
        yield ast.Pass()


def lock_dropped(node: ast.AST) -> Iterator[Any]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "select_for_update":
        yield node.func.value


def weaker_permission(node: ast.AST) -> Iterator[Any]:
    named = isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("Permission", "P")
    if named and node.attr.isupper() and node.attr != WEAKEST:
        yield ast.Attribute(node.value, WEAKEST, ast.Load())


def guard_dropped(node: ast.AST) -> Iterator[Any]:
    """In a table of transitions."""
    if (
        isinstance(node, ast.keyword)
        and node.arg in ("guard", "gates")
        and isinstance(node.value, ast.Constant | ast.Dict)
    ):
        empty = ast.Constant("") if node.arg == "guard" else ast.Dict([], [])
        yield ast.keyword(node.arg, empty)


def never(node: ast.AST) -> Iterator[Any]:
    """What an `if` refuses is let through."""
    if isinstance(node, ast.If):
        yield ast.If(ast.Constant(False), node.body, node.orelse)


def unasked(node: ast.AST) -> Iterator[Any]:
    """What is done only if, is done without asking."""
    leaves = (ast.Raise, ast.Return, ast.Continue, ast.Break)
    if isinstance(node, ast.If) and not node.orelse and not isinstance(node.body[-1], leaves):
        yield ast.If(ast.Constant(True), node.body, [])


def part_dropped(node: ast.AST) -> Iterator[Any]:
    """One operand of `and`, `or`, and of conditions and predicates joined by `&` and `|`."""
    if isinstance(node, ast.BoolOp) and not _is_default(node):
        for at in range(len(node.values)):
            rest = [value for other, value in enumerate(node.values) if other != at]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        yield node.left
        yield node.right


def _is_default(node: ast.BoolOp) -> bool:
    """`given or {}`"""
    last = node.values[-1]
    return isinstance(node.op, ast.Or) and (isinstance(last, ast.Constant) or ast.unparse(last) in ("{}", "[]", "()"))


def always_yes(node: ast.AST) -> Iterator[Any]:
    """A question answered with yes, whatever was asked; a hash that is not compared."""
    if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name) and node.returns.id == "bool":
        yield _with_body(node, [ast.Return(ast.Constant(True))])
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Compare):
        yield ast.Return(ast.Constant(True))


def filter_dropped(node: ast.AST) -> Iterator[Any]:
    """One condition of a query."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("filter", "exclude"):
        for at in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, node.keywords[:at] + node.keywords[at + 1 :])
        for at in range(len(node.args)):
            yield ast.Call(node.func, node.args[:at] + node.args[at + 1 :], node.keywords)


def reasons_dropped(node: ast.AST) -> Iterator[Any]:
    """What speaks against an act is not said."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.YieldFrom):
        yield ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load())))


OPERATORS = {
    "call dropped": call_dropped,
    "lock dropped": lock_dropped,
    "weaker permission": weaker_permission,
    "guard dropped": guard_dropped,
    "never": never,
    "unasked": unasked,
    "part dropped": part_dropped,
    "always yes": always_yes,
    "filter dropped": filter_dropped,
    "reasons dropped": reasons_dropped,
}


def mutants_of(file: str) -> list[Mutant]:
    """Every mutant of `file`, a path from the checkout's root, in the order of the source."""
    return mutants_in((ROOT / file).read_text(), file)


def mutants_in(source: str, file: str = "") -> list[Mutant]:
    made, seen, tree = [], Counter[str](), ast.parse(source)
    texts = {name: ast.get_source_segment(source, function) for name, function in _functions(tree.body)}
    digests = {name: hashlib.sha256((text or source).encode()).hexdigest()[:16] for name, text in texts.items()}
    whole = hashlib.sha256(source.encode()).hexdigest()[:16]
    for number, (node, inside, operator, _put, new) in enumerate(_breaks(tree)):
        mutant = Mutant(file, node.lineno, inside, operator, _text(node, new), number, digests.get(inside, whole))
        seen[mutant.key] += 1
        again = f" ({seen[mutant.key]})" if seen[mutant.key] > 1 else ""
        made.append(replace(mutant, text=mutant.text + again))
    return made


def _functions(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield within + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{within}{node.name}{_CLASS}")


def broken(mutant: Mutant) -> CodeType:
    """The module's code with this one break in it; its lines are those of the file."""
    return compile(broken_tree((ROOT / mutant.file).read_text(), mutant.number), str(ROOT / mutant.file), "exec")


def broken_tree(source: str, number: int) -> ast.Module:
    tree = ast.parse(source)
    _node, _inside, _operator, put, new = list(_breaks(tree))[number]
    put(ast.copy_location(copy.deepcopy(new), _node))
    return ast.fix_missing_locations(tree)


def _breaks(tree: ast.Module) -> Iterator[tuple[Any, str, str, Put, Any]]:
    for node, inside, put in list(_nodes(tree, "")):
        for operator, change in OPERATORS.items():
            for new in change(node):
                yield node, inside, operator, put, new


def _nodes(parent: ast.AST, inside: str) -> Iterator[tuple[Any, str, Put]]:
    """Every node with the outermost function around it, and how another is put in its place."""
    for field, value in ast.iter_fields(parent):
        if field in ("annotation", "returns"):
            continue
        for at, node in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(node, ast.AST):
                continue
            put = _putting(parent, field, at if isinstance(value, list) else None)
            within = _inside(parent, field, inside, node)
            yield node, within, put
            yield from _nodes(node, within)


def _putting(parent: ast.AST, field: str, at: int | None) -> Put:
    def put(new: Any) -> None:
        if at is None:
            setattr(parent, field, new)
        else:
            getattr(parent, field)[at] = new

    return put


_CLASS = "."  # ends the name of a class that a function may stand in


def _inside(parent: ast.AST, field: str, inside: str, node: ast.AST) -> str:
    """Decorators and defaults run at import, so they are not inside their function."""
    if isinstance(parent, ast.FunctionDef) and field in ("decorator_list", "args"):
        return ""
    if inside and not inside.endswith(_CLASS):
        return inside
    if isinstance(node, ast.FunctionDef):
        return inside + node.name
    return f"{inside}{node.name}{_CLASS}" if isinstance(node, ast.ClassDef) else inside


def _with_body(function: ast.FunctionDef, body: list[ast.stmt]) -> ast.FunctionDef:
    new = copy.copy(function)
    new.body = body
    return new


def _text(node: ast.AST, new: Any) -> str:
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    if isinstance(node, ast.FunctionDef):
        return f"def {node.name}"
    if isinstance(node, ast.BoolOp | ast.BinOp) or (isinstance(node, ast.Call) and not isinstance(new, ast.Name)):
        return f"{ast.unparse(node)} -> {ast.unparse(new)}"
    return ast.unparse(node)
