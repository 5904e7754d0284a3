"""A pytest plugin for what runs at import: the module is compiled with the break in it (`MUTANT`, its key)."""

import os
from importlib.machinery import SourceFileLoader
from types import CodeType

import pytest

from tests.mutants.making import ROOT, broken, mutants_of
from tests.mutants.running import everyday

_key = os.environ["MUTANT"]
_mutant = next(one for one in mutants_of(_key.split(":")[0]) if one.key == _key)
_get_code = SourceFileLoader.get_code


def get_code(self: SourceFileLoader, name: str) -> CodeType | None:
    return broken(_mutant) if self.path == str(ROOT / _mutant.file) else _get_code(self, name)


SourceFileLoader.get_code = get_code


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items[:] = everyday(items, config.args)
