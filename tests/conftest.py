"""What every test may rely on. Each folder adds its own."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def recorded_data() -> Path:
    """Recorded answers of real networks, which lie beside the checkout; without them the test is skipped by name."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the recorded data are not beside this checkout (../shared/data)")
    return folder
