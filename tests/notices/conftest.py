from __future__ import annotations

from collections.abc import Callable

import pytest

from notices import kinds
from notices.actions.looking import compare
from tests.approvals.conftest import town
from tests.factories.notices import Trial
from tests.publishing.conftest import House, house, media_folder, source_sentences

__all__ = ["house", "media_folder", "source_sentences", "town"]


@pytest.fixture(name="trial")
def trials(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Trial]:
    """A kind of notice in the house's unit, told to its approver; nothing else is looked at."""
    monkeypatch.setattr(kinds, "_KINDS", {})
    place: House = request.getfixturevalue("house")

    def begin(**facts: object) -> Trial:
        made = Trial(**{"unit": place.unit, "people": [place.approver], **facts})
        kinds.register(made.kind())
        return made

    return begin


def look(*keys: str) -> None:
    """Compares what was told with what stands: of these kinds, or of all."""
    for kind in kinds.registered():
        if not keys or kind.key in keys:
            compare(kind)
