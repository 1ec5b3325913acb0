"""Words for the codes of base and kit."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_explanations() -> None:
    register(
        "refused",
        title=_("This could not be done"),
        reason=_("The request was understood and declined. Nothing has moved."),
        remedy=_("Go back and check what you entered, or ask at the counter with the reference shown."),
        remedy_url="/counter/",
        remedy_label=_("Go to the counter"),
    )
    _register_requests()
    _register_conflicts()
    _register_amounts()
    _register_files()


def _register_requests() -> None:
    register(
        "not_found",
        title=_("Not found"),
        reason=_("There is nothing here that you may see."),
        remedy=_("Check the address or the reference and try again."),
        status=404,
    )
    register(
        "method_not_allowed",
        title=_("Method not allowed"),
        reason=_("This address does not take that method."),
        remedy=_("See the API description for the methods it takes."),
        status=405,
    )
    register(
        "not_signed_in",
        title=_("Please sign in"),
        reason=_("This needs a signed-in person."),
        remedy=_("Sign in and try again."),
        remedy_url="/sign-in/",
        remedy_label=_("Sign in"),
        status=401,
    )
    register(
        "not_permitted",
        title=_("Not permitted"),
        reason=_("Your role does not include this."),
        remedy=_("Ask a colleague whose role includes it."),
        status=403,
    )
    register(
        "request_malformed",
        title=_("The request cannot be read"),
        reason=_("Its body is not valid JSON."),
        remedy=_("Send a JSON object as the API description shows."),
        status=400,
    )
    register(
        "request_invalid",
        title=_("Some fields are missing or wrong"),
        reason=_("See the fields: %(fields)s."),
        remedy=_("Correct them and send the request again."),
        status=422,
    )
    register(
        "request_too_large",
        title=_("Too large"),
        reason=_("A request may be at most 12 MB."),
        remedy=_("Send a smaller file."),
        status=413,
    )


def _register_conflicts() -> None:
    register(
        "internal_error",
        title=_("Something went wrong on our side"),
        reason=_("Nothing was lost: money moves completely or not at all."),
        remedy=_("Try again in a moment; the same key never moves money twice."),
        status=500,
    )
    register(
        "cursor_invalid",
        title=_("This page link is not valid"),
        reason=_("The list cannot be continued there."),
        remedy=_("Start from the beginning of the list."),
        status=400,
    )
    register(
        "too_many_attempts",
        title=_("Too many attempts"),
        reason=_("This was tried too often in a short time."),
        remedy=_("Wait a few minutes, then try again."),
        status=429,
    )
    register(
        "policy_invalid",
        title=_("This setting is not valid"),
        reason="%(problem)s",
        remedy=_("Correct the value and publish it again."),
    )
    register(
        "policy_changed_meanwhile",
        title=_("Somebody else changed this setting"),
        reason=_("A newer version was published while you were editing."),
        remedy=_("Look at the newer version and publish yours again."),
        status=409,
    )
    register(
        "csrf_failed",
        title=_("This form has expired"),
        reason=_("The page was open for too long, or it came from elsewhere."),
        remedy=_("Go back, reload the page and send the form again. Nothing was done."),
        status=403,
    )


def _register_amounts() -> None:
    register(
        "amount_not_a_number",
        title=_("That is not an amount"),
        reason=_("An amount is written in digits, like 128.50."),
        remedy=_("Enter the amount again."),
    )
    register(
        "amount_not_positive",
        title=_("The amount must be more than zero"),
        reason=_("Zero and negative amounts cannot be moved."),
        remedy=_("Enter an amount above zero."),
    )
    register(
        "amount_too_precise",
        title=_("Too many decimals"),
        reason=_("%(currency)s has %(decimals)s decimals."),
        remedy=_("Round the amount and enter it again."),
    )
    register(
        "amount_too_large",
        title=_("The amount is too large"),
        reason=_("One movement may be at most %(maximum)s."),
        remedy=_("Enter a smaller amount."),
    )
    register(
        "currency_unknown",
        title=_("This currency is not offered"),
        reason=_("The wallet does not hold %(currency)s."),
        remedy=_("Choose one of the currencies offered."),
    )


def _register_files() -> None:
    register(
        "file_too_large",
        title=_("The file is too large"),
        reason=_("A file may be at most %(maximum_mb)s MB."),
        remedy=_("Send a smaller file, or a screenshot instead of a photo."),
        status=413,
    )
    register(
        "file_not_accepted",
        title=_("This file cannot be used"),
        reason=_(
            "Its content is not a picture (PNG, JPEG, WebP), an unlocked PDF or a voice message, "
            "whatever its name says."
        ),
        remedy=_("Take a screenshot, save it as PNG, JPEG or PDF, or record it anew."),
    )
    register(
        "recording_too_long",
        title=_("The recording is too long"),
        reason=_("A voice message may last %(maximum_minutes)s minutes."),
        remedy=_("Send the part that matters, or several messages."),
    )
    register(
        "file_not_a_picture",
        title=_("A photo is needed"),
        reason=_("A PDF cannot be compared with a person."),
        remedy=_("Take a photo, or save it as PNG or JPEG."),
    )
    register(
        "picture_too_small",
        title=_("The photo is too small to read"),
        reason=_("It needs %(width)s × %(height)s pixels at least."),
        remedy=_("Take the photo anew, closer, without making it smaller afterwards."),
    )
    register(
        "file_infected",
        title=_("This file cannot be taken"),
        reason=_("Our virus scanner found something harmful in it. Nothing of it was kept."),
        remedy=_("Have your device checked, and take the photo with another one."),
    )
    register(
        "file_not_scanned",
        title=_("Files cannot be taken right now"),
        reason=_("Each file is scanned for viruses first, and the scanner does not answer."),
        remedy=_("Nothing was kept. Try again in a few minutes."),
        status=503,
    )
    register(
        "file_empty",
        title=_("The file is empty"),
        reason=_("It contains nothing."),
        remedy=_("Choose the file again."),
    )
