"""Words for the refusals of the room care."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_explanations() -> None:
    """Give every code of this room its words."""
    _register_writing()
    _register_keys()
    _register_customer_moves()
    _register_staff_moves()
    _register_articles()
    _register_contacts()


def _register_writing() -> None:
    register(
        "case_words_missing",
        title=_("Please say what happened"),
        reason=_("There are no words and no file yet."),
        remedy=_("One sentence is enough. What the wallet already knows comes with it."),
    )
    register(
        "case_wait_unclear",
        title=_("Say who is waited for, and until when"),
        reason=_("The customer is told whose turn it is, and by when they answer."),
        remedy=_("Choose both beside the answer."),
    )
    register(
        "case_words_too_long",
        title=_("This is too long for one message"),
        reason=_("A message may have %(maximum)s characters; this one has %(length)s."),
        remedy=_("Shorten it, or send the rest as a second message."),
    )
    register(
        "case_category_unknown",
        title=_("Please choose what it is about"),
        reason=_("%(category)s is not one of the choices."),
        remedy=_("Choose the nearest one; we will sort it out if it is another."),
    )
    register(
        "case_too_many_files",
        title=_("Too many files at once"),
        reason=_("One message carries at most %(maximum)s files."),
        remedy=_("Send the rest with a second message."),
    )
    register(
        "case_rating_out_of_range",
        title=_("Please choose a rating"),
        reason=_("A rating is a whole number from %(minimum)s to %(maximum)s."),
        remedy=_("Choose one of the five."),
    )


def _register_keys() -> None:
    register(
        "case_key_missing",
        title=_("The Idempotency-Key is missing"),
        reason=_(
            "Writing to a case needs a key of 1 to %(maximum)s characters, so that it is never done twice."
        ),
        remedy=_("Send the header Idempotency-Key with a fresh random value."),
        status=400,
    )
    register(
        "case_key_reused",
        title=_("This key already carries something else"),
        reason=_("The same key came with another content. Nothing was stored this time."),
        remedy=_("Reload the page, or use a fresh key."),
    )


def _register_customer_moves() -> None:
    register(
        "case_already_open",
        title=_("We are already working on this"),
        reason=_(
            "Case %(case)s is open for the same thing. Nothing new was opened, so that you get one answer."
        ),
        remedy=_("Add what you want to say to that case."),
        remedy_url="/cases/",
        remedy_label=_("My cases"),
        status=409,
    )
    register(
        "case_too_many",
        title=_("Many of your cases are still open"),
        reason=_("At most %(maximum)s can be open at a time."),
        remedy=_("Add to one of your open cases."),
        remedy_url="/cases/",
        remedy_label=_("My cases"),
        status=409,
    )
    register(
        "case_not_open",
        title=_("This case is already solved"),
        reason=_("A solved case takes no more messages."),
        remedy=_("If it is not solved, reopen it and say what is still wrong."),
        status=409,
    )
    register(
        "case_not_resolved",
        title=_("This case is still being worked on"),
        reason=_("Only a solved case can be rated or reopened."),
        remedy=_("Write a message in the case instead."),
        status=409,
    )
    register(
        "case_reopen_too_late",
        title=_("This case can no longer be reopened"),
        reason=_("It could be reopened until %(until)s."),
        remedy=_("Open a follow-up: it carries the whole history with it."),
        status=409,
    )


def _register_staff_moves() -> None:
    register(
        "case_move_refused",
        title=_("The case has moved on"),
        reason=_("What you asked for does not fit where the case stands now."),
        remedy=_("Look at the case again; somebody may have been faster."),
        status=409,
    )
    register(
        "case_taken",
        title=_("A colleague was faster"),
        reason=_("The case was taken %(since)s. One case has one voice towards the customer."),
        remedy=_("Take the next one, or leave a note for your colleague."),
        status=409,
    )
    register(
        "case_not_yours",
        title=_("Take the case first"),
        reason=_("Only the agent who holds a case answers, resolves or releases it."),
        remedy=_("Take the case, or leave an internal note."),
        status=409,
    )
    register(
        "case_answer_missing",
        title=_("The customer has no answer yet"),
        reason=_("A case is never solved in silence."),
        remedy=_("Write the answer; it is sent together with the resolution."),
    )


def _register_articles() -> None:
    register(
        "article_invalid",
        title=_("The article cannot be saved like this"),
        reason=_("The field %(field)s breaks a rule: %(problem)s."),
        remedy=_("Mend that field and save again. Nothing of what you wrote is lost."),
    )
    register(
        "article_changed_meanwhile",
        title=_("Somebody else has worked on this article"),
        reason=_("There is a newer version, number %(number)s."),
        remedy=_("Look at it, then put your changes into it."),
        status=409,
    )
    register(
        "article_time_passed",
        title=_("That moment is over"),
        reason=_("An article can only be planned for a time to come."),
        remedy=_("Choose a later time, or publish it now."),
    )
    register(
        "article_reason_missing",
        title=_("Please choose a reason"),
        reason=_("We can only mend what we know."),
        remedy=_("Choose the nearest one; a click is enough."),
    )


def _register_contacts() -> None:
    register(
        "announcement_invalid",
        title=_("The announcement cannot be kept like this"),
        reason=_("The field %(field)s breaks a rule: %(problem)s."),
        remedy=_("Fill in both languages; a change of policy or fees needs the day from which it counts."),
    )
    register(
        "contact_is_ours",
        title=_("This is one of ours"),
        reason=_("It stands in our signed directory."),
        remedy=_("If somebody misused it, write to us from the counter and say how."),
    )
    register(
        "contact_unreadable",
        title=_("We cannot read this"),
        reason=_("It is too short for a number, a mail address, a web address or an account."),
        remedy=_("Type it whole, exactly as you were given it."),
    )
    register(
        "no_code_in_picture",
        title=_("We found no code in this picture"),
        reason=_("There is no QR code in it that can be read."),
        remedy=_("Take the picture closer and straight, or type what the code leads to."),
    )
