"""What rails refuses, one class a code."""

from guitai.base.refusal import Refusal


class RailUnknown(Refusal):
    """No rail of that name."""

    code = "rail_unknown"


class RailUnsupported(Refusal):
    """This rail does not have that verb."""

    code = "rail_unsupported"


class RailUnavailable(Refusal):
    """The other side cannot be reached, or what it answered is not known to be genuine."""

    code = "rail_unavailable"


class RailDeclined(Refusal):
    """The other side understood and declined."""

    code = "rail_declined"


class RailSettingsInvalid(Refusal):
    """Settings of a rail that cannot be read; facts name the `field` and the `problem`."""

    code = "rail_settings_invalid"


class RailSettingsChanged(Refusal):
    """Somebody else published settings of this rail meanwhile."""

    code = "rail_settings_changed"


class RailSettingsNeedTwo(Refusal):
    """An address, a key or an account changes: one proposes it, another puts it in force."""

    code = "rail_settings_need_two"


class RailProposalWaits(Refusal):
    """A change of this rail waits for a second person already."""

    code = "rail_proposal_waits"


class RailProposalOver(Refusal):
    """This proposal was put in force or declined before."""

    code = "rail_proposal_over"


class RailProposalOwn(Refusal):
    """Whoever wrote a change does not put it in force."""

    code = "rail_proposal_own"


class ReturnAddressNotOurs(Refusal):
    """A page that is not of this wallet: no payer is sent there."""

    code = "return_address_not_ours"


class RefundConflict(Refusal):
    """The same refund reference, for another amount or payment."""

    code = "refund_conflict"


class OrderConflict(Refusal):
    """The same order reference, with another amount."""

    code = "order_conflict"


class BadSignature(Refusal):
    """A notice that is not known to come from the rail."""

    code = "bad_signature"


class Malformed(Refusal):
    """A genuine notice that cannot be read."""

    code = "malformed"


class NoticeTooLarge(Refusal):
    """A notice of more than NOTICE_BYTES_MAX bytes."""

    code = "notice_too_large"


class StatementRefused(Refusal):
    """A statement file that is not read: nothing of it is used. Facts say where (`line`) and what (`problem`)."""

    field = "file"


class StatementUnrecognised(StatementRefused):
    """Not a statement in a format we know."""

    code = "statement_unrecognised"


class StatementVersionUnknown(StatementRefused):
    """A camt message whose namespace or version we do not know."""

    code = "statement_version_unknown"


class StatementHostile(StatementRefused):
    """Something that no bank sends and that is known from attacks: a DTD, entities, a bottomless nest."""

    code = "statement_hostile"


class StatementIncomplete(StatementRefused):
    """It ends in the middle: half-written, or cut off on its way."""

    code = "statement_incomplete"


class StatementMalformed(StatementRefused):
    """It does not follow its format."""

    code = "statement_malformed"


class StatementEncodingWrong(StatementRefused):
    """Its bytes are not in the encoding it names."""

    code = "statement_encoding_wrong"


class StatementTooLarge(StatementRefused):
    """Larger than the operator allows, or one part of it is."""

    code = "statement_too_large"


class StatementAmountWrong(StatementRefused):
    """An amount that is no number, or larger than any account."""

    code = "statement_amount_wrong"


class StatementAmountTooPrecise(StatementRefused):
    """An amount with more decimals than its currency has."""

    code = "statement_amount_too_precise"


class StatementCurrencyUnknown(StatementRefused):
    """A currency code that ISO 4217 does not have."""

    code = "statement_currency_unknown"


class StatementCurrencyMixed(StatementRefused):
    """Two currencies on one account's statement."""

    code = "statement_currency_mixed"


class StatementUnbalanced(StatementRefused):
    """Opening balance and entries do not come to the closing balance."""

    code = "statement_unbalanced"


class StatementMappingWrong(StatementRefused):
    """A CSV file without a mapping that fits it."""

    code = "statement_mapping_wrong"


class StatementUnreadable(StatementRefused):
    """The file cannot be opened."""

    code = "statement_unreadable"


class StatementChanging(StatementRefused):
    """The file changed while it was being taken in: somebody is still writing it."""

    code = "statement_changing"


class PayoutUnwritable(Refusal):
    """A payee's name with letters that the scheme has no form for."""

    code = "payout_unwritable"
    field = "payee_name"


class PayoutCurrencyNotTaken(Refusal):
    """No account of ours pays out in that currency."""

    code = "payout_currency_not_taken"
    field = "currency"


class PayoutUnknown(Refusal):
    """No payout of that reference."""

    code = "payout_unknown"


class PayoutUnderWay(Refusal):
    """Already in a file for the bank: it cannot be cancelled any more."""

    code = "payout_under_way"


class NothingPaid(Refusal):
    """A genuine notice that tells of no payment: an order that waits, was closed or was refunded."""

    code = "nothing_paid"


class PaymentUsedUp(Refusal):
    """Not so much of a payment is left that it could go back."""

    code = "payment_used_up"


class PayoutTold(NothingPaid):
    """A genuine notice about a payment out, which fact `payout` names: the rail is asked what became of it."""

    code = "payout_told"


class PaymentDisputed(NothingPaid):
    """A genuine notice that a payer disputes a payment at their bank; facts name the payment, amount and reason."""

    code = "payment_disputed"
