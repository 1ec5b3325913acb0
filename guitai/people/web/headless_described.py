"""What allauth's endpoints for apps take and give, as they are mounted here: part of our own OpenAPI description.

allauth's own description covers more than we mount, and knows neither our numbers nor our second steps. A test
compares this table with the addresses and methods that answer.
"""

from typing import Any

PREFIX = "/_allauth/app/v1/"
_TAG = "Signing in"
_TEXT: dict[str, Any] = {"type": "string"}
_TRUE: dict[str, Any] = {"type": "boolean", "const": True}
_ANY: dict[str, Any] = {"type": "object"}
_WAY: dict[str, Any] = {
    "type": "string", "enum": ["totp", "recovery", "passkey", "password", "sms", "email", "pin"],
}  # fmt: skip
_IDS: dict[str, Any] = {"type": "array", "items": {"type": "integer"}}
_SIGNED_IN = {"200": "Signed in. `meta.session_token` goes back as `X-Session-Token`."}
_PENDING = {
    "401": "Something remains: `data.flows` names it (`verify_phone`, `mfa_authenticate`, `login_by_code`)."
}
_WRONG = {"400": "What was sent is not right: `errors` says which field and why."}
_LIMIT = {"429": "Too many tries; wait."}
_STALE = {"401": "Not signed in, or the proof is too old: `auth/reauthenticate` first."}
_REFUSED = {"422": "A refusal as `application/problem+json`."}

# address, method: one sentence, body (name, schema, whether required), what comes back
_Field = tuple[str, dict[str, Any], bool]
_Row = tuple[str, str, str, tuple[_Field, ...], dict[str, str]]
_ROWS: tuple[_Row, ...] = (
    ("config", "get", "What this installation offers.", (), {"200": "Login methods and kinds of second steps."}),
    ("auth/session", "get", "Who is signed in.", (), _SIGNED_IN | _PENDING),
    ("auth/session", "delete", "Sign out.", (), {"401": "Signed out."}),
    ("auth/signup", "post", "Sign up by phone number; a code is sent to it.", (
        ("phone", _TEXT, True), ("password", _TEXT, True), ("agreement", _TRUE, True),
    ), _PENDING | _WRONG | _LIMIT),
    ("auth/phone/verify", "post", "Prove the number by the code.", (("code", _TEXT, True),),
        _SIGNED_IN | _WRONG | _LIMIT | {"409": "Nothing waits for a code."}),
    ("auth/phone/verify/resend", "post", "Send the code again.", (), {"200": "Sent."} | _LIMIT
        | {"403": "It was sent a moment ago.", "409": "Nothing waits for a code."}),
    ("auth/login", "post", "Sign in by number and password.", (("phone", _TEXT, True), ("password", _TEXT, True)),
        _SIGNED_IN | _PENDING | _WRONG | _LIMIT | {"409": "Signed in already.", "423": "The number is locked."}),
    ("auth/code/request", "post", "Send a code to sign in with.", (("phone", _TEXT, True),),
        _PENDING | _WRONG | _LIMIT),
    ("auth/code/confirm", "post", "Sign in by that code.", (("code", _TEXT, True),),
        _SIGNED_IN | _PENDING | _WRONG | _LIMIT | {"409": "No code was asked for."}),
    ("auth/2fa/authenticate", "get", "The ways that the second step leaves open, and why it is asked for.", (),
        {"200": "`ways`, `why`.", "401": "No second step is asked for."}),
    ("auth/2fa/authenticate", "post", "End the second step.", (
        ("way", _WAY, False), ("code", _TEXT, False), ("password", _TEXT, False), ("credential", _ANY, False),
    ), _SIGNED_IN | _LIMIT | _REFUSED | {"401": "No second step is asked for."}),
    ("auth/2fa/code", "post", "Send the code of the ways `sms` and `email`.", (("way", _WAY, False),),
        {"202": "Sent."} | _LIMIT | _REFUSED | {"401": "No second step is asked for."}),
    ("auth/2fa/passkey", "get", "What a passkey has to sign for the second step.", (),
        {"200": "`request_options`."} | _REFUSED | {"401": "No second step is asked for."}),
    ("auth/reauthenticate", "post", "Show the password again.", (("password", _TEXT, True),),
        _SIGNED_IN | _WRONG | _LIMIT | _STALE),
    ("auth/2fa/reauthenticate", "post", "Show a code of the authenticator app again.", (("code", _TEXT, True),),
        _SIGNED_IN | _WRONG | _LIMIT | _STALE),
    ("auth/webauthn/login", "get", "What a passkey has to sign to sign in by itself.", (),
        {"200": "`request_options`."}),
    ("auth/webauthn/login", "post", "Sign in by a passkey and nothing else.", (("credential", _ANY, True),),
        _SIGNED_IN | _LIMIT | _REFUSED),
    ("account/authenticators", "get", "Every authenticator of one's own.", (), {"200": "Kinds and dates."} | _STALE),
    ("account/authenticators/totp", "get", "The authenticator app, or a secret for a new one.", (),
        {"200": "There is one.", "404": "None yet: `meta.secret` for a new one."} | _STALE),
    ("account/authenticators/totp", "post", "Set up the authenticator app.", (("code", _TEXT, True),),
        {"200": "Set up."} | _STALE | _REFUSED),
    ("account/authenticators/totp", "delete", "Take the authenticator app away.", (),
        {"200": "Gone."} | _STALE | _REFUSED),
    ("account/authenticators/recovery-codes", "get", "Recovery codes that were not used yet.", (),
        {"200": "How many, and which.", "404": "There are none."} | _STALE),
    ("account/authenticators/recovery-codes", "post", "New recovery codes; the old ones end.", (),
        {"200": "The new ones."} | _STALE | _REFUSED),
    ("account/authenticators/webauthn", "get", "What a new passkey has to sign.", (),
        {"200": "`creation_options`."} | _STALE),
    ("account/authenticators/webauthn", "post", "Keep a new passkey.",
        (("name", _TEXT, False), ("credential", _ANY, True)), {"200": "Kept."} | _STALE | _REFUSED),
    ("account/authenticators/webauthn", "put", "Name a passkey anew.", (
        ("id", {"type": "integer"}, True), ("name", _TEXT, True),
    ), {"200": "Named."} | _WRONG | _STALE),
    ("account/authenticators/webauthn", "delete", "Take passkeys away.", (("authenticators", _IDS, True),),
        {"200": "Gone."} | _WRONG | _STALE | _REFUSED),
)  # fmt: skip


def described() -> dict[str, dict[str, Any]]:
    """The `paths` of an OpenAPI description, by address and method."""
    paths: dict[str, dict[str, Any]] = {}
    for address, method, sentence, fields, answers in _ROWS:
        name = f"{method}_{address}".replace("/", "_").replace("-", "_")
        paths.setdefault(PREFIX + address, {})[method] = {
            "operationId": f"allauth_{name}",
            "summary": sentence,
            "tags": [_TAG],
            "parameters": [_TOKEN],
            **({"requestBody": _body(fields)} if fields else {}),
            "responses": {status: {"description": words} for status, words in sorted(answers.items())},
        }
    return paths


_TOKEN: dict[str, Any] = {
    "name": "X-Session-Token", "in": "header", "required": False, "schema": _TEXT,
    "description": "From `meta.session_token` of the answer before; a first request has none.",
}  # fmt: skip


def _body(fields: tuple[_Field, ...]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {name: kind for name, kind, _ in fields},
        "required": [name for name, _, required in fields if required],
    }
    return {"required": True, "content": {"application/json": {"schema": schema}}}
