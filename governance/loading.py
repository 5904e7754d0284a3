"""What a web process loads before its first request, and keeps for good."""

from __future__ import annotations

import gc
from pathlib import Path

from django.conf import settings
from django.template import engines
from django.urls import get_resolver


def load() -> None:
    """Imports every view and compiles every template of the house: no reader waits for it.

    All of it lives as long as the process, so that the garbage collector need not walk through it again: a full
    collection took 100 ms in the middle of a page. With `--preload`, whatever is forked shares it too.
    """
    _ = get_resolver().url_patterns
    folder = Path(settings.BASE_DIR, "templates")
    for file in sorted(folder.rglob("*.html")):
        engines["django"].get_template(str(file.relative_to(folder)))
    gc.collect()
    gc.freeze()
