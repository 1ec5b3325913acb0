"""What the wallet's door says about withdrawals; `wallet.api` gives it out."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from guitai.base.money import Money
from guitai.base.reference import parse_reference
from guitai.rails.types import ConfirmationPage
from guitai.wallet import destinations, told_times, withdrawal_reads
from guitai.wallet.errors import OperationNotFound
from guitai.wallet.flows import withdrawal_events, withdrawals
from guitai.wallet.flows import withdrawal_ways as withdrawal_ways_
from guitai.wallet.till.types import Outcome
from guitai.wallet.types import Proof, Terms, TimeTold
from guitai.wallet.withdrawal_types import Destination, WayOut, WithdrawalQuote, WithdrawalView


def withdrawal_ways(owner: UUID, *, account: UUID) -> tuple[WayOut, ...]:
    """By which ways money can leave for an account now, with what each costs, carries and promises.

    takes    whose, the bound account
    gives    WayOut of each way and currency, the usual one first; none where nothing is set up that pays to it
    refuses  binding_not_found
    source   the operator's policies `fees`, `limits`, `withdrawals` and `payouts`; the terms of each rail
    """
    return withdrawal_ways_.ways(owner, account)


def reaches_accounts(kind: str) -> bool:
    """Whether money can be paid out now to accounts of a kind, by any way and in any currency that they take."""
    return withdrawal_ways_.reaches(kind)


def quote_withdrawal(owner: UUID, *, account: UUID, amount: Money, rail: str = "") -> WithdrawalQuote:
    """What withdrawing would do now, by the same code as withdrawing, with nothing moved.

    takes    whose, one of `withdrawal_destinations`, a positive amount: what is to arrive, and one of
             `withdrawal_ways`, or none: then the first that pays this currency
    gives    WithdrawalQuote: the fee, what leaves the wallet, when it leaves us and by when it arrives
    refuses  amount_*, currency_unknown
    source   the operator's policies `fees`, `limits`, `withdrawals` and `payouts`
    """
    return withdrawals.quote(owner, account, amount, rail)


def start_withdrawal(
    owner: UUID,
    *,
    account: UUID,
    amount: Money,
    pin: str | None = None,
    passkey: str | None = None,
    key: str | None,
    terms: Terms | None = None,
    closing: bool = False,
    rail: str = "",
) -> Outcome:
    """Send money to an account of one's own, at a bank or a gateway.

    takes    whose, the bound account, a positive amount, the PIN or a passkey's answer to
             `withdrawal_approval_options`, a key that is the same when the same wish comes again, the terms of the
             review if there was one, whether it empties the wallet to close it (it leaves before others then), and by
             which of `withdrawal_ways`, where one was chosen
    gives    Outcome: approved (`processing`: set aside and queued in one transaction), held, or refused with a code;
             each is recorded and has a reference
    refuses  (as exceptions, before anything is recorded) amount_*, currency_unknown, idempotency_key_missing,
             idempotency_key_reused, idempotency_key_in_flight, till_busy
    source   ISO 20022 pain.001; the operator's policies `fees`, `limits`, `withdrawals`
    """
    return withdrawals.start_withdrawal(
        owner, account, amount, Proof(pin, passkey), key, terms, closing=closing, rail=rail
    )


def withdrawal_approval_options(
    owner: UUID, *, account: UUID, amount: Money, rail: str = ""
) -> dict[str, Any] | None:
    """Ask for a passkey instead of the PIN, for one withdrawal only.

    takes    what `start_withdrawal` will be given
    gives    WebAuthn request options whose challenge follows from account and amount; None without a passkey
    refuses  amount_*, currency_unknown, too_many_attempts
    source   WebAuthn Level 3
    """
    return withdrawals.approval_options(owner, account, amount, rail)


def record_withdrawal_refusal(
    owner: UUID, *, account: UUID, amount: Money, code: str, key: str, rail: str = ""
) -> Outcome:
    """Keep what a review has just refused as an operation, so that it has a reference and can be asked about.

    takes    what was reviewed, the code it was refused with, and the wish's key
    gives    Outcome, always refused: without a proof nothing ever leaves
    refuses  amount_*, currency_unknown, till_busy
    """
    return withdrawals.record_refusal(owner, account, amount, code, key, rail)


def most_withdrawable(
    owner: UUID, currency: str, rail: str = "bank", *, account: UUID | None = None
) -> Money:
    """The largest amount that leaves a wallet together with its fee; zero where there is nothing.

    takes    whose, a currency, by which way, and to which of `withdrawal_destinations`, where that is known
    gives    what would arrive; limits are not looked at
    """
    return withdrawals.most(owner, currency, rail, account)


def withdrawal_destinations(owner: UUID) -> list[Destination]:
    """Where somebody's money may go: the accounts they have bound, and the card payments that take money back.

    takes    whose
    gives    Destination values: accounts first, then payments of which something is left, the latest first
    source   the operator's policy `withdrawals` (`back_to_card_days`); what the card acquirer told of each payment
    """
    return destinations.all_of(owner)


def withdrawal_destination(owner: UUID, destination: UUID) -> Destination | None:
    """One of them, also when nothing may go there any more; None for what is not theirs."""
    return destinations.named(owner, [destination]).get(destination)


def cancel_withdrawal(owner: UUID, reference: str) -> Outcome:
    """The owner takes a withdrawal back while it has not left.

    takes    whose, a reference as typed
    gives    Outcome with state `cancelled`; amount, fee and limits are given back
    refuses  not_found, withdrawal_under_way, withdrawal_not_cancellable
    """
    canonical = parse_reference(reference)
    if canonical is None:
        raise OperationNotFound()
    return withdrawals.cancel(owner, canonical)


def withdrawal_confirmation(owner: UUID, reference: str, page_url: str) -> ConfirmationPage | None:
    """What the owner's page needs to confirm a withdrawal where it arrives; never inside a transaction.

    takes    whose, a reference as typed, the page's whole address
    gives    ConfirmationPage of the rail; None where nothing waits to be confirmed, as the rail says it now
    refuses  not_found, rail_unavailable
    """
    canonical = parse_reference(reference)
    if canonical is None:
        raise OperationNotFound()
    return withdrawals.confirmation(owner, canonical, page_url)


def withdrawal(operation_id: UUID) -> WithdrawalView | None:
    """To which account a withdrawal goes, what was promised and how far it is; None for another operation."""
    return withdrawal_reads.view_of(operation_id)


def time_told(operation_id: UUID) -> TimeTold | None:
    """By when the owner of a withdrawal or top-up was told that it arrives, or that its outcome is known.

    takes    the operation's id
    gives    TimeTold; None for other kinds
    """
    return told_times.time_told(operation_id)


def repeat_withdrawal(owner: UUID, reference: str) -> tuple[UUID, Money] | None:
    """Account and amount of a withdrawal of one's own; None for any other operation."""
    return withdrawal_reads.account_and_amount(owner, reference)


def note_payout(what: str, said: Mapping[str, Any]) -> None:
    """Carry out what a rail says of a payout, in the caller's transaction, once however often it is said.

    takes    `sent`, `accepted`, `settled`, `rejected` or `returned`, and the payload of `rails.payout_*`
    gives    nothing; what contradicts the books moves nothing and emits `wallet.withdrawal_contradicted
             {operation_id, reference, owner, told, code}`
    refuses  idempotency_key_in_flight (the topic is relayed again)
    """
    withdrawal_events.note_payout(what, said)


def stop_withdrawals(person: UUID, scope: Sequence[str]) -> None:
    """Take back what has not left of somebody whose wallet is stopped, in the caller's transaction.

    takes    whose, and what their standing stops now
    gives    nothing; what has left goes on, and of a frozen wallet it is to be recalled (`wallet.recall_wanted`)
    """
    withdrawal_events.stop_withdrawals(person, scope)


def stopped_payouts(references: Sequence[str]) -> frozenset[str]:
    """Which payouts must not leave because their owner is stopped, in the transaction that hands them over.

    takes    canonical references of operations
    gives    those that are stopped; the standings stay locked FOR SHARE until the transaction ends, so that a freeze
             comes before the file or after it
    """
    return withdrawal_events.stopped_payouts(references)


def hear_withdrawal(reference: str) -> bool:
    """Carry out what the rail of a withdrawal knows of its end, if the word of it was lost on its way.

    takes    the operation's canonical reference; never inside a transaction
    gives    whether the rail knows an end
    """
    return withdrawal_events.hear(reference)


def watch_withdrawals() -> int:
    """Say what is late, give back what nobody decided, hear what a rail knows of the unknown; gives how many."""
    return withdrawal_events.watch_withdrawals()
