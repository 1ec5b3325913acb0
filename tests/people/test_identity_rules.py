"""Numbers of documents and accounts, names, machine-readable zones: published ones, and what is wrong with others."""

from datetime import date

import pytest

from guitai.base.refusal import Refusal
from guitai.people.identity_types import Verdict
from guitai.people.rules.accounts import masked_number, number_of, read_account
from guitai.people.rules.documents import age_on, masked_document, read_document
from guitai.people.rules.mrz import check_digit, read_zone
from guitai.people.rules.names import compare_names
from guitai.people.rules.reading import understand
from guitai.people.rules.reviews import BETTER_REASONS, REFUSE_REASONS, check_verdict, lowers_tier

TODAY = date(2026, 11, 22)

VALID = [
    # GB 11643's own example, and ways to write it.
    ("national_id", "CN", "11010519491231002X", "11010519491231002X", date(1949, 12, 31)),
    ("national_id", "cn", " 110105 19491231 002x ", "11010519491231002X", date(1949, 12, 31)),
    ("national_id", "CN", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", date(1949, 12, 31)),
    ("national_id", "CN", "440524188001010014", None, None),
    ("residence_permit", "", "830000199201300022", "830000199201300022", date(1992, 1, 30)),
    # The Immigration Department's sample and others that are printed everywhere.
    ("national_id", "HK", "A123456(3)", "A1234563", None),
    ("national_id", "HK", "g123456（a）", "G123456A", None),
    ("national_id", "HK", "AB987654(3)", "AB9876543", None),
    ("national_id", "TW", "A123456789", "A123456789", None),
    ("national_id", "TW", "A800000014", "A800000014", None),
    ("national_id", "ES", "54362315-K", "54362315K", None),
    ("national_id", "ES", "X-2482300W", "X2482300W", None),
    ("national_id", "IT", "RCCMNL83S18D969H", "RCCMNL83S18D969H", date(1983, 11, 18)),
    ("national_id", "PL", "44051401359", "44051401359", date(1944, 5, 14)),
    ("national_id", "SE", "880320-0016", "880320-0016", date(1988, 3, 20)),
    ("national_id", "FI", "131052-308T", "131052-308T", None),
    ("national_id", "NO", "151086 95088", "15108695088", date(1986, 10, 15)),
    ("national_id", "BE", "85.07.30-033 28", "85073003328", date(1985, 7, 30)),
    ("national_id", "RO", "1630615123457", "1630615123457", date(1963, 6, 15)),
    ("national_id", "CZ", "710319/2745", "7103192745", date(1971, 3, 19)),
    ("national_id", "TR", "17291716060", "17291716060", None),
    ("national_id", "IL", "3933742-3", "039337423", None),
    ("national_id", "ZA", "7503305044089", "7503305044089", date(1975, 3, 30)),
    ("national_id", "MX", "BOXW310820HNERXN09", "BOXW310820HNERXN09", date(1931, 8, 20)),
    ("national_id", "BR", "390.533.447-05", "39053344705", None),
    ("national_id", "CL", "12531909-2", "125319092", None),
    ("national_id", "MY", "770305-02-1234", "770305021234", date(1977, 3, 5)),
    ("national_id", "TH", "1-2345-45678-78-1", "1234545678781", None),
    ("national_id", "ID", "3171011708450001", "3171011708450001", date(1945, 8, 17)),
    ("national_id", "PK", "34201-0891231-8", "3420108912318", None),
    ("national_id", "PT", "00000000 0 ZZ4", "000000000ZZ4", None),
    ("passport", "CN", "E12345678", "E12345678", None),
    ("passport", "CN", "ea1234567", "EA1234567", None),
    ("passport", "GB", "925 665 416", "925665416", None),
    ("passport", "DE", "C01X00T47", "C01X00T47", None),
    ("passport", "JP", "TK1234567", "TK1234567", None),
    ("passport", "NG", "A12345678", "A12345678", None),
    ("home_return_permit", "", "H1234567801", "H12345678", None),
    ("home_return_permit", "", "M12345678", "M12345678", None),
    ("taiwan_permit", "", "01234567", "01234567", None),
    ("permanent_residence", "", "USA310085081702", "USA310085081702", None),
]  # fmt: skip
REFUSED = [
    ("national_id", "CN", "110105194912310021", "checksum"),
    ("national_id", "CN", "11010519491231002", "length"),
    ("national_id", "CN", "110105491231002", "length"),
    ("national_id", "CN", "1101051949123A002X", "characters"),
    ("national_id", "CN", "11010519490229002X", None),
    ("national_id", "CN", "000000194912310020", None),
    ("national_id", "CN", "", "characters"),
    ("national_id", "CN", "11010519491231002X<script>", "characters"),
    ("national_id", "CN", "1" * 500, "length"),
    ("national_id", "HK", "A123456(4)", "checksum"),
    ("national_id", "HK", "1234567", "length"),
    ("national_id", "TW", "A123456788", "checksum"),
    ("national_id", "TW", "A323456789", "length"),
    ("national_id", "ES", "54362315-Z", "checksum"),
    ("national_id", "TR", "17291716092", "checksum"),
    ("national_id", "US", "123-45-6789", "country"),
    ("national_id", "ZZZ", "1", "country"),
    ("national_id", "EU", "1", "country"),
    ("passport", "CN", "12345678", "length"),
    ("passport", "GB", "92566541A", "length"),
    ("passport", "NG", "ABCDEFGH", "length"),
    ("passport", "NG", "A1234567890", "length"),
    ("passport", "NG", "A1234é678", "characters"),
    ("home_return_permit", "", "X12345678", "length"),
    ("taiwan_permit", "", "1234567", "length"),
    ("residence_permit", "", "11010519491231002X", "characters"),
    ("permanent_residence", "", "11010519491231002X", "characters"),
    ("driving_licence", "CN", "1", "kind"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "country", "typed", "number", "birth"), VALID)
def test_reads_documents_as_they_are_written(kind, country, typed, number, birth):
    if number is None:
        with pytest.raises(Refusal):
            read_document(kind, country, typed, TODAY)
        return
    found = read_document(kind, country, typed, TODAY)
    assert (found.number, found.birth) == (number, birth)
    assert found.country == (country.upper() or "CN") and found.whole.endswith(f":{number}")
    assert read_document(kind, country, number, TODAY) == found, "its normal form is itself"


@pytest.mark.parametrize(("kind", "country", "typed", "why"), REFUSED)
def test_refuses_what_cannot_be_a_document(kind, country, typed, why):
    with pytest.raises(Refusal) as refusal:
        read_document(kind, country, typed, TODAY)
    assert refusal.value.code == "document_invalid" and refusal.value.field == "number"
    assert why is None or refusal.value.facts["why"] == why
    assert typed == "" or typed not in str(refusal.value.facts), "a number stays out of the facts"


def test_one_changed_character_of_a_resident_number_is_noticed():
    right = "11010519491231002X"
    for place in range(17):
        for digit in "0123456789":
            if digit == right[place]:
                continue
            with pytest.raises(Refusal):
                read_document("national_id", "CN", right[:place] + digit + right[place + 1 :], TODAY)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 11, 22), TODAY, 18),
        (date(2008, 11, 23), TODAY, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (TODAY, TODAY, 0),
    ],
)
def test_counts_full_years(birth, day, age):
    assert age_on(birth, day) == age


@pytest.mark.parametrize(
    ("number", "masked"),
    [("11010519491231002X", "1****************X"), ("E12345678", "E*******8"), ("A12", "***"), ("", "")],
)
def test_masks_documents(number, masked):
    assert masked_document(number) == masked


ACCOUNTS = [
    ("cn_card", "6222 0212 3456 7890 128", "", "6222021234567890128", "", "CN"),
    ("cn_card", "6200000000000005", "", "6200000000000005", "", "CN"),
    ("cn_card", "８１７１９９９９２７６６００００", "", "8171999927660000", "", "CN"),
    ("iban", "GB29 NWBK 6016 1331 9268 19", "", "GB29NWBK60161331926819", "", "GB"),
    ("iban", "de89370400440532013000", "", "DE89370400440532013000", "", "DE"),
    ("iban", "FR14 2004 1010 0505 0001 3M02 606", "", "FR1420041010050500013M02606", "", "FR"),
    ("iban", "NL91ABNA0417164300", "", "NL91ABNA0417164300", "", "NL"),
    ("us_account", "0123456789", "111000025", "0123456789", "111000025", "US"),
    ("gb_account", "31926819", "60-16-13", "31926819", "601613", "GB"),
    ("hk_account", "808-123456-001", "004", "808123456001", "004", "HK"),
    ("alipay", "138 0013-8000", "", "13800138000", "", "CN"),
    ("alipay", "+86 138 0013 8000", "", "13800138000", "", "CN"),
    ("alipay", "００８６１３８００１３８０００", "", "13800138000", "", "CN"),
    ("wechat", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "", "CN"),
    ("alipay", " Lin.Yue-1@Mail.Example.com ", "", "lin.yue-1@mail.example.com", "", "CN"),
]  # fmt: skip
BAD_ACCOUNTS = [
    ("cn_card", "6222021234567890127", "", "account_invalid", "checksum"),
    ("cn_card", "62000000000000", "", "account_invalid", "checksum"),
    ("cn_card", "620000000005", "", "account_invalid", "length"),
    ("cn_card", "abcd", "", "account_invalid", "characters"),
    # The schemes' published test numbers: right, and not for withdrawals.
    ("cn_card", "4242 4242 4242 4242", "", "card_not_supported", None),
    ("cn_card", "5555555555554444", "", "card_not_supported", None),
    ("cn_card", "378282246310005", "", "card_not_supported", None),
    ("cn_card", "3530111333300000", "", "card_not_supported", None),
    ("iban", "GB29NWBK60161331926818", "", "account_invalid", "checksum"),
    ("iban", "XX29NWBK60161331926819", "", "account_invalid", "checksum"),
    ("iban", "DE8937040044053201300", "", "account_invalid", "checksum"),
    ("iban", "数", "", "account_invalid", "characters"),
    ("us_account", "0123456789", "111000024", "account_invalid", "code"),
    ("us_account", "0123456789", "", "account_invalid", "code"),
    ("us_account", "12", "111000025", "account_invalid", "length"),
    ("gb_account", "3192681", "601613", "account_invalid", "length"),
    ("gb_account", "3192681x", "601613", "account_invalid", "characters"),
    ("hk_account", "808123456", "4", "account_invalid", "code"),
    ("wechat", "o/UpF8uMuAJO", "", "account_invalid", "characters"),
    ("wechat", "", "", "account_invalid", "characters"),
    ("alipay", "1380013800", "", "account_invalid", "length"),
    ("alipay", "10800138000", "", "account_invalid", "length"),
    ("alipay", "lin yue", "", "account_invalid", "characters"),
    ("alipay", "lin@example", "", "account_invalid", "characters"),
    ("alipay", "a/b@example.com", "", "account_invalid", "characters"),
    ("alipay", f"{'l' * 60}@example.com", "", "account_invalid", "length"),
    ("paypal", "1", "", "account_invalid", "scheme"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "typed", "code", "number", "plain_code", "country"), ACCOUNTS)
def test_reads_accounts_as_they_are_written(kind, typed, code, number, plain_code, country):
    found = read_account(kind, typed, code)
    assert (found.number, found.code, found.country) == (number, plain_code, country)
    assert number_of(found.whole) == (plain_code, number)


@pytest.mark.parametrize(("kind", "typed", "code", "refusal_code", "why"), BAD_ACCOUNTS)
def test_refuses_what_cannot_be_an_account(kind, typed, code, refusal_code, why):
    with pytest.raises(Refusal) as refusal:
        read_account(kind, typed, code)
    assert refusal.value.code == refusal_code and refusal.value.facts.get("why") == why
    assert typed not in str(refusal.value.facts) or len(typed) < 5


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("6222021234567890128", "**** 0128"),
        ("31926819", "**** 6819"),
        ("1234", "**** 34"),
        ("1", "****"),
        ("13800138000", "**** 8000"),
        ("lin@example.com", "l***@example.com"),
        ("l@example.com", "***@example.com"),
    ],
)
def test_masks_accounts(number, masked):
    assert masked_number(number) == masked


NAMES = [
    ("林月", "林月", "same"),
    ("林月", " 林　月 ", "same"),
    ("买买提·吐尔逊", "买买提吐尔逊", "same"),
    ("买买提•吐尔逊", "买买提．吐尔逊", "same"),
    ("林月", "林悦", "different"),
    ("林月", "月林", "different"),
    ("林月", "林", "different"),
    ("林月", "Lin Yue", "close"),
    ("林月", "YUE LIN", "close"),
    ("林月", "LINYUE", "close"),
    ("欧阳锋", "Ouyang Feng", "close"),
    ("欧阳锋", "FENG OUYANG", "close"),
    ("吕布", "LYU BU", "close"),
    ("吕布", "Lü Bu", "close"),
    ("吕布", "LV BU", "close"),
    ("林月", "Lin Yun", "different"),
    ("林月", "Yue", "different"),
    ("Maya Patel", "MAYA PATEL", "same"),
    ("Maya Patel", "Patel, Maya", "same"),
    ("Ms Maya Patel", "Maya Patel", "same"),
    ("José García", "JOSE GARCIA", "same"),
    ("Hans Müller", "MUELLER HANS", "same"),
    ("Søren Åberg", "SOREN AABERG", "same"),
    ("Łukasz Żółć", "LUKASZ ZOLC", "same"),
    ("Seán O'Neill-Smith", "SEAN ONEILL SMITH", "same"),
    ("John Paul Smith", "John Smith", "close"),
    ("John Smith", "J. Smith", "close"),
    ("John Smith", "Jane Smith", "different"),
    ("John Smith", "Smith", "different"),
    ("John Smith", "J S", "different"),
    ("Maya Patel", "Mira Patel", "different"),
    ("", "Maya", "different"),
    ("Maya", "", "different"),
    ("---", "---", "different"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "match"), NAMES)
def test_compares_names(one, other, match):
    assert compare_names(one, other) == match == compare_names(other, one)


# The specimens of ICAO Doc 9303, parts 4, 5 and 6.
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"


@pytest.mark.parametrize(("text", "number"), [(TD3, "L898902C3"), (TD1, "D23145890"), (TD2, "D23145890")])
def test_reads_the_specimens_of_doc_9303(text, number):
    zone = read_zone(f"UTOPIA\n{text}\n", TODAY)
    assert zone is not None and zone.sound and zone.number == number and zone.name == "ANNA MARIA ERIKSSON"
    assert zone.birth == date(1974, 8, 12) and zone.expires == date(2012, 4, 15) and zone.issuer == "UTO"


def test_a_changed_zone_is_not_sound():
    for place in (0, 9, 13, 21, 28, 43):
        below = TD3.splitlines()[1]
        changed = below[:place] + ("3" if below[place] != "3" else "4") + below[place + 1 :]
        zone = read_zone(TD3.splitlines()[0] + "\n" + changed, TODAY)
        assert zone is not None and not zone.sound
    assert read_zone("no zone here", TODAY) is None and check_digit("520727") == "3"


def test_understands_what_was_read_from_a_resident_card():
    lines = [
        "姓名 林月", "性别女民族汉", "出生1949年12月31日", "公民身份号码 11010519491231002X", "中华人民共和国",
        "签发机关 北京市公安局朝阳分局", "有效期限 2015.03.07-2035.03.07",
    ]  # fmt: skip
    found = understand(lines, TODAY)
    assert (found.name, found.number) == ("林月", "11010519491231002X")
    assert (found.birth, found.expires_on) == (date(1949, 12, 31), date(2035, 3, 7))
    broken = understand(["公民身份号码110105194912310021", "有效期限2015.03.07-长期"], TODAY)
    assert (broken.number, broken.expires_on) == ("", None), "a number whose check character fails is none"
    zone = understand(TD3.splitlines(), TODAY)
    assert (zone.number, zone.name, zone.expires_on) == (
        "L898902C3",
        "ANNA MARIA ERIKSSON",
        date(2012, 4, 15),
    )
    assert understand([], TODAY).number == "" and len(understand(["x" * 900] * 900, TODAY).lines) == 60


def test_a_verdict_has_a_reason_of_its_sort():
    for what, reasons in (("approve", ("",)), ("better_photos", BETTER_REASONS), ("refuse", REFUSE_REASONS)):
        for reason in reasons:
            check_verdict(Verdict(what, reason), TODAY)
        with pytest.raises(Refusal):
            check_verdict(Verdict(what, "because"), TODAY)
    with pytest.raises(Refusal) as refusal:
        check_verdict(Verdict("approve", expires_on=TODAY), TODAY)
    assert refusal.value.code == "document_expired"
    assert lowers_tier("face_differs") and not lowers_tier("document_unknown")
