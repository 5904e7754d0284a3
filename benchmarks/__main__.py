"""`python -m benchmarks [NAME …] [--small]`: measures, prints, and writes its part of docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

import django
from django.core.management import call_command
from django.template.base import Template
from django.test.utils import setup_test_environment

PATHS = [
    "audit",
    "calendar",
    "inbox",
    "ingest",
    "pages",
    "purging",
    "register",
    "search",
    "sending",
    "trail",
]


ASKED_FOR = ["inbox_large"]  # measured where it is named alone


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[*PATHS, *ASKED_FOR, []], help="which; all but the largest unless said"
    )
    parser.add_argument("--small", action="store_true", help="a tenth of the size, to see that it runs")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    django.setup()
    as_served = Template._render
    setup_test_environment()
    Template._render = as_served  # not the tests' own, which copies what each of fifty templates was given
    call_command("migrate", verbosity=0)
    from benchmarks import report
    from governance.loading import load

    load()  # as a web process does

    for name in chosen.names or PATHS:
        part = report.written(import_module(f"benchmarks.{name}").measure(small=chosen.small), small=chosen.small)
        sys.stdout.write(f"\n{part}")
        if not chosen.small:
            report.keep([part])


if __name__ == "__main__":
    main()
