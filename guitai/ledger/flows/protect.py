"""Take from a role the rights to change what is written once: the second guard, and on Citus the only one."""

from django.db import connection, transaction
from psycopg import sql

# What may still be changed in place, column by column; of everything else a role keeps reading and adding.
_MAY_CHANGE = {
    "ledger_account": (
        "flags", "debits_pending", "debits_posted", "credits_pending", "credits_posted", "version", "recorded_at",
    ),
    "ledger_pending": ("state", "resolved_by"),
    "ledger_transfer": (),
    "ledger_entry": (),
    "ledger_failed_transfer": (),
}  # fmt: skip


def protect(role: str | None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        who = sql.SQL("CURRENT_USER") if role is None else sql.Identifier(role)
        for name, columns in _MAY_CHANGE.items():
            table = sql.Identifier(name)
            cursor.execute(
                sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {} FROM PUBLIC, {}").format(
                    table, who
                )
            )
            cursor.execute(sql.SQL("GRANT SELECT, INSERT ON {} TO {}").format(table, who))
            if columns:
                listed = sql.SQL(", ").join(map(sql.Identifier, columns))
                cursor.execute(sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(listed, table, who))
