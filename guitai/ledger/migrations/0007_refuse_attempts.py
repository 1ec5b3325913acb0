"""What is written once refuses the statement that would change it, whether or not it would find a row."""

from django.db import migrations

_TRIGGERS = {
    "ledger_transfer": "ledger_transfer_written_once",
    "ledger_entry": "ledger_entry_written_once",
    "ledger_failed_transfer": "ledger_failed_written_once",
}


def _guards(each: str) -> str:
    return "".join(
        f"DROP TRIGGER {name} ON {table};"
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH {each}"
        " EXECUTE FUNCTION ledger_refuse_change();"
        for table, name in _TRIGGERS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_dated")]
    operations = [migrations.RunSQL(_guards("STATEMENT"), _guards("ROW"))]
