"""A passkey in software: what a phone's secure chip and its browser would answer (ES256, self-made)."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from guitai.people.models import User

FLAG = AuthenticatorData.FLAG
ORIGIN, RP_ID = "http://localhost:8000", "localhost"


class Passkey:
    """One credential; every answer may be bent to see that it is refused."""

    def __init__(self, rp_id: str = RP_ID, origin: str = ORIGIN) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.rp_id, self.origin, self.handle = secrets.token_bytes(32), rp_id, origin, b""

    def create(self, options: Mapping[str, Any], **bent: Any) -> dict[str, Any]:
        """The answer to creation options."""
        self.handle = websafe_decode(options["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        flags = bent.get("flags", FLAG.UP | FLAG.UV | FLAG.BE | FLAG.BS)
        proof = AuthenticatorData.create(self._rp_hash(bent), flags | FLAG.AT, 0, credential)
        made = AttestationObject.create("none", proof, {})
        said = self._said("webauthn.create", options["challenge"], bent)
        response = {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(made),
            "transports": ["internal"],
        }
        return self._answer(response, {"credProps": {"rk": True}})

    def get(self, options: Mapping[str, Any], **bent: Any) -> dict[str, Any]:
        """The answer to request options; `challenge`, `origin`, `rp_id`, `flags`, `type`, `signature` can be bent."""
        flags = bent.get("flags", FLAG.UP | FLAG.UV)
        proof = AuthenticatorData.create(self._rp_hash(bent), flags, 1)
        said = self._said(bent.get("type", "webauthn.get"), bent.get("challenge", options["challenge"]), bent)
        signature = self.key.sign(proof + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(said),
            "authenticatorData": websafe_encode(proof),
            "signature": websafe_encode(bent.get("signature", signature)),
            "userHandle": websafe_encode(self.handle),
        }
        return self._answer(response, {})

    def belongs_to(self, person: UUID) -> Authenticator:
        """Enrol it without a page."""
        handle = user_pk_to_url_str(User.objects.get(id=person)).encode()
        options = {
            "challenge": websafe_encode(secrets.token_bytes(32)),
            "user": {"id": websafe_encode(handle)},
        }
        credential = json.loads(json.dumps(self.create(options)))
        made: Authenticator = WebAuthn.add(User.objects.get(id=person), "Phone", credential).instance
        return made

    def _said(self, kind: str, challenge: str, bent: Mapping[str, Any]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": bent.get("origin", self.origin)}
        return json.dumps({**said, "crossOrigin": bent.get("cross_origin", False)}).encode()

    def _rp_hash(self, bent: Mapping[str, Any]) -> bytes:
        return hashlib.sha256(str(bent.get("rp_id", self.rp_id)).encode()).digest()

    def _answer(self, response: dict[str, Any], extensions: dict[str, Any]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {
            "id": name, "rawId": name, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": extensions, "response": response,
        }  # fmt: skip
