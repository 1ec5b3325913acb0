"""Sessions in the database, sealed: while a sign-in is under way they hold phone numbers and codes."""

import base64
import binascii
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from guitai.kit import crypto

_PURPOSE, _NO_ROW = "people.session", UUID(int=0)


class SessionStore(DatabaseStore):
    """Named by `SESSION_ENGINE`; a session that cannot be opened is an empty one."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        content = self.serializer().dumps(session_dict)
        return base64.b64encode(crypto.seal_bytes(content, purpose=_PURPOSE, row=_NO_ROW)).decode()

    def decode(self, session_data: str) -> dict[str, Any]:
        try:
            sealed = base64.b64decode(session_data, validate=True)
            opened: dict[str, Any] = self.serializer().loads(
                crypto.unseal_bytes(sealed, purpose=_PURPOSE, row=_NO_ROW)
            )
        except (binascii.Error, ValueError, crypto.Unsealable):
            return {}
        return opened
