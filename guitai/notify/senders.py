"""The ways out: an SMS gateway over signed HTTP, a mail server, or only the outbox table."""

import smtplib
from urllib.parse import unquote, urlsplit
from uuid import UUID

import httpx
import msgspec
from django.core.mail import EmailMessage, get_connection

from guitai.base.clock import now
from guitai.base.signatures import sign_request
from guitai.kit.environment import environment
from guitai.kit.keys import KeyMissing, own_key
from guitai.notify.errors import DeliveryFailed

_TIMEOUT_S = 5.0
_ACCEPTED = range(200, 300)


def send(channel: str, address: str, title: str, body: str, delivery: UUID) -> None:
    """Hand a message to the way out that the operator configured; without one it only stays in the outbox.

    takes    sms or email, the address, title and body, the delivery's id (the gateway's idempotency key)
    refuses  delivery_failed with `trouble`
    """
    if channel == "sms" and environment().sms_gateway_url:
        _send_sms(environment().sms_gateway_url, address, body, delivery)
    elif channel == "email" and environment().email_url:
        _send_email(environment().email_url, address, title, body)


def _send_sms(url: str, address: str, body: str, delivery: UUID) -> None:
    content = msgspec.json.encode({"id": str(delivery), "to": address, "text": body})
    try:
        path = urlsplit(url).path or "/"
        headers = sign_request(own_key(), "wallet", method="POST", path=path, body=content, at=now())
        response = httpx.post(
            url,
            content=content,
            headers={"Content-Type": "application/json", "Idempotency-Key": str(delivery), **headers},
            timeout=_TIMEOUT_S,
            trust_env=False,
        )
    except (httpx.HTTPError, KeyMissing) as error:
        raise DeliveryFailed(trouble=type(error).__name__) from error
    if response.status_code not in _ACCEPTED:
        raise DeliveryFailed(trouble=f"gateway answered {response.status_code}")


def _send_email(url: str, address: str, title: str, body: str) -> None:
    """`smtp://user:password@host:587`, or `smtps://` for TLS from the first byte."""
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname or "",
        port=parts.port or (465 if secure else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=secure,
        use_tls=not secure and parts.username is not None,
        timeout=_TIMEOUT_S,
    )
    sender = f"no-reply@{urlsplit(environment().public_url).hostname}"
    try:
        EmailMessage(title, body, sender, [address], connection=connection).send()
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(trouble=type(error).__name__) from error
