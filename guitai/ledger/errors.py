"""The ledger answers with result names, item by item; only a question about nothing is a refusal."""

from guitai.base.refusal import NotFound


class AccountNotFound(NotFound):
    pass
