"""What is typed into the reserve's page."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from guitai.wallet.reserve.rules.documents import BYTES_MAX, SIGNATURES_MAX
from guitai.wallet.web.forms import AmountForm


class FillForm(AmountForm):
    """How much goes into the reserve; the key makes of two presses one movement."""

    key = forms.CharField(max_length=80, widget=forms.HiddenInput)


class ReleaseForm(AmountForm):
    """How much is to be released, to where, and why."""

    destination = forms.CharField(
        label=_("To which account"),
        max_length=120,
        error_messages={"required": _("Enter the account it goes to.")},
    )
    reason = forms.CharField(
        label=_("Why, for those who sign"), max_length=200, error_messages={"required": _("Enter a reason.")}
    )


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _Files(forms.FileField):
    """Several small files at once."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        files: list[UploadedFile] = [super(_Files, self).clean(each, initial) for each in given]
        if not files:
            raise forms.ValidationError(_("Choose at least one file."), code="required")
        if len(files) > SIGNATURES_MAX or any((file.size or 0) > BYTES_MAX for file in files):
            raise forms.ValidationError(_("These are no signatures."), code="too_large")
        return [file.read() for file in files]


class SignaturesForm(forms.Form):
    """Signature files that came back from the machines where they were made."""

    signatures = _Files(label=_("Signature files"))
