"""Refusals of proofs of identity: one class a code."""

from guitai.base.refusal import Refusal


class ProofOver(Refusal):
    code = "proof_over"


class ProofTooOften(Refusal):
    code = "proof_too_often"


class ProofMethodMissing(Refusal):
    code = "proof_method_missing"


class ProofCodeWrong(Refusal):
    code = "proof_code_wrong"
    field = "code"


class ProofPinWrong(Refusal):
    code = "proof_pin_wrong"
    field = "pin"


class ProofPinLocked(Refusal):
    code = "proof_pin_locked"
    field = "pin"


class ProofPasskeyRefused(Refusal):
    code = "proof_passkey_refused"


class ProofPhraseWrong(Refusal):
    code = "proof_phrase_wrong"
    field = "words"
