"""Two playbooks, ready before anything happens."""

from __future__ import annotations

import json
from pathlib import Path

from crisis import actions
from crisis.enums import Phase
from governance.demonstration.service import Service

DATA = Path(__file__).parent


def build(service: Service) -> None:
    for facts in json.loads((DATA / "playbooks.json").read_text()):
        actions.create_playbook(
            unit=service.units["fin"],
            title=facts["title"],
            summary=facts["summary"],
            steps={Phase(phase): facts[phase] for phase in ("before", "during", "after")},
            by=service.people["crisis"],
        )
