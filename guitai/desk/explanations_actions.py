"""Words for service actions, approvals and looks without a case."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.kit.explain import register


def register_action_explanations() -> None:
    """Called once, when the room is ready."""
    _register_acting()
    _register_missing()
    _register_deciding()
    _register_reading()


def _register_acting() -> None:
    register(
        "action_proof_needed",
        title=_("First the customer shows that it is them"),
        reason=_(
            "This needs a proof of level %(needed)s; the customer has shown level %(level)s in this case."
        ),
        remedy=_("Ask for a proof on the case, then try again. It counts for half an hour."),
        status=403,
    )
    register(
        "action_second_person_needed",
        title=_("A second person decides"),
        reason=_("Your wish stands under Approvals for 24 hours. Nothing has happened yet."),
        remedy=_("Tell a supervisor who is free. You will see the decision in the case."),
        status=202,
    )
    register(
        "action_not_permitted",
        title=_("Your role does not do this"),
        reason=_("This action is for other roles."),
        remedy=_("Leave a note in the case and tell a supervisor the reference."),
        status=403,
    )
    register(
        "action_not_possible",
        title=_("This is not possible now"),
        reason=_("What the action is about is not there, or is done already."),
        remedy=_("Look at the timeline and the account's standing."),
        status=409,
    )
    register(
        "action_field_missing",
        title=pgettext_lazy("form", "Something is missing"),
        reason=_("A field is empty or holds what cannot be chosen."),
        remedy=_("Choose or enter it, then try again."),
    )
    register(
        "action_stale",
        title=_("Something has changed meanwhile"),
        reason=_("What this decision was about is not so any more."),
        remedy=_("Look at the case again, decline this wish, and ask anew if it is still needed."),
        status=409,
    )
    register(
        "action_case_ended",
        title=_("The case is over"),
        reason=_("Service actions belong to a case that is open."),
        remedy=_("The customer can reopen it, or open another one."),
        status=409,
    )

    register(
        "action_interrupted",
        title=_("It was interrupted"),
        reason=_(
            "It was begun several times and never came to its end; whether anybody outside heard of it is open."
        ),
        remedy=_("Look at the operation's trace, then try again."),
        status=409,
    )


def _register_missing() -> None:
    register(
        "action_frozen_already",
        title=_("It is frozen for this case already"),
        reason=_("The account is closed, or this case has stopped it before."),
        remedy=_("There is nothing left to stop."),
        status=409,
    )
    register(
        "action_nothing_frozen",
        title=_("Nothing that staff lift is in force"),
        reason=_(
            "Freezes of the customer's own end by the customer's proofs; orders of the law end with the order."
        ),
        remedy=_("Show the customer the way out on their page Account standing."),
        status=409,
    )
    register(
        "action_nothing_locked",
        title=_("Sign-in is not locked"),
        reason=_("No lock after wrong passwords is in force."),
        remedy=_("If the password is forgotten, the customer chooses a new one at sign-in."),
        status=409,
    )
    register(
        "action_no_pin",
        title=_("There is no PIN"),
        reason=_("The customer has not chosen one, or it was ended already."),
        remedy=_("The customer chooses one under Me, Payment PIN."),
        status=409,
    )
    register(
        "action_pin_by_owner",
        title=_("Only its owner replaces this PIN"),
        reason=_(
            "Without a passkey nothing tells the owner from somebody who holds the phone."
            " Ending the PIN would leave the account to either."
        ),
        remedy=_(
            "The customer replaces a forgotten PIN under Me, Payment PIN, with the password and the second step."
        ),
        status=409,
    )
    register(
        "action_nothing_to_ask",
        title=_("There is nothing to ask about"),
        reason=_(
            "Only a top-up that has not arrived and a withdrawal that has not ended can be asked about."
        ),
        remedy=_("Start from the case of that top-up or withdrawal."),
        status=409,
    )
    register(
        "action_nothing_parked",
        title=_("No payment waits to be refunded or credited"),
        reason=_("No payment stands in suspense for this operation, or a proposal waits already."),
        remedy=_("Look under Reconciliation for payments without a reference."),
        status=409,
    )


def _register_deciding() -> None:
    register(
        "approval_over",
        title=_("This was decided already, or too late"),
        reason=_("A wish is decided once, within 24 hours."),
        remedy=_("Look at the case: the outcome stands in its timeline."),
        status=409,
    )
    register(
        "approval_own",
        title=_("You asked for this yourself"),
        reason=_("Whoever asks does not approve: two persons look."),
        remedy=_("Ask a colleague who may approve. You can take your wish back."),
        status=403,
    )


def _register_reading() -> None:
    register(
        "read_without_case",
        title=_("No case, no data"),
        reason=_("Customers' data is read for a case. Your try was recorded."),
        remedy=_("Open it from the case. In an emergency a supervisor breaks the glass."),
        status=403,
    )
    register(
        "break_glass_unknown",
        title=_("Nobody was found"),
        reason=_("No customer has this number, and no operation or case has this reference."),
        remedy=_("Check the number or the reference."),
    )
    register(
        "break_glass_over",
        title=_("The quarter of an hour is over"),
        reason=_("A look without a case ends by itself."),
        remedy=_("Work on in a case. If it is still an emergency, break the glass again."),
        status=403,
    )
    register(
        "break_glass_own",
        title=_("Another supervisor reviews this"),
        reason=_("Nobody reviews their own look."),
        remedy=_("Leave it to a colleague."),
        status=403,
    )
