"""Where things lie: the checkout, and the folder `.parvis` in which one machine's state lives."""

import os
from dataclasses import dataclass
from pathlib import Path

from launcher.words import Stop


@dataclass(frozen=True)
class Places:
    """All paths, from the checkout's root."""

    root: Path

    @property
    def state(self) -> Path:
        return self.root / ".parvis"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def broker(self) -> Path:
        return self.state / "broker"

    @property
    def simulator(self) -> Path:
        return self.state / "simulator"

    @property
    def secrets(self) -> Path:
        return self.state / "secrets"

    @property
    def people(self) -> Path:
        return self.state / "people.json"

    @property
    def stamps(self) -> Path:
        return self.state / "stamps"

    @property
    def run_lock(self) -> Path:
        return self.state / "run.lock"

    def make_state(self) -> None:
        """`.parvis`, for this user only, but passable: PostgreSQL may run beside it as another user."""
        try:
            for folder in (self.state, self.logs, self.stamps, self.simulator, self.state / "media"):
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o700)
            self.state.chmod(0o711)
        except OSError as error:
            raise Stop(f"Parvis cannot write in {self.root}: {error.strerror}. Give this user that folder.") from error


def here() -> Places:
    """The checkout that this launcher lies in."""
    return Places(Path(__file__).resolve().parent.parent)


def environment(**extra: str) -> dict[str, str]:
    """This process's environment without what would lead a child astray, and with `extra`."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH", "MAKEFLAGS"}}
    return kept | extra
