"""What people refuses."""

from guitai.base.refusal import Refusal


class PhoneInvalid(Refusal):
    code = "phone_invalid"
    field = "phone"


class CodeWrong(Refusal):
    code = "code_wrong"
    field = "code"


class PasswordWrong(Refusal):
    code = "password_wrong"
    field = "password"


class PasswordTooWeak(Refusal):
    code = "password_too_weak"
    field = "password"


class SignInRefused(Refusal):
    code = "sign_in_refused"


class IdentityNumberWrong(Refusal):
    """Not the number of the document that confirms this person."""

    code = "identity_number_wrong"
    field = "number"


class PinWrong(Refusal):
    code = "pin_wrong"
    field = "pin"


class PinLocked(Refusal):
    code = "pin_locked"
    field = "pin"


class PinNotSet(Refusal):
    code = "pin_not_set"
    field = "pin"


class PinTooSimple(Refusal):
    code = "pin_too_simple"
    field = "pin"


class PinInDocument(Refusal):
    """The PIN in use stands in the document that is about to be named."""

    code = "pin_in_document"


class NameMissing(Refusal):
    code = "name_missing"
    field = "name"


class AlreadyRegistered(Refusal):
    code = "already_registered"


class Frozen(Refusal):
    code = "frozen"


class ReleaseNeedsStaff(Refusal):
    code = "release_needs_staff"


class ReleaseNeedsProof(Refusal):
    """What a person lifts by proofs of their own is not staff's to lift."""

    code = "release_needs_proof"


class NotPermitted(Refusal):
    code = "not_permitted"


class TooManyAttempts(Refusal):
    code = "too_many_attempts"


class PasskeyRefused(Refusal):
    code = "passkey_refused"
    field = "credential"


class LinkOver(Refusal):
    code = "link_over"


class EmailInvalid(Refusal):
    code = "email_invalid"
    field = "email"


class NumberUnchanged(Refusal):
    code = "number_unchanged"
    field = "phone"


class NumberChangeOver(Refusal):
    code = "number_change_over"


class TooManyPasskeys(Refusal):
    code = "too_many_passkeys"


class ProofMissing(Refusal):
    code = "proof_missing"


class EmailTaken(Refusal):
    code = "email_taken"
    field = "email"


class DocumentInvalid(Refusal):
    code = "document_invalid"
    field = "number"


class DocumentTaken(Refusal):
    code = "document_taken"
    field = "number"


class DocumentExpired(Refusal):
    code = "document_expired"
    field = "expires_on"


class BirthDateNeeded(Refusal):
    code = "birth_date_needed"
    field = "birth"


class TooYoung(Refusal):
    code = "too_young"


class ExpiryNeeded(Refusal):
    code = "expiry_needed"
    field = "expires_on"


class IdentityNameDiffers(Refusal):
    code = "identity_name_differs"
    field = "name"


class IdentityConfirmed(Refusal):
    code = "identity_confirmed"


class IdentityNeeded(Refusal):
    code = "identity_needed"


class PhotosMissing(Refusal):
    code = "photos_missing"


class ReviewOpen(Refusal):
    code = "review_open"


class ReviewNotOpen(Refusal):
    code = "review_not_open"


class ReviewTaken(Refusal):
    code = "review_taken"


class ReviewNeedsAnother(Refusal):
    code = "review_needs_another"


class ReviewReasonMissing(Refusal):
    code = "review_reason_missing"
    field = "reason"


class ReviewNeedsClaim(Refusal):
    code = "review_needs_claim"


class AccountInvalid(Refusal):
    code = "account_invalid"
    field = "number"


class CardNotSupported(Refusal):
    code = "card_not_supported"
    field = "number"


class AccountNameDiffers(Refusal):
    code = "account_name_differs"
    field = "holder"


class AccountNeedsLink(Refusal):
    code = "account_needs_link"
    field = "kind"


class AccountLinkFailed(Refusal):
    code = "account_link_failed"


class AlreadyBound(Refusal):
    code = "already_bound"
    field = "number"


class TooManyBindings(Refusal):
    code = "too_many_bindings"


class ProofNeeded(Refusal):
    code = "proof_needed"
    field = "password"


class ExportNotReady(Refusal):
    code = "export_not_ready"


class StandingChanged(Refusal):
    code = "standing_changed"


class CauseUnclear(Refusal):
    code = "cause_unclear"


class SignInLocked(Refusal):
    code = "sign_in_locked"


class ReleaseIncomplete(Refusal):
    code = "release_incomplete"


class PasswordUnchanged(Refusal):
    code = "password_unchanged"
    field = "new_password"


class RecoveryCodeWrong(Refusal):
    code = "recovery_code_wrong"
    field = "recovery_code"


class PasskeyNotAccepted(Refusal):
    code = "passkey_not_accepted"


class FreezeWordTooSimple(Refusal):
    code = "freeze_word_too_simple"
    field = "word"


class FreezeWordWrong(Refusal):
    code = "freeze_word_wrong"
    field = "word"


class DocumentWaiting(Refusal):
    code = "document_waiting"


class DocumentDecided(Refusal):
    code = "document_decided"


class ClosingStopped(Refusal):
    code = "closing_stopped"


class ClosingOpen(Refusal):
    code = "closing_open"
