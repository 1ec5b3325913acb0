"""Words for statement files that are refused. Nothing of such a file is used, and it is kept to be looked at."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_statement_refusals() -> None:
    """Called once, when the room is ready."""
    _register_kinds()
    _register_damage()
    _register_figures()


def _register_kinds() -> None:
    register(
        "statement_unrecognised",
        title=_("This is not an account statement that we can read"),
        reason=_(
            "It is neither camt.052, camt.053 or camt.054 (ISO 20022), nor MT940, nor a CSV file that a mapping "
            "describes (%(problem)s)."
        ),
        remedy=_("Ask the bank for camt.053, or describe its CSV file in a mapping."),
    )
    register(
        "statement_version_unknown",
        title=_("A kind or version of message that we do not know"),
        reason=_(
            "Known are camt.052, camt.053 and camt.054 in versions 02 to 13; this file names “%(found)s”."
        ),
        remedy=_("Ask the bank for one of those versions."),
    )
    register(
        "statement_mapping_wrong",
        title=_("The mapping does not fit this file"),
        reason=_(
            "In a CSV file every column that the mapping names must be there: %(column)s (%(problem)s)."
        ),
        remedy=_("Compare the headings of the file with the mapping, and correct the mapping."),
    )
    register(
        "statement_unreadable",
        title=_("The file cannot be opened"),
        reason=_("It is not there, or may not be read here (%(problem)s)."),
        remedy=_("Check its name and who may read it."),
    )


def _register_damage() -> None:
    register(
        "statement_incomplete",
        title=_("The file is not complete"),
        reason=_("It ends in the middle, at line %(line)s: it was cut off, or is still being written."),
        remedy=_("Fetch the whole file again. Nothing of this one was used."),
    )
    register(
        "statement_changing",
        title=_("The file is still being written"),
        reason=_("It changed while it was being taken in. Nothing of it was kept."),
        remedy=_("Wait until it is complete; a watched folder is looked at again by itself."),
        status=409,
    )
    register(
        "statement_malformed",
        title=_("The file does not follow its format"),
        reason=_("Line %(line)s cannot be read (%(problem)s). Nothing of the file was used."),
        remedy=_("Send the line's number to the bank and ask for a correct file."),
    )
    register(
        "statement_encoding_wrong",
        title=_("The characters of the file cannot be read"),
        reason=_("Its bytes are not in the encoding %(encoding)s. Nothing of the file was used."),
        remedy=_("Fetch the file again without converting it, or name its encoding."),
    )
    register(
        "statement_hostile",
        title=_("The file contains something that no bank sends"),
        reason=_(
            "Document type declarations, entities and endless nesting are known from attacks (%(problem)s). "
            "Nothing of the file was used."
        ),
        remedy=_(
            "Do not open it elsewhere. Find out how it got here, and ask the bank whether it is theirs."
        ),
    )
    register(
        "statement_too_large",
        title=_("The file or a part of it is too large"),
        reason=_("The most that is taken is %(maximum)s (%(problem)s). Nothing of the file was used."),
        remedy=_("Ask the bank for shorter periods, or raise the limit if it is really that large."),
        status=413,
    )


def _register_figures() -> None:
    register(
        "statement_amount_wrong",
        title=_("An amount cannot be read"),
        reason=_("“%(value)s” in line %(line)s is not an amount. Nothing of the file was used."),
        remedy=_("Send the line's number to the bank and ask for a correct file."),
    )
    register(
        "statement_amount_too_precise",
        title=_("An amount has too many decimals"),
        reason=_(
            "“%(value)s” in line %(line)s: %(currency)s has %(decimals)s decimals, and nothing is rounded."
        ),
        remedy=_("Send the line's number to the bank and ask for a correct file."),
    )
    register(
        "statement_currency_unknown",
        title=_("A currency that does not exist"),
        reason=_("“%(currency)s” is no code of ISO 4217. Nothing of the file was used."),
        remedy=_("Send the line's number to the bank and ask for a correct file."),
    )
    register(
        "statement_currency_mixed",
        title=_("Two currencies on one account"),
        reason=_("The account is kept in %(currency)s, and line %(line)s is in %(found)s."),
        remedy=_("Ask the bank for one statement for each currency."),
    )
    register(
        "statement_unbalanced",
        title=_("The statement does not add up"),
        reason=_(
            "Opening balance and entries come to %(expected)s, but it says %(closing)s: a difference of "
            "%(difference)s. A line is missing or wrong; nothing of the file was used."
        ),
        remedy=_("Ask the bank for a correct statement of that period."),
    )
