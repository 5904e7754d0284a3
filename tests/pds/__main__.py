"""Installs servers of others before a test needs them, and lets everything else go first."""

import os
import sys

import pytest

from tests.appview.fixture import packages as appview
from tests.pds.fixture import packages as pds
from tests.provider.fixture import packages as provider

if __name__ == "__main__":
    os.nice(10)
    for packages in (provider, pds, appview):
        try:
            packages().install()
        except (pytest.skip.Exception, pytest.fail.Exception) as absent:
            print(absent, file=sys.stderr)
