"""Words for what reconciliation's pages show."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WHY: dict[str, str | Promise] = {
    "no_reference": _("No reference of ours in it"),
    "unknown_reference": _("Its reference is no operation of ours"),
    "owner_stopped": _("The customer whose reference it has may not receive money now"),
    "wrong_amount": _("Not the amount of the operation it names"),
    "wrong_currency": _("Not the currency of the operation it names"),
    "already_paid": _("The operation it names is paid already"),
    "not_payable": _("The operation it names cannot be paid any more"),
    "reversal": _("The bank takes back an earlier booking"),
    "unknown_debit": _("Money left, and no operation of ours says why"),
    "movement_missing": _("The operation it names has no movement of that amount yet"),
    "movement_overdue": _("The movement of the operation it names has not come in time"),
    "dispute_open": _("Taken for a disputed payment; it waits for the decision"),
    "payout_open": _("A payment out that is not ended yet, or is on its way back"),
    "charges": _("The bank's charges"),
    "interest": _("The bank's interest"),
    "late_payment": _("It came after its order had ended"),
    "wrong_payee": _("Paid to another account than ordered"),
}
STATES: dict[str, tuple[str | Promise, str]] = {
    "open": (pgettext_lazy("line of a statement", "open"), "wait"),
    "proposed": (pgettext_lazy("line of a statement", "to be approved"), "info"),
    "returning": (pgettext_lazy("line of a statement", "going back"), "info"),
    "matched": (pgettext_lazy("line of a statement", "matched"), "ok"),
    "assigned": (pgettext_lazy("line of a statement", "credited"), "ok"),
    "credited": (pgettext_lazy("line of a statement", "credited"), "ok"),
    "returned": (pgettext_lazy("line of a statement", "sent back"), "quiet"),
    "written": (pgettext_lazy("line of a statement", "written off or up"), "quiet"),
    "reversed": (pgettext_lazy("line of a statement", "taken back by the bank"), "quiet"),
}
ACTIONS: dict[str, str | Promise] = {
    "credit_operation": _("Credit this top-up"),
    "credit_customer": _("Credit this customer"),
    "return": _("Send it back to its payer"),
    "write": _("Write it to charges or interest"),
    "match": _("It is this operation's movement"),
    "credit": _("Credit it to the customer"),
}
PARTS: dict[str, str | Promise] = {
    "amount": pgettext_lazy("sign of a candidate", "amount"),
    "reference": pgettext_lazy("sign of a candidate", "reference"),
    "name": pgettext_lazy("sign of a candidate", "name"),
    "time": pgettext_lazy("sign of a candidate", "day"),
}
CLOSE_STATES: dict[str, tuple[str | Promise, str]] = {
    "draft": (pgettext_lazy("daily close", "to be looked at"), "wait"),
    "prepared": (pgettext_lazy("daily close", "to be signed"), "info"),
    "signed": (pgettext_lazy("daily close", "signed"), "ok"),
}
ITEM_KINDS: dict[str, str | Promise] = {
    "in_transit": _("Booked here, not on a statement yet"),
    "booked_later": _("On a statement, booked here afterwards"),
    "line_open": _("On a statement, and nobody's yet"),
    "payout_open": _("Taken for a payment out that is not ended yet, or is on its way back"),
    "amount_differs": _("Line and movement are not the same amount"),
    "opening": _("What the account held before the first statement"),
    "statement_gap": _("The bank's closing is not what its lines come to"),
}
RAILS: dict[str, str | Promise] = {
    "bank": pgettext_lazy("rail", "Bank"),
    "alipay": pgettext_lazy("rail", "Alipay"),
    "wechat": pgettext_lazy("rail", "WeChat Pay"),
    "unionpay": pgettext_lazy("rail", "UnionPay"),
    "card": pgettext_lazy("rail", "Cards"),
}
