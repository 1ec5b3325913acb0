"""The sealed columns of the wallet."""

from guitai.kit.sealed import Indexed, Sealed, register

# A payee without a wallet yet is found by the index that people keeps of phone numbers.
_PHONE_INDEX = "people.phone"

register(
    Sealed("wallet_operation", "payee_phone", "operation.payee_phone"),
    Sealed("wallet_operation", "note", "operation.note"),
    Sealed(
        "wallet_party", "counterparty_phone", "party.counterparty_phone", key=("operation_id", "owner"),
        row="operation_id",
    ),
    Sealed(
        "wallet_withdrawal", "account_sealed", "withdrawal.account", key="operation_id", row="operation_id",
    ),
    Indexed("wallet_operation", "payee_index", _PHONE_INDEX, "payee_phone", "operation.payee_phone"),
)  # fmt: skip
