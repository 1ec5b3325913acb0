"""What the reserve refuses, one class a code."""

from guitai.base.refusal import Refusal


class ReserveNotSetUp(Refusal):
    """No keys are in force."""

    code = "reserve_not_set_up"


class ReserveKeysTooFew(Refusal):
    """One holder alone, or the loss of one key, would decide."""

    code = "reserve_keys_too_few"


class ReserveKeysNotAuthorised(Refusal):
    """The policy names other keys than those that were agreed by signatures."""

    code = "reserve_keys_not_authorised"


class ReserveRequestUnreadable(Refusal):
    """Not a request, or not a signature, in the one form it has."""

    code = "reserve_request_unreadable"


class ReserveRequestUnknown(Refusal):
    """No such request was made here, or it is not the text that was made."""

    code = "reserve_request_unknown"


class ReserveRequestEnded(Refusal):
    """It was carried out, withdrawn, or is past its time: once only."""

    code = "reserve_request_ended"


class ReservePolicyChanged(Refusal):
    """It was written under another version of the policy."""

    code = "reserve_policy_changed"


class ReserveSignatureWrong(Refusal):
    """A signature that no key in force made over this request."""

    code = "reserve_signature_wrong"


class ReserveKeyUnknown(Refusal):
    """No key of that name is in force."""

    code = "reserve_key_unknown"


class ReserveRotationImpossible(Refusal):
    """Fewer keys would remain than are needed, or a key would stand there twice."""

    code = "reserve_rotation_impossible"


class ReserveAmountNotThere(Refusal):
    """The reserve, or the account at hand, does not hold as much."""

    code = "reserve_amount_not_there"
    field = "amount"
