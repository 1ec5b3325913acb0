"""The server's own settings files, written at each start into a folder of ours."""

import os
import pwd
from pathlib import Path

from guitai.site.postgres.account import Account
from guitai.site.postgres.place import Place

ROLE, DATABASE, SUPERUSER = "guitai", "guitai", "postgres"
_MEBIBYTE = 1024 * 1024


def write(place: Place, account: Account, *, durable: bool) -> Path:
    """Write the three files; gives the path of the main one.

    Nobody but the user who starts Guitai and the database's own user gets in: the socket's folder is
    private, there is no TCP port, and the kernel says who is calling (peer), so there is no password.
    """
    place.settings.mkdir(mode=0o755, exist_ok=True)
    callers = sorted({account.name, pwd.getpwuid(os.geteuid()).pw_name})
    identities = "".join(f'guitai "{caller}" {role}\n' for caller in callers for role in (ROLE, SUPERUSER))
    _write(place.settings / "pg_hba.conf", "local all all peer map=guitai\n")
    _write(place.settings / "pg_ident.conf", identities)
    main = place.settings / "postgresql.conf"
    _write(main, "".join(f"{name} = {value}\n" for name, value in _values(place, durable).items()))
    return main


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o644)


def _values(place: Place, durable: bool) -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEBIBYTE
    values = {
        "hba_file": _quoted(place.settings / "pg_hba.conf"),
        "ident_file": _quoted(place.settings / "pg_ident.conf"),
        "listen_addresses": "''",
        "unix_socket_directories": _quoted(place.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": f"{min(max(memory // 8, 128), 2048)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "maintenance_work_mem": "128MB",
        "min_wal_size": "256MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "logging_collector": "on",
        "log_directory": _quoted(place.log),
        "log_filename": "'postgresql-%a.log'",
        "log_truncate_on_rotation": "on",
        "log_rotation_size": "0",
        # Statements and row details may carry personal data: the log gets neither.
        "log_min_error_statement": "fatal",
        "log_error_verbosity": "terse",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        values |= {"shared_buffers": "128MB", "autovacuum_naptime": "10min"}
    return values


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("\\", "\\\\").replace("'", "''") + "'"
