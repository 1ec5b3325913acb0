"""The profile of RFC 9421: one published example, and each way of being wrong."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st

from guitai.base.signatures import (
    SignatureWrong,
    content_digest,
    sign_request,
    signature_base,
    verify_request,
)
from guitai.sandbox import signatures as other_side

AT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
BODY = b'{"amount": 1}'
PATH = "/rails/bank/notices/"
RFC_KEY = b"""-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----
"""


def signed(**changes: object) -> dict[str, str]:
    how = {"method": "POST", "path": PATH, "body": BODY, "at": AT, **changes}
    headers = sign_request(how.pop("key", KEY), how.pop("key_id", "bank"), **how)  # type: ignore[arg-type]
    return {name.lower(): value for name, value in headers.items()}


def problem_of(headers: dict[str, str], **changes: object) -> str | None:
    how = {"method": "POST", "path": PATH, "headers": headers, "body": BODY, "at": AT, **changes}
    try:
        verify_request(KEY.public_key(), "bank", **how)  # type: ignore[arg-type]
    except SignatureWrong as error:
        return error.problem
    return None


def test_signs_the_bytes_of_the_published_example() -> None:
    """RFC 9421, appendix B.2.6, with its key and its signature."""
    values = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@method", "POST"),
        ("@path", "/foo"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ]
    named = " ".join(f'"{name}"' for name, _ in values)
    base = signature_base(values, f'({named});created=1618884473;keyid="test-key-ed25519"')
    signature = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    load_pem_public_key(RFC_KEY).verify(base64.b64decode(signature), base)  # type: ignore[union-attr, call-arg]


def test_digest_is_the_published_example() -> None:
    """RFC 9530, appendix B."""
    body = b'{"hello": "world"}\n'
    assert content_digest(body) == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


def test_a_genuine_request_is_accepted() -> None:
    assert problem_of(signed()) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"body": b'{"amount": 2}'}, "digest"),
        ({"path": "/rails/other/notices/"}, "signature"),
        ({"method": "PUT"}, "signature"),
        ({"at": AT + timedelta(seconds=301)}, "time"),
        ({"at": AT - timedelta(seconds=301)}, "time"),
        ({"at": AT + timedelta(seconds=299)}, None),
    ],
)
def test_what_differs_from_what_was_signed_is_named(changes: dict[str, object], expected: str | None) -> None:
    assert problem_of(signed(), **changes) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda h: {}, "missing"),
        (lambda h: {**h, "signature": ""}, "missing"),
        (lambda h: {**h, "signature": "sig=:AAAA:"}, "unreadable"),
        (lambda h: {**h, "signature-input": "sig=()"}, "unreadable"),
        (lambda h: {**h, "signature-input": h["signature-input"].replace("sig=", "other=")}, "unreadable"),
        (
            lambda h: {**h, "signature-input": h["signature-input"].replace(' "content-digest"', "")},
            "components",
        ),
        (lambda h: {**h, "signature-input": h["signature-input"].replace("@path", "@method")}, "components"),
        (lambda h: {**h, "signature-input": h["signature-input"].replace('"bank"', '"wallet"')}, "key"),
        (lambda h: {**h, "content-digest": content_digest(b"other")}, "digest"),
        (lambda h: {**h, "content-digest": ""}, "digest"),
        (
            lambda h: {**h, "signature-input": h["signature-input"].replace("created=1", "created=2")},
            "signature",
        ),
        (
            lambda h: {**h, "signature-input": h["signature-input"].replace("created=1", "created=99")},
            "signature",
        ),
    ],
)
def test_wrong_headers_are_named(change, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert problem_of(change(signed())) == expected


def test_another_key_does_not_pass() -> None:
    assert problem_of(signed(key=Ed25519PrivateKey.generate())) == "signature"


def test_a_signature_made_for_an_absurd_moment_does_not_overflow() -> None:
    headers = signed()
    parameters = (
        headers["signature-input"].removeprefix("sig=").replace(f"{int(AT.timestamp())}", "999999999999")
    )
    values = [("@method", "POST"), ("@path", PATH), ("content-digest", content_digest(BODY))]
    signature = base64.b64encode(KEY.sign(signature_base(values, parameters))).decode()
    assert (
        problem_of({**headers, "signature-input": f"sig={parameters}", "signature": f"sig=:{signature}:"})
        == "time"
    )


@given(
    st.dictionaries(st.sampled_from(["signature", "signature-input", "content-digest"]), st.text()),
    st.binary(),
)
def test_any_headers_are_answered(headers: dict[str, str], body: bytes) -> None:
    assert problem_of(headers, body=body) is not None


@given(st.binary(), st.integers(0, 2_000_000_000))
def test_both_sides_read_each_other(body: bytes, moment: int) -> None:
    at = datetime.fromtimestamp(moment, UTC)
    theirs = other_side.request_headers(KEY, "bank", "POST", PATH, body, moment)
    assert problem_of({name.lower(): value for name, value in theirs.items()}, body=body, at=at) is None
    other_side.check_request(KEY.public_key(), "bank", "POST", PATH, signed(body=body, at=at), body, moment)
    with pytest.raises(other_side.NotGenuine):
        other_side.check_request(
            KEY.public_key(), "bank", "POST", PATH, signed(body=body, at=at), body + b" ", moment
        )
