"""The environment: every refusal names its variable."""

import base64
import json
from pathlib import Path

import pytest

from guitai.kit.environment import EnvironmentRefused, read_environment

KEY = base64.b64encode(bytes(32)).decode()
OTHER = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "GUITAI_MODE": "production",
    "GUITAI_PUBLIC_URL": "https://wallet.example/",
    "GUITAI_DATABASE_URL": "postgresql://db.example/guitai",
    "GUITAI_SECRET_KEY": "s" * 50,
    "GUITAI_DATA_KEYS": f"k2:{OTHER},k1:{KEY}",
}


def read(tmp_path: Path, **changes: str | None):
    variables = {**PRODUCTION, "GUITAI_HOME": str(tmp_path), **changes}
    return read_environment({name: value for name, value in variables.items() if value is not None})


def test_reads_production(tmp_path):
    found = read(tmp_path, GUITAI_ALLOWED_HOSTS="a.example, b.example")
    assert found.mode == "production" and not found.developer_pages and found.home == tmp_path
    assert found.public_url == "https://wallet.example" and found.port == 8000
    assert found.allowed_hosts == ("a.example", "b.example", "wallet.example")
    assert found.data_keys == (("k2", bytes(range(32))), ("k1", bytes(32)))
    assert not list(tmp_path.iterdir()), "production keeps no secrets of its own"


REFUSED = [
    ("GUITAI_MODE", "staging"),
    ("GUITAI_MODE", ""),
    ("PORT", "0"),
    ("PORT", "65535"),
    ("PORT", "http"),
    ("PORT", "-1"),
    ("PORT", "８０"),
    ("GUITAI_PUBLIC_URL", None),
    ("GUITAI_PUBLIC_URL", "wallet.example"),
    ("GUITAI_PUBLIC_URL", "ftp://wallet.example"),
    ("GUITAI_PUBLIC_URL", "https://"),
    ("GUITAI_PUBLIC_URL", "https://[wallet"),
    ("GUITAI_PUBLIC_URL", "https://wallet.example:99999"),
    ("GUITAI_DATABASE_URL", None),
    ("GUITAI_DATABASE_URL", "sqlite:///x"),
    ("GUITAI_DATABASE_URL", "postgresql://[db"),
    ("GUITAI_SECRET_KEY", None),
    ("GUITAI_SECRET_KEY", "short"),
    ("GUITAI_DATA_KEYS", None),
    ("GUITAI_DATA_KEYS", "k1"),
    ("GUITAI_DATA_KEYS", f"{KEY}"),
    ("GUITAI_DATA_KEYS", "k1:not base64"),
    ("GUITAI_DATA_KEYS", f"k1:{KEY[:-4]}"),
    ("GUITAI_DATA_KEYS", f":{KEY}"),
    ("GUITAI_DATA_KEYS", f"k1:{KEY},"),
    ("GUITAI_DATA_KEYS", f"k1:{KEY},k1:{OTHER}"),
    ("GUITAI_DATA_KEYS", f"钥:{KEY}"),
    ("GUITAI_DATA_KEYS", f"{'k' * 17}:{KEY}"),
    ("GUITAI_CLAMD_SOCKET", "scanner"),
    ("GUITAI_CLAMD_SOCKET", "host:port"),
    ("GUITAI_BANK_URL", "bank.example"),
    ("GUITAI_SMS_GATEWAY_URL", "file:///etc/passwd"),
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_every_refusal_names_its_variable(tmp_path, name, value):
    with pytest.raises(EnvironmentRefused) as refusal:
        read(tmp_path, **{name: value})
    assert name in str(refusal.value)
    assert PRODUCTION["GUITAI_SECRET_KEY"] not in str(refusal.value) and KEY not in str(refusal.value)


@pytest.mark.parametrize("mode", ["demo", "development", "test"])
def test_other_modes_make_their_secrets_once_and_keep_them(tmp_path, mode):
    bare = {
        "GUITAI_MODE": mode,
        "GUITAI_SECRET_KEY": None,
        "GUITAI_DATA_KEYS": None,
        "GUITAI_PUBLIC_URL": None,
    }
    first, second = read(tmp_path, **bare), read(tmp_path, **bare)
    assert first == second and first.developer_pages and len(first.secret_key) >= 50
    assert len(first.data_keys) == 1 and len(first.data_keys[0][1]) == 32
    kept = tmp_path / "keys" / "app.json"
    assert kept.stat().st_mode & 0o777 == 0o600 and [p.name for p in kept.parent.iterdir()] == ["app.json"]
    assert first.public_url == "http://localhost:8000" and "testserver" in first.allowed_hosts
    own = read(tmp_path, **{**bare, "GUITAI_SECRET_KEY": "mine"})
    assert own.secret_key == "mine" and own.data_keys == first.data_keys


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"secret_key": "x"})])
def test_a_spoilt_home_is_refused_by_name(tmp_path, content):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "app.json").write_text(content)
    with pytest.raises(EnvironmentRefused, match="GUITAI_HOME"):
        read(tmp_path, GUITAI_MODE="demo", GUITAI_DATA_KEYS=None)


def test_a_home_that_cannot_be_is_refused_by_name(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentRefused, match="GUITAI_HOME"):
        read(tmp_path, GUITAI_MODE="demo", GUITAI_DATA_KEYS=None, GUITAI_HOME=str(tmp_path / "file"))
