"""Words for the codes about identity, bank accounts and copies of data."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_identity_explanations() -> None:
    _register_documents()
    _register_photos()
    _register_reviews()
    _register_accounts()
    register(
        "proof_needed",
        title=_("Show that it is still you"),
        reason=_("This can only be done with your payment PIN or your password."),
        remedy=_("Enter one of them."),
    )
    register(
        "export_not_ready",
        title=_("This copy cannot be fetched"),
        reason=_("It is still being made, or its days are over and it was erased."),
        remedy=_("Look at your data page; you can have a new copy made there."),
        remedy_url="/me/data/",
        remedy_label=_("My data"),
        status=409,
    )


def _register_documents() -> None:
    register(
        "document_invalid",
        title=_("This number cannot be right"),
        reason=_(
            "It does not follow the rule for numbers of this document: a character may be wrong or missing."
        ),
        remedy=_("Compare it with the document, character by character, and check the date of birth."),
    )
    register(
        "document_taken",
        title=_("This document already confirms a wallet"),
        reason=_("One document can confirm one wallet, and this one is in use. We may not say whose it is."),
        remedy=_(
            "Do you have another wallet? Use that one, or close it first. If not, ask at the counter: somebody may "
            "be using your document."
        ),
        remedy_url="/counter/",
        remedy_label=_("Go to the counter"),
        status=409,
    )
    register(
        "document_expired",
        title=_("This document has ended"),
        reason=_("It was valid until %(on)s."),
        remedy=_("Give a document that is valid."),
    )
    register(
        "expiry_needed",
        title=_("Until when is it valid?"),
        reason=_("Documents of this kind end, and their number does not say when."),
        remedy=_("Enter the date that stands in the document."),
    )
    register(
        "birth_date_needed",
        title=_("When were you born?"),
        reason=_("The number of this document does not say it."),
        remedy=_("Enter the date of birth that stands in the document."),
    )
    register(
        "too_young",
        title=_("You are not old enough for this yet"),
        reason=_("It is open from the age of %(minimum)s."),
        remedy=_("Everything that you could do until now still works."),
    )
    register(
        "identity_confirmed",
        title=_("Your identity is confirmed already"),
        reason=_("A person compared your document with your photos."),
        remedy=_("There is nothing to do. When the document ends we ask you for a new one in time."),
        status=409,
    )
    register(
        "identity_name_differs",
        title=_("The name is another one than before"),
        reason=_("Your wallet was confirmed under another name."),
        remedy=_("If your name has changed, ask at the counter: we need to see why."),
        remedy_url="/counter/",
        remedy_label=_("Go to the counter"),
        status=409,
    )
    register(
        "identity_needed",
        title=_("First tell us who you are"),
        reason=_("This is open from tier %(tier)s."),
        remedy=_("Give the name and the number of your identity document: it takes two minutes."),
        remedy_url="/me/identity/",
        remedy_label=_("Identity"),
        status=409,
    )


def _register_photos() -> None:
    register(
        "photos_missing",
        title=_("A photo is missing"),
        reason=_("We need each side of the document that is asked for, and your face."),
        remedy=_("Add the photos that are missing."),
    )
    register(
        "review_open",
        title=_("Your photos are with us already"),
        reason=_("They are being looked at, so nothing can be changed now."),
        remedy=_("Wait for our answer, or take the photos back on your identity page while they wait."),
        remedy_url="/me/identity/",
        remedy_label=_("Identity"),
        status=409,
    )


def _register_reviews() -> None:
    register(
        "review_not_open",
        title=_("This review is over"),
        reason=_("It was decided, taken back, or is being looked at."),
        remedy=_("Load the page again to see how it stands."),
        status=409,
    )
    register(
        "review_taken",
        title=_("A colleague has this review"),
        reason=_("It was claimed less than two hours ago."),
        remedy=_("Take another one from the queue."),
        status=409,
    )
    register(
        "review_needs_another",
        title=_("Another person decides this"),
        reason=_("You agreed first; the policy wants two persons."),
        remedy=_("Leave it to a supervisor."),
        status=403,
    )
    register(
        "review_needs_claim",
        title=_("Claim this review first"),
        reason=_("Whoever looks at somebody's document has it in their name."),
        remedy=_("Claim it, then it opens."),
        status=403,
    )
    register(
        "review_reason_missing",
        title=_("Choose a reason"),
        reason=_("The customer reads it, with what to do."),
        remedy=_("Choose the one that fits."),
    )


def _register_accounts() -> None:
    register(
        "account_invalid",
        title=_("This number cannot be right"),
        reason=_(
            "It does not follow the rule for accounts of this kind: a digit or a letter may be wrong or missing."
        ),
        remedy=_("Compare it with your card, statement or app, sign by sign."),
    )
    register(
        "card_not_supported",
        title=_("This card cannot receive withdrawals"),
        reason=_("Only UnionPay bank cards can, whose numbers begin with 62 or 81."),
        remedy=_(
            "Add a UnionPay bank card, or the account behind this card. Nothing of the number was kept."
        ),
    )
    register(
        "account_name_differs",
        title=_("The account must be your own"),
        reason=_("The name of its holder is not the name of this wallet."),
        remedy=_(
            "Enter the holder as the bank, or Alipay, writes it. If your name has changed, give your new document "
            "first."
        ),
    )
    register(
        "account_needs_link",
        title=_("WeChat itself has to say that it is yours"),
        reason=_("An account of this kind has no number that you could enter."),
        remedy=_("Add it on the page for your accounts: it leads to WeChat and back."),
        remedy_url="/me/bank-accounts/new/wechat/",
        remedy_label=_("Add a WeChat account"),
    )
    register(
        "account_link_failed",
        title=_("WeChat did not tell us which account is yours"),
        reason=_(
            "You came back from WeChat too late, from another browser, or without allowing it. Nothing was added."
        ),
        remedy=_("Go to WeChat once more from here, in this browser, and allow it there."),
        remedy_url="/me/bank-accounts/new/wechat/",
        remedy_label=_("Add a WeChat account"),
    )
    register(
        "already_bound",
        title=_("This account is there already"),
        reason=_("You have added it before."),
        remedy=_("You find it in the list of your accounts."),
        remedy_url="/me/bank-accounts/",
        remedy_label=_("Accounts for withdrawals"),
        status=409,
    )
    register(
        "too_many_bindings",
        title=_("You have as many accounts as possible"),
        reason=_("A wallet can have %(maximum)s of them."),
        remedy=_("Remove one that you no longer need."),
        remedy_url="/me/bank-accounts/",
        remedy_label=_("Accounts for withdrawals"),
        status=409,
    )
