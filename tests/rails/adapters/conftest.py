"""UnionPay's certificates and settings, made once for each module that asks for them."""

import pytest

from guitai.base.clock import stopped
from guitai.rails.adapters.unionpay_settings import UnionPaySettings
from guitai.sandbox.unionpay.certificates import Authority, authority
from tests.rails.adapters.unionpay_made import AT, MERCHANT


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    with stopped(AT):
        return authority(tmp_path_factory.mktemp("unionpay"))


@pytest.fixture(scope="module")
def settings(keys: Authority) -> UnionPaySettings:
    return UnionPaySettings(
        gateway_url="http://gateway.example",
        file_url="http://files.example/",
        merchant_id=MERCHANT,
        merchant_certificate=keys.merchant.pem,
        merchant_key=keys.merchant.key_pem,
        middle_certificate=keys.middle.pem,
        root_certificate=keys.root.pem,
    )
