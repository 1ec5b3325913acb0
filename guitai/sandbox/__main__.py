"""`python -m guitai.sandbox`."""

import sys

import uvicorn

from guitai.sandbox.app import Application
from guitai.sandbox.settings import read_settings


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings(sys.argv[1:])
    print(f"sandbox: http://{settings.host}:{settings.port}/ (simulated bank and telephones)", flush=True)
    uvicorn.run(
        Application(settings),
        host=settings.host,
        port=settings.port,
        lifespan="on",
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
