"""`guitai statements`: what account statements say, and taking them in."""

import argparse
import sys
from pathlib import Path

from django.conf import settings

from guitai.base.refusal import Refusal
from guitai.kit import explain
from guitai.rails.explanations import register_explanations
from guitai.site import surroundings
from guitai.site.command import statement_output
from guitai.site.command.late import part

PARSE_EPILOG = """\
camt.052, camt.053 and camt.054 (ISO 20022, versions 02 to 13) and MT940 are recognised by themselves. CSV needs
--mapping: a JSON file such as

  {"name": "our bank", "account": "6228480010", "currency": "CNY", "encoding": "gb18030", "delimiter": ",",
   "date_format": "%Y/%m/%d", "decimal_sign": ".",
   "columns": {"booked_on": "Date", "amount": "Amount", "reference": "Serial", "remittance": "Remark"}}

With --json: [{"account", "currency", "opening", "closing", "entries": [{"amount", "credit", "booked_on",
"value_on", "reversal", "reference", "end_to_end_id", "counterparty", "remittance"}]}], amounts in minor units,
what the file does not say is null. `credit` is which way the balance went, also for a reversal. A booking of
several payments is one entry for each payment when their amounts come to the booking's, otherwise one entry.
Entries that are not booked are left out. Opening balance and entries must come to the closing balance.

Nothing is stored, and nothing is printed of a file that is refused. Exits with 1 when it is refused.
"""
IMPORT_EPILOG = """\
The same file twice changes nothing. A file that is refused is kept to be looked at; nothing of it is used. An import
that was interrupted goes on where it was. Files that are still being written (.part, .tmp, or changed within the last
seconds) are left for the next time. Exits with 1 when any file is refused.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    parse = actions.add_parser(
        "parse",
        help="print what a statement file says, without storing anything",
        epilog=PARSE_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parse.add_argument("file", type=Path, metavar="FILE", help="the statement file")
    parse.add_argument("--json", action="store_true", help="JSON for programs instead of a table")
    parse.add_argument("--format", choices=("camt", "mt940", "csv"), help="the format (recognised by itself)")
    parse.add_argument("--mapping", type=Path, metavar="JSON", help="how a CSV file is written (see below)")
    parse.add_argument("--encoding", help="the encoding of an MT940 file that is not UTF-8")
    take = actions.add_parser(
        "import",
        help="take statement files in",
        epilog=IMPORT_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    take.add_argument("paths", type=Path, nargs="+", metavar="FILE|FOLDER", help="files, or folders of files")
    parser.epilog = "`guitai statements ACTION --help` says more."


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "import":
        with surroundings.ready():
            return int(part("command.statement_import", "import_paths")(arguments.paths))
    return _parse(arguments)


def _parse(arguments: argparse.Namespace) -> int:
    try:
        statement_output.show(
            arguments.file,
            as_json=arguments.json,
            format_=arguments.format,
            mapping=arguments.mapping,
            encoding=arguments.encoding,
        )
    except Refusal as refusal:
        print(f"guitai: {arguments.file}: {_in_words(refusal)}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read us has seen enough; Python would complain once more when it closes.
        sys.stdout = None
        return 1
    return 0


def _in_words(refusal: Refusal) -> str:
    """A refusal for a terminal. Words only need Django's settings to exist, not a database or secrets."""
    if not settings.configured:
        settings.configure(USE_I18N=False, USE_TZ=True)
    register_explanations()
    return f"{explain.sentences(refusal.code, refusal.facts)} [{refusal.code}]"
