"""Where a cluster lives: under the home folder, or, when its user cannot get there, where it can."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from guitai.site.postgres.account import Account
from guitai.site.postgres.refusals import ClusterRefused

ELSEWHERE = Path("/var/lib/guitai")
# A Unix socket's whole path must be shorter than 108 bytes.
_SOCKET_PATH_MAX = 107
_SOCKET_NAME = "/.s.PGSQL.5432.lock"


@dataclass(frozen=True, slots=True)
class Place:
    """The folder is ours; `data`, `sockets` and `log` inside it belong to the database's user."""

    folder: Path
    sockets: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def settings(self) -> Path:
        return self.folder / "settings"


def find_folder(home: Path, account: Account, elsewhere: Path = ELSEWHERE) -> Path:
    """The cluster's folder, made when missing.

    A home that the database's user cannot enter (root's own, mode 0700) keeps only a link, and the
    cluster goes below /var/lib. When the link is gone its home was deleted, and the cluster of that lost
    home is set aside, never reused: its keys went with the home.
    """
    home.mkdir(parents=True, exist_ok=True)
    home = home.resolve()
    link = home / "postgres"
    if link.is_symlink():
        folder = Path(os.readlink(link))
    elif link.exists() or account.can_traverse(home):
        folder = link
    else:
        folder = _elsewhere(home, link, elsewhere)
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.chmod(0o755)
    if not account.can_traverse(folder):
        raise ClusterRefused(
            f"the database's user {account.name} cannot enter {folder}: let others pass through its parent "
            "folders (chmod o+x), choose another GUITAI_HOME, or run Guitai as an ordinary user."
        )
    return folder


def _elsewhere(home: Path, link: Path, elsewhere: Path) -> Path:
    folder = elsewhere / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    if folder.exists():
        folder.rename(_free_name(folder))
    link.symlink_to(folder)
    return folder


def _free_name(folder: Path) -> Path:
    number = 1
    while (name := folder.with_name(f"{folder.name}.left-{number}")).exists():
        number += 1
    return name


def socket_folder(folder: Path, account: Account) -> Path:
    """A private folder for the socket, short enough for the system's limit on such paths."""
    path = folder / "sockets"
    if len(os.fsencode(str(path) + _SOCKET_NAME)) > _SOCKET_PATH_MAX:
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        path = Path(tempfile.gettempdir()) / f"guitai-{digest}"
    private_folder(path, account)
    return path


def private_folder(path: Path, account: Account) -> None:
    """A folder that only the database's user (and root) may enter; refuses one that is somebody else's."""
    try:
        path.mkdir(mode=0o700)
        account.own(path)
    except FileExistsError:
        pass
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid:
        raise ClusterRefused(
            f"{path} belongs to another user: start Guitai as the user who started it first, or choose "
            "another GUITAI_HOME."
        )
    path.chmod(0o700)
