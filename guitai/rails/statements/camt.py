"""ISO 20022 camt.053, camt.054 and camt.052."""

from collections.abc import Iterator

from guitai.rails.statements.camt_statement import CamtStatements
from guitai.rails.statements.shape import StatementPart
from guitai.rails.statements.source import Source
from guitai.rails.statements.xml_stream import read_xml


def read_camt(source: Source, encoding: str) -> Iterator[StatementPart]:
    """The statements of a camt message, part by part.

    takes    a source and its encoding
    gives    StatementHead, its entries, StatementFoot; again for the next account
    refuses  statement_version_unknown, statement_hostile, statement_incomplete, statement_malformed,
             statement_encoding_wrong, statement_too_large, statement_amount_wrong, statement_currency_*
    source   ISO 20022 camt.052/053/054.001.02 to .13
    """
    return read_xml(source, encoding, CamtStatements(source.limits))
