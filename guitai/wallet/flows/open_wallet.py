"""A wallet for a new customer: one account in each currency of the operator."""

from uuid import UUID

from guitai.kit.operator import operator
from guitai.ledger.api import create_accounts
from guitai.wallet.rules.chart import customer_account


def open_wallet(owner: UUID) -> None:
    create_accounts([customer_account(owner, currency) for currency in operator().currencies])
