"""The virus scanner: asked as clamd(8) says, and never passed by when somebody wants uploads scanned."""

import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guitai.base.ids import new_id
from guitai.kit import files
from guitai.kit.clamd import ScanFailed, scan
from guitai.kit.models import File
from tests.kit.samples import document

# A signature of our own: nobody's scanner knows it, and it harms nobody.
MARK = b"GUITAI-TEST-SIGNATURE-7f3a"
EVIL = b"%PDF-1.7\n" + MARK + b"\n%%EOF\n"
CLEAN = document()


class Scanner:
    """Speaks INSTREAM on a socket; finds MARK, and can be told to misbehave."""

    def __init__(self, path: Path) -> None:
        self.path, self.says, self.seen = str(path), "", b""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(self.path)
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                self.seen = b""
                while length := struct.unpack("!I", stream.read(4))[0]:
                    self.seen += stream.read(length)
                answer = self.says or ("stream: Guitai.Test FOUND" if MARK in self.seen else "stream: OK")
                connection.sendall(answer.encode() + b"\0")


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[Scanner]:
    running = Scanner(tmp_path / "clamd")
    yield running
    running.close()


def store(content: bytes) -> files.StoredFile:
    return files.store(SimpleUploadedFile("a.pdf", content), owner=new_id())


def test_speaks_instream(scanner):
    big = CLEAN[:-6] + bytes(200_000) + CLEAN[-6:]
    assert scan(big, scanner.path) == "" and scanner.seen == big
    assert scan(EVIL, scanner.path) == "Guitai.Test"


@pytest.mark.parametrize("says", ["INSTREAM size limit exceeded. ERROR", "rubbish", ""])
def test_no_verdict_is_no_pass(scanner, says, tmp_path):
    scanner.says = says
    if says:
        with pytest.raises(ScanFailed):
            scan(CLEAN, scanner.path)
    with pytest.raises(ScanFailed):
        scan(CLEAN, str(tmp_path / "nobody"))
    with pytest.raises(ScanFailed):
        scan(CLEAN, "127.0.0.1:1")


@pytest.mark.django_db
def test_an_upload_is_scanned_as_it_came(own, scanner):
    own(clamd_socket=scanner.path)
    assert store(CLEAN).content_type == "application/pdf" and scanner.seen == CLEAN
    with pytest.raises(files.FileInfected):
        store(EVIL)
    assert File.objects.count() == 1


@pytest.mark.django_db
def test_without_a_scanner_that_answers_nothing_is_taken(own, tmp_path):
    own(clamd_socket=str(tmp_path / "nobody"))
    with pytest.raises(files.FileNotScanned):
        store(CLEAN)
    own(clamd_socket="")
    assert store(CLEAN).size, "who runs no scanner is not held up by one"


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """A real clamd with one signature: ours. Skips where it is not installed."""
    binary = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if binary is None:
        pytest.skip("clamd is not installed (Debian: clamav-daemon)")
    # It may give up root: what it reads and where it listens are open to whoever it becomes.
    home = tmp_path / "clam"
    home.mkdir(mode=0o777)
    home.chmod(0o777)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == tmp_path.owner() and str(folder).startswith("/tmp/pytest"):
            folder.chmod(0o755)
    (home / "guitai.ndb").write_text(f"Guitai.Test:0:*:{MARK.hex()}\n")
    path = home / "socket"
    (home / "clamd.conf").write_text(
        f"DatabaseDirectory {home}\nLocalSocket {path}\nForeground yes\nFixStaleSocket yes\nOfficialDatabaseOnly no\n"
    )
    running = subprocess.Popen(
        [binary, f"--config-file={home / 'clamd.conf'}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        for _ in range(300):
            if path.exists():
                break
            if running.poll() is not None:
                assert running.stdout is not None
                pytest.fail(f"clamd did not start: {running.stdout.read().decode()[-800:]}")
            time.sleep(0.1)
        yield str(path)
    finally:
        running.terminate()
        running.wait(20)
        if running.stdout is not None:
            running.stdout.close()


def test_a_real_clamd_with_a_signature_of_our_own(clamd):
    assert scan(CLEAN, clamd) == ""
    assert scan(EVIL, clamd).startswith("Guitai.Test")
