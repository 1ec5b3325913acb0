"""Errors as the acquirer writes them."""


class ApiError(Exception):
    """Answered as `{"error": {...}}` with its status."""

    def __init__(self, status: int, kind: str, code: str, message: str, parameter: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.body = {
            "error": {
                "type": kind,
                "code": code,
                "message": message,
                **({"param": parameter} if parameter else {}),
            }
        }


def invalid(code: str, message: str, parameter: str = "", status: int = 400) -> ApiError:
    return ApiError(status, "invalid_request_error", code, message, parameter)


def missing(kind: str, identity: str) -> ApiError:
    return invalid("resource_missing", f"No such {kind}: '{identity}'", "id", 404)
