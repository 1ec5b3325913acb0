"""The system user that the database runs as: PostgreSQL refuses to be root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guitai.site.postgres.refusals import ClusterRefused

NAME = "guitai-postgres"


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int
    # True when we are root and the database must run as somebody else.
    other: bool

    def process_options(self) -> dict[str, Any]:
        """What `subprocess` needs to run a program as this user."""
        if not self.other:
            return {"umask": 0o077}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}

    def own(self, path: Path) -> None:
        if self.other:
            os.chown(path, self.uid, self.gid)

    def can_traverse(self, folder: Path) -> bool:
        """Whether each folder on the way lets this user through."""
        return all(self._may_enter(step) for step in (folder, *folder.parents))

    def _may_enter(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        return bool(status.st_mode & (0o010 if status.st_gid == self.gid else 0o001))


def account() -> Account:
    """Ourselves, or, when we are root, a system user of our own (made on first use)."""
    uid = os.geteuid()
    if uid == 0:
        return _system_account()
    try:
        return Account(pwd.getpwuid(uid).pw_name, uid, os.getegid(), other=False)
    except KeyError:
        raise ClusterRefused(
            f"the user id {uid} has no name on this system and PostgreSQL needs one: add it to /etc/passwd, "
            "run as another user, or set GUITAI_DATABASE_URL to a PostgreSQL of your own."
        ) from None


def _system_account() -> Account:
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _create()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, other=True)


def _create() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", NAME], check=False, capture_output=True)
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        raise ClusterRefused(
            f"PostgreSQL may not run as root and the system user {NAME} could not be made: create it "
            "(useradd --system guitai-postgres), run Guitai as an ordinary user, or set GUITAI_DATABASE_URL "
            "to a PostgreSQL of your own."
        ) from None
