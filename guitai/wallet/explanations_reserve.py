"""Words for what the reserve refuses: read by whoever looks after it."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_reserve_explanations() -> None:
    """Called once, when the room is ready."""
    _register_keys()
    _register_requests()
    _register_signatures()


def _register_keys() -> None:
    register(
        "reserve_not_set_up",
        title=_("There are no keys for the reserve"),
        reason=_("Nothing is moved into a reserve that nobody could release again."),
        remedy=_("Publish the policy “reserve” with the public keys of those who are to sign."),
        status=409,
    )
    register(
        "reserve_keys_too_few",
        title=_("These are too few keys for a reserve"),
        reason=_(
            "%(needed)s of %(keys)s keys were to release it. At least two must be needed, so that nobody does it "
            "alone, and one key more must be there than is needed, so that a lost one locks nothing in."
        ),
        remedy=_(
            "Name at least three holders, two of whom are needed. To drop a key, add another in the same rotation."
        ),
        status=409,
    )
    register(
        "reserve_keys_not_authorised",
        title=_("These keys were not agreed"),
        reason=_("The policy %(policy)s names other keys than those that were agreed by signatures."),
        remedy=_("Publish the agreed keys again, or change them by a rotation that enough of them sign."),
        status=409,
    )
    register(
        "reserve_key_unknown",
        title=_("No such key"),
        reason=_("The key %(key)s is not among those that count."),
        remedy=_("Compare it with the register of keys."),
    )
    register(
        "reserve_rotation_impossible",
        title=_("Too few keys would remain"),
        reason=_("%(needed)s of %(keys)s keys could not sign, or one key would stand there twice."),
        remedy=_("Add a key first, or let fewer be needed."),
    )


def _register_requests() -> None:
    register(
        "reserve_request_unreadable",
        title=_("Not a file of the reserve"),
        reason=_("A request and a signature have exactly one form, and this is not it (%(problem)s)."),
        remedy=_("Use the files as they were written, without opening and saving them."),
    )
    register(
        "reserve_request_unknown",
        title=_("This request was not made here"),
        reason=_("There is no such request, or its text was altered after it was made."),
        remedy=_("Fetch the file of the request again, and compare its digest before signing."),
        status=404,
    )
    register(
        "reserve_request_ended",
        title=_("This request is over"),
        reason=_("It was carried out, withdrawn, or is past its time. Each is carried out once only."),
        remedy=_("Make a new request."),
        status=409,
    )
    register(
        "reserve_policy_changed",
        title=_("The policy has changed since"),
        reason=_("The request was written under %(request)s; in force is %(now)s."),
        remedy=_("Make a new request and have it signed again."),
        status=409,
    )
    register(
        "reserve_amount_not_there",
        title=_("There is not as much"),
        reason=_("The account that the money would leave does not hold %(amount)s."),
        remedy=_("Choose a smaller amount."),
        status=409,
    )


def _register_signatures() -> None:
    register(
        "reserve_signature_wrong",
        title=_("A signature does not hold"),
        reason=_("The key %(key)s did not sign exactly this request. None of the signatures was kept."),
        remedy=_("Have the request signed again from its own file."),
    )
