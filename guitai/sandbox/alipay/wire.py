"""How Alipay's gateway writes and signs, apart from the wallet's reading, so that each side proves the other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from guitai.sandbox.alipay.certificates import ROOT, made_certificate, number
from guitai.sandbox.asgi import Problem, Request
from guitai.sandbox.gateways.keys import holds, made_key, new_key, sign

Fields = dict[str, str]
_FIELDS_MAX = 60


@dataclass(frozen=True, slots=True)
class Keys:
    """Alipay's own, and the one of the merchant's application, each with its certificate, and the root's."""

    alipay: RSAPrivateKey
    application: RSAPrivateKey
    alipay_certificate: str
    app_certificate: str
    root_certificate: str

    def named_rightly(self, fields: Mapping[str, str]) -> bool:
        """Whether a wish that names certificates names these; one that names none goes by bare keys."""
        told = (fields.get("app_cert_sn"), fields.get("alipay_root_cert_sn"))
        return told in ((None, None), (number(self.app_certificate), number(self.root_certificate)))


def keys(folder: Path) -> Keys:
    alipay, application = made_key(folder, "alipay"), made_key(folder, "application")
    root = made_key(folder, "root")
    return Keys(
        alipay,
        application,
        made_certificate(folder, "alipay", "Alipay (sandbox)", alipay, root),
        made_certificate(folder, "application", "Guitai demo wallet", application, root),
        made_certificate(folder, "root", ROOT, root, root),
    )


def read(request: Request) -> Fields:
    """The fields of a wish: those of its address and those of its form together, each once."""
    try:
        given = [*request.query.items()]
        if request.is_form:
            given += parse_qsl(
                request.body.decode(),
                keep_blank_values=True,
                strict_parsing=bool(request.body),
                max_num_fields=60,
            )
    except ValueError as error:
        raise Problem(400, "form_unreadable", "The form cannot be read.") from error
    fields = dict(given)
    if len(fields) != len(given) or len(given) > _FIELDS_MAX:
        raise Problem(400, "form_unreadable", "A field is there twice.")
    return fields


def from_merchant(fields: Mapping[str, str], own: Keys) -> bool:
    """Whether the application signed a wish: every field that says something, `sign` excepted, in order."""
    content = signed_text({name: value for name, value in fields.items() if name != "sign"})
    return fields.get("sign_type") == "RSA2" and holds(
        own.application.public_key(), content, fields.get("sign", "")
    )


def signed_text(fields: Mapping[str, str]) -> bytes:
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields) if fields[name]).encode()


def answer(
    own: Keys, method: str, content: Mapping[str, object], *, badly: bool = False, certified: bool = False
) -> bytes:
    """`{"…_response": {…}, "sign": "…"}`: the signature is over the inner object's own bytes.

    Where certificates are used, the answer names the one that it is signed with.
    """
    inner = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    key = new_key() if badly else own.alipay
    name = method.replace(".", "_") + "_response"
    named = f'"alipay_cert_sn":"{number(own.alipay_certificate)}",' if certified else ""
    return f'{{"{name}":{inner},{named}"sign":"{sign(key, inner.encode())}"}}'.encode()


def notice(own: Keys, fields: Fields, *, badly: bool = False) -> bytes:
    """A notice's form: signed over its fields without `sign` and `sign_type`."""
    content = signed_text(fields)
    signature = sign(new_key() if badly else own.alipay, content)
    return urlencode({**fields, "sign_type": "RSA2", "sign": signature}).encode()
