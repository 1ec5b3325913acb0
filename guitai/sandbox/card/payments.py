"""What payers, merchants and banks do: pay, expire, refund, dispute."""

from typing import Any

from guitai.sandbox.card.book import Book, Object, new_id
from guitai.sandbox.card.cards import Card
from guitai.sandbox.card.errors import invalid, missing
from guitai.sandbox.faults import Faults
from guitai.sandbox.world import seconds

# Of a payment, in hundredths of a percent, rounded half up; refunds give nothing of it back.
FEE_PER_10000 = 290
DISPUTE_FEE = 1_500


def expire_if_over(book: Book, session: Object) -> Object:
    """A session whose time is over is expired, whoever looks first."""
    if session["status"] == "open" and session["expires_at"] <= seconds():
        session |= {"status": "expired", "url": None}
        book.keep(session)
        book.announce([("checkout.session.expired", session)], Faults())
    return session


def pay(book: Book, session: Object, card: Card, faults: Faults) -> Object:
    """The payer has confirmed; gives the payment intent, made or failed."""
    if expire_if_over(book, session)["status"] != "open":
        raise invalid("checkout_session_not_open", "This session cannot be paid any more.")
    with book.store.transaction():
        known = session["payment_intent"] and book.find("payment_intent", session["payment_intent"])
        intent = known or _intent(session)
        if card.code:
            error = {
                "code": card.code,
                "decline_code": card.decline_code,
                "type": "card_error",
                "message": card.title,
            }
            intent |= {"status": "requires_payment_method", "last_payment_error": error}
            session["payment_intent"] = intent["id"]
            book.keep(session)
            book.keep(intent, session["id"])
            book.announce([("payment_intent.payment_failed", intent)], Faults())
            return intent
        charge = _charge(session, intent, card)
        intent |= {
            "status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"],
            "last_payment_error": None,
        }  # fmt: skip
        session |= {
            "status": "complete", "payment_status": "paid", "payment_intent": intent["id"], "url": None,
        }  # fmt: skip
        fee = (intent["amount"] * FEE_PER_10000 + 5_000) // 10_000
        moved = _transaction("charge", intent["amount"], fee, intent["currency"], charge["id"])
        charge["balance_transaction"] = moved["id"]
        for each, parent in (
            (session, ""),
            (intent, session["id"]),
            (charge, intent["id"]),
            (moved, charge["id"]),
        ):
            book.keep(each, parent)
        told = [
            ("charge.succeeded", charge),
            ("payment_intent.succeeded", intent),
            ("checkout.session.completed", session),
        ]
        book.announce(told, faults)
    if card.disputed:
        dispute(book, intent, "fraudulent")
    return intent


def refund(book: Book, fields: dict[str, Any], amount: int | None) -> Object:
    """Money back; inside the caller's transaction."""
    intent = book.find("payment_intent", str(fields.get("payment_intent", "")))
    if intent is None:
        raise missing("payment_intent", str(fields.get("payment_intent", ""))[:60])
    if intent["status"] != "succeeded":
        raise invalid("payment_intent_unexpected_state", "This payment was not made.")
    if refused := book.taken("refund_refuse"):
        raise invalid(refused, "The acquirer's clerk refused this refund.")
    if any(each["status"] != "won" for each in book.listed("dispute", parent=intent["id"])):
        raise invalid("charge_disputed", "This payment has been charged back.")
    left = left_of(book, intent)
    if not left:
        raise invalid("charge_already_refunded", "This payment was sent back already.")
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise invalid("amount_too_large", "More than is left of the payment.", "amount")
    made = {
        "id": new_id("re"), "object": "refund", "amount": wanted, "charge": intent["latest_charge"],
        "created": seconds(), "currency": intent["currency"], "metadata": fields.get("metadata", {}),
        "payment_intent": intent["id"], "reason": None, "status": book.taken("refund_status") or "succeeded",
        "balance_transaction": None, "receipt_number": None, "source_transfer_reversal": None,
        "transfer_reversal": None, "destination_details": {"type": "card", "card": {"type": "refund"}},
    }  # fmt: skip
    if made["status"] == "failed":
        made["failure_reason"] = book.taken("refund_failure") or "expired_or_canceled_card"
    else:
        moved = _transaction("refund", -wanted, 0, intent["currency"], made["id"])
        made["balance_transaction"] = moved["id"]
        book.keep(moved, made["id"])
    book.keep(made, intent["id"])
    book.announce([("refund.created", made), ("charge.refunded", _charge_of(book, intent))], Faults())
    return made


def left_of(book: Book, intent: Object) -> int:
    """What of a payment was not sent back."""
    refunds = book.listed("refund", parent=intent["id"])
    gone = [each for each in refunds if each["status"] not in ("failed", "canceled")]
    return int(intent["amount"] - sum(each["amount"] for each in gone))


def settle_refund(book: Book, made: Object) -> Object:
    """End what was pending."""
    with book.store.transaction():
        ended = book.keep(made | {"status": "succeeded"}, made["payment_intent"])
        book.announce([("refund.updated", ended)], faults_of_refunds(book))
    return ended


def fail_refund(book: Book, made: Object, reason: str) -> Object:
    """The card's bank does not take it, perhaps days later: what had left the balance comes back to it."""
    with book.store.transaction():
        ended = made | {"status": "failed", "failure_reason": reason}
        if made["balance_transaction"]:
            moved = _transaction("refund_failure", made["amount"], 0, made["currency"], made["id"])
            ended["failure_balance_transaction"] = moved["id"]
            book.keep(moved, made["id"])
        book.keep(ended, made["payment_intent"])
        told = [("refund.updated", ended), ("refund.failed", ended)]
        book.announce(told, faults_of_refunds(book))
    return ended


def faults_of_refunds(book: Book) -> Faults:
    """What goes wrong with the next words about a refund, as the clerk arranged it."""
    wrong = book.taken("refund_notice")
    return Faults(
        delay_s=10 if wrong == "late" else 0,
        copies=2 if wrong == "twice" else 1,
        bad_signature=wrong == "bad_signature",
        lost=wrong == "lost",
    )


def dispute(book: Book, intent: Object, reason: str) -> Object:
    """The cardholder says at their bank that they did not want this payment; what was sent back is not disputed."""
    left = left_of(book, intent)
    if not left:
        raise invalid("charge_already_refunded", "All of this payment was sent back.")
    with book.store.transaction():
        made = {
            "id": new_id("dp"), "object": "dispute", "amount": left, "charge": intent["latest_charge"],
            "created": seconds(), "currency": intent["currency"], "payment_intent": intent["id"], "reason": reason,
            "status": "needs_response", "metadata": {}, "is_charge_refundable": False,
        }  # fmt: skip
        moved = _transaction("adjustment", -left, DISPUTE_FEE, intent["currency"], made["id"])
        book.keep(made, intent["id"])
        book.keep(moved, made["id"])
        book.announce([("charge.dispute.created", made)], Faults())
    return made


def decide(book: Book, made: Object, status: str) -> Object:
    """The cardholder's bank decides; what the merchant has won is booked back."""
    with book.store.transaction():
        ended = made | {"status": status}
        book.keep(ended, made["payment_intent"])
        if status == "won":
            book.keep(_transaction("adjustment", made["amount"], 0, made["currency"], made["id"]), made["id"])
        book.announce([("charge.dispute.closed", ended)], Faults())
    return ended


def _intent(session: Object) -> Object:
    return {
        "id": new_id("pi"), "object": "payment_intent", "amount": session["amount_total"], "amount_received": 0,
        "created": seconds(), "currency": session["currency"], "latest_charge": None, "last_payment_error": None,
        "livemode": False, "metadata": session["_intent_metadata"], "status": "requires_payment_method",
        "payment_method_types": ["card"],
    }  # fmt: skip


def _charge(session: Object, intent: Object, card: Card) -> Object:
    return {
        "id": new_id("ch"), "object": "charge", "amount": intent["amount"], "created": seconds(),
        "currency": intent["currency"], "metadata": intent["metadata"], "paid": True, "payment_intent": intent["id"],
        "payment_method_details": {
            "type": "card",
            "card": {"brand": card.brand, "funding": card.funding, "last4": card.last4},
        },
        "status": "succeeded", "amount_refunded": 0, "refunded": False,
    }  # fmt: skip


def _charge_of(book: Book, intent: Object) -> Object:
    """The charge with what has gone back of it, written down."""
    charge = book.find("charge", str(intent["latest_charge"])) or {}
    back = intent["amount"] - left_of(book, intent)
    charge |= {"amount_refunded": back, "refunded": back == intent["amount"]}
    return book.keep(charge, intent["id"])


def _transaction(kind: str, amount: int, fee: int, currency: str, source: str) -> Object:
    return {
        "id": new_id("txn"), "object": "balance_transaction", "amount": amount, "available_on": seconds() + 2 * 86_400,
        "created": seconds(), "currency": currency, "fee": fee, "net": amount - fee, "source": source,
        "status": "pending", "type": kind, "reporting_category": kind, "description": None, "exchange_rate": None,
        "fee_details": [],
    }  # fmt: skip
