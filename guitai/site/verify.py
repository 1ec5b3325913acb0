"""The proof of the whole house: the books, the audit chain, and the wallet's operations against the books."""

from guitai.audit import api as audit
from guitai.ledger import api as ledger
from guitai.wallet import api as wallet


def run() -> tuple[list[str], str]:
    """Every finding, one line each (none is the proof), and how far the audit chain is sealed."""
    chain = audit.verify()
    findings = [*ledger.verify(), *wallet.verify(), *chain.problems]
    return findings, f"audit chain: {chain.sealed} rows sealed, {chain.unsealed} in the tail not yet sealed"
