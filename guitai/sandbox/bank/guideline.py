"""The bank's implementation guideline for pain.001: which elements it takes, in which order, how often, how written.

Like every bank's it is narrower than the standard: what it does not know it refuses instead of overlooking it.
Source: ISO 20022 pain.001.001.03 and pain.001.001.09.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from guitai.sandbox.bank.xml import Node

NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.001\.001\.(03|09)\Z")
_MANY = 1_000_000
_SHOWN = 60


class NotTaken(Exception):
    """A file that does not follow the guideline; the text names the place."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text of a certain form."""

    form: re.Pattern[str]
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """How often an element may stand at its place."""

    spec: "Spec"
    least: int = 1
    most: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Elements in this order."""

    items: Mapping[str, Item]


@dataclass(frozen=True, slots=True)
class Choice:
    """Exactly one of these elements."""

    items: Mapping[str, "Spec"] = field(default_factory=dict)


Spec = Leaf | Group | Choice
Fields = dict[str, Any]


def read(node: Node, spec: Spec, place: str = "") -> Any:
    """What an element holds.

    takes    the element, what it should be, where it stands
    gives    text for a leaf; otherwise a mapping, with a list where an element may stand more than once
    refuses  NotTaken, naming the place
    """
    if isinstance(spec, Leaf):
        return _leaf(node, spec, place)
    if node.text.strip():
        raise NotTaken(f"{place} holds text between its elements")
    if node.attributes:
        raise NotTaken(f"{place} has attributes that are not taken")
    for child in node.children:
        if child.namespace != node.namespace:
            raise NotTaken(f"{place}/{child.name[:_SHOWN]} is in another namespace")
    if isinstance(spec, Choice):
        if len(node.children) != 1 or node.children[0].name not in spec.items:
            raise NotTaken(f"{place} holds exactly one of {', '.join(spec.items)}")
        child = node.children[0]
        return {child.name: read(child, spec.items[child.name], f"{place}/{child.name}")}
    return _group(node, spec, place)


def _group(node: Node, spec: Group, place: str) -> Fields:
    found: Fields = {}
    at = 0
    for name, item in spec.items.items():
        values: list[Any] = []
        while at < len(node.children) and node.children[at].name == name and len(values) < item.most:
            values.append(read(node.children[at], item.spec, f"{place}/{name}"))
            at += 1
        if len(values) < item.least:
            raise NotTaken(f"{place}/{name} is missing or not at its place")
        if item.most > 1:
            found[name] = values
        elif values:
            found[name] = values[0]
    if at < len(node.children):
        raise NotTaken(f"{place}/{node.children[at].name[:_SHOWN]} is not taken there")
    return found


def _leaf(node: Node, spec: Leaf, place: str) -> Any:
    if node.children:
        raise NotTaken(f"{place} holds elements where a text belongs")
    if set(node.attributes) != set(spec.attributes):
        raise NotTaken(f"{place} has other attributes than {spec.attributes or 'none'}")
    if spec.form.fullmatch(node.text) is None:
        raise NotTaken(f"{place} is not written as agreed")
    return (node.text, *(node.attributes[name] for name in spec.attributes)) if spec.attributes else node.text


def _form(pattern: str) -> Leaf:
    return Leaf(re.compile(pattern, re.ASCII))


def _text(length: int) -> Leaf:
    # Not blank, and of what one line can hold.
    return Leaf(re.compile(rf"(?=.*\S)[^\x00-\x1f\x7f]{{1,{length}}}"))


_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?"
_REFERENCE, _COUNT = _text(35), _form(r"\d{1,15}")
_SUM = _form(r"(?=[\d.]{1,19}\Z)\d{1,18}(\.\d{1,17})?")
_AMOUNT = Leaf(re.compile(r"(?=[\d.]{1,19}\Z)\d{1,18}(\.\d{1,5})?", re.ASCII), ("Ccy",))
_BIC = _form(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_CODE: Final = Choice({"Cd": _form(r"[A-Z0-9]{1,5}"), "Prtry": _REFERENCE})
_PARTY = Group({"Nm": Item(_text(140))})
_ACCOUNT = Group({
    "Id": Item(Choice({
        "IBAN": _form(r"[A-Z]{2}\d{2}[A-Za-z0-9]{1,30}"),
        "Othr": Group({"Id": Item(_form(r"[A-Za-z0-9-]{1,34}"))}),
    })),
    "Ccy": Item(_form(r"[A-Z]{3}"), 0),
})  # fmt: skip
_PAYMENT_TYPE = Group({
    "InstrPrty": Item(_form("NORM|HIGH"), 0), "SvcLvl": Item(_CODE, 0), "LclInstrm": Item(_CODE, 0),
    "CtgyPurp": Item(_CODE, 0),
})  # fmt: skip
_CHARGES = _form("SLEV|SHAR|DEBT|CRED")


def document(version: str) -> Group:
    """The whole of a pain.001 below `Document`."""
    newer = version == "09"
    day: Spec = Choice({"Dt": _form(_DAY), "DtTm": _form(f"{_DAY}T{_TIME}")}) if newer else _form(_DAY)
    agent = _agent("BICFI" if newer else "BIC")
    identification = {"InstrId": Item(_REFERENCE, 0), "EndToEndId": Item(_REFERENCE)}
    if newer:
        identification["UETR"] = Item(_form(r"[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}"), 0)
    payment = Group({
        "PmtId": Item(Group(identification)), "PmtTpInf": Item(_PAYMENT_TYPE, 0),
        "Amt": Item(Choice({"InstdAmt": _AMOUNT})), "ChrgBr": Item(_CHARGES, 0), "UltmtDbtr": Item(_PARTY, 0),
        "CdtrAgt": Item(agent, 0), "Cdtr": Item(_PARTY), "CdtrAcct": Item(_ACCOUNT), "UltmtCdtr": Item(_PARTY, 0),
        "Purp": Item(_CODE, 0), "RmtInf": Item(Group({"Ustrd": Item(_text(140), 1, 3)}), 0),
    })  # fmt: skip
    order = Group({
        "PmtInfId": Item(_REFERENCE), "PmtMtd": Item(_form("TRF|TRA")), "BtchBookg": Item(_form("true|false|1|0"), 0),
        "NbOfTxs": Item(_COUNT, 0), "CtrlSum": Item(_SUM, 0), "PmtTpInf": Item(_PAYMENT_TYPE, 0),
        "ReqdExctnDt": Item(day), "Dbtr": Item(_PARTY), "DbtrAcct": Item(_ACCOUNT), "DbtrAgt": Item(agent),
        "UltmtDbtr": Item(_PARTY, 0), "ChrgBr": Item(_CHARGES, 0), "CdtTrfTxInf": Item(payment, 1, _MANY),
    })  # fmt: skip
    header = Group({
        "MsgId": Item(_REFERENCE), "CreDtTm": Item(_form(f"{_DAY}T{_TIME}")), "NbOfTxs": Item(_COUNT),
        "CtrlSum": Item(_SUM, 0), "InitgPty": Item(_PARTY),
    })  # fmt: skip
    whole = Group({"GrpHdr": Item(header), "PmtInf": Item(order, 1, 1_000)})
    return Group({"CstmrCdtTrfInitn": Item(whole)})


def _agent(bic: str) -> Group:
    member = Group({"ClrSysId": Item(_CODE, 0), "MmbId": Item(_REFERENCE)})
    return Group({"FinInstnId": Item(Choice({
        bic: _BIC, "ClrSysMmbId": member, "Othr": Group({"Id": Item(_REFERENCE)}),
    }))})  # fmt: skip
