"""What rails refuses, one class a code."""

from guitai.base.refusal import Refusal


class RailUnknown(Refusal):
    """No rail of that name."""

    code = "rail_unknown"


class RailUnsupported(Refusal):
    """This rail does not have that verb."""

    code = "rail_unsupported"


class RailUnavailable(Refusal):
    """The other side cannot be reached, or what it answered is not known to be genuine."""

    code = "rail_unavailable"


class RailDeclined(Refusal):
    """The other side understood and declined."""

    code = "rail_declined"


class OrderConflict(Refusal):
    """The same order reference, with another amount."""

    code = "order_conflict"


class BadSignature(Refusal):
    """A notice that is not known to come from the rail."""

    code = "bad_signature"


class Malformed(Refusal):
    """A genuine notice that cannot be read."""

    code = "malformed"


class NoticeTooLarge(Refusal):
    """A notice of more than NOTICE_BYTES_MAX bytes."""

    code = "notice_too_large"
