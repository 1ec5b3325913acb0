"""Words for the refusals of forms, drafts, escalations, merges and booked calls."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_case_explanations() -> None:
    """Give the codes of how a case goes on their words."""
    _register_form()
    _register_higher()
    _register_calls()


def _register_form() -> None:
    register(
        "case_answer_invalid",
        title=_("One answer cannot be read"),
        reason=_("The answer to “%(question)s” is not of the kind that was asked for."),
        remedy=_("Mend it, or leave it empty: every answer is optional."),
    )
    register(
        "draft_too_large",
        title=_("This cannot be kept for later"),
        reason=_("What you typed is longer than a message may be."),
        remedy=_("Send it now, or shorten it."),
    )


def _register_higher() -> None:
    register(
        "case_escalation_too_soon",
        title=_("You can ask for somebody higher after an answer"),
        reason=_("Nobody has answered yet, and no promise was broken. We answer by %(by_when)s."),
        remedy=_("Wait for the answer. If it does not come in time, or is not good enough, ask here."),
        status=409,
    )
    register(
        "case_escalated_already",
        title=_("Somebody higher has this case already"),
        reason=_("A case is escalated once; a supervisor who has not answered in it decides."),
        remedy=_("Write in the case what they should know."),
        status=409,
    )
    register(
        "case_not_independent",
        title=_("Somebody else has to take this one"),
        reason=_("You answered before it was escalated, or in the case that the complaint is about."),
        remedy=_("Leave a note for whoever takes it."),
        status=409,
    )
    register(
        "case_needs_supervisor",
        title=_("A supervisor takes this one"),
        reason=_("The customer asked for somebody higher."),
        remedy=_("Leave a note, and take the next case."),
        status=403,
    )
    register(
        "case_merge_refused",
        title=_("These two cases cannot be merged"),
        reason=_("Both must be open, of the same customer, and no colleague may hold the one that ends."),
        remedy=_("Check the reference; a colleague can give their case back first."),
        status=409,
    )


def _register_calls() -> None:
    register(
        "callback_slot_taken",
        title=_("That time is not free any more"),
        reason=_("Somebody was faster, or it is too soon, too late or outside the hours."),
        remedy=_("Choose another of the times that are shown."),
        status=409,
    )
    register(
        "callback_booked_already",
        title=_("A call is booked already"),
        reason=_("One call a case is booked at a time."),
        remedy=_("Move the booked call to another time, or cancel it."),
        status=409,
    )
    register(
        "callback_moved_on",
        title=_("This call has moved on"),
        reason=_("It is being made, has ended, or was cancelled meanwhile."),
        remedy=_("Look at it again."),
        status=409,
    )
    register(
        "callback_too_early",
        title=_("It is too early to call"),
        reason=_("The customer was told that we call from %(starts_at)s on."),
        remedy=_("Call then: who is told a time has a right to it."),
        status=409,
    )
