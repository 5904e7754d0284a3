"""A web process has all that it needs before the first request, and collects no garbage in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LOOK = """
import gc, sys
from governance.wsgi import application
from django.template import engines
engine = engines["django"].engine
kept = engine.template_loaders[0].get_template_cache
assert gc.get_freeze_count() > 100_000, gc.get_freeze_count()
assert len(gc.get_objects()) < 2_000, len(gc.get_objects())
assert any("conversation.html" in name for name in kept), sorted(kept)
assert "publishing.views.calendar" in sys.modules
"""


@pytest.mark.slow
def test_a_web_process_sets_aside_what_it_keeps(project_root: Path) -> None:
    """What is set aside no collection walks through: views, models and templates, for as long as the process lives."""
    ended = subprocess.run([sys.executable, "-c", LOOK], cwd=project_root, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
