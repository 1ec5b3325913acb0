"""What sign-up asks besides phone and password, on the page and over the API: the agreement.

allauth builds its own sign-up form upon this one, so it must not import allauth's forms.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AgreementForm(forms.Form):
    agreement = forms.BooleanField(
        label=_("I accept the agreement"),
        error_messages={"required": _("Please read the agreement and accept it to go on.")},
    )

    def signup(self, request: Any, user: Any) -> None:
        """The version and the moment are stored when the person is written."""
