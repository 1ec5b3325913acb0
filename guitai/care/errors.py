"""Refusals of the room care: one class a code. Their words are in `explanations.py`."""

from guitai.base.refusal import NotFound, Refusal

__all__ = ["NotFound"]


class WordsMissing(Refusal):
    code = "case_words_missing"
    field = "words"


class WordsTooLong(Refusal):
    code = "case_words_too_long"
    field = "words"


class CategoryUnknown(Refusal):
    code = "case_category_unknown"
    field = "category"


class TooManyFiles(Refusal):
    code = "case_too_many_files"
    field = "files"


class KeyMissing(Refusal):
    code = "case_key_missing"


class KeyReused(Refusal):
    code = "case_key_reused"


class AlreadyOpen(Refusal):
    code = "case_already_open"


class MoveRefused(Refusal):
    """The state machine has no such move from where the case stands."""

    code = "case_move_refused"


class CaseTaken(Refusal):
    code = "case_taken"


class CaseNotYours(Refusal):
    code = "case_not_yours"


class AnswerMissing(Refusal):
    code = "case_answer_missing"
    field = "words"


class NotOpen(Refusal):
    code = "case_not_open"


class WaitUnclear(Refusal):
    """Who is waited for, and until when, is said to the customer."""

    code = "case_wait_unclear"
    field = "waits_for"


class NotResolved(Refusal):
    code = "case_not_resolved"


class RatingOutOfRange(Refusal):
    code = "case_rating_out_of_range"
    field = "rating"


class ReopenTooLate(Refusal):
    code = "case_reopen_too_late"


class TooManyCases(Refusal):
    code = "case_too_many"


class TooFast(Refusal):
    code = "too_many_attempts"


class ArticleInvalid(Refusal):
    """Which field, and the rule it breaks, are in the facts."""

    code = "article_invalid"


class ArticleChangedMeanwhile(Refusal):
    code = "article_changed_meanwhile"


class ArticleTimePassed(Refusal):
    code = "article_time_passed"
    field = "publish_at"


class ReasonMissing(Refusal):
    code = "article_reason_missing"
    field = "reason"


class ContactIsOurs(Refusal):
    """What is ours is not a false contact."""

    code = "contact_is_ours"
    field = "check"


class ContactUnreadable(Refusal):
    code = "contact_unreadable"
    field = "check"


class NoCodeInPicture(Refusal):
    code = "no_code_in_picture"
    field = "file"


class AnnouncementInvalid(Refusal):
    """Which field, and the rule it breaks, are in the facts."""

    code = "announcement_invalid"


class AnswerInvalid(Refusal):
    """Which question it is, is in the facts."""

    code = "case_answer_invalid"


class EscalationTooSoon(Refusal):
    code = "case_escalation_too_soon"


class EscalatedAlready(Refusal):
    code = "case_escalated_already"


class NotIndependent(Refusal):
    """Whoever answered before does not decide about it."""

    code = "case_not_independent"


class NeedsSupervisor(Refusal):
    code = "case_needs_supervisor"


class MergeRefused(Refusal):
    code = "case_merge_refused"


class DraftTooLarge(Refusal):
    code = "draft_too_large"


class SlotTaken(Refusal):
    code = "callback_slot_taken"
    field = "slot"


class CallbackBooked(Refusal):
    code = "callback_booked_already"


class CallbackMoved(Refusal):
    """The call is not in a state in which this can be done."""

    code = "callback_moved_on"


class CallbackTooEarly(Refusal):
    code = "callback_too_early"
