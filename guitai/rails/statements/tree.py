"""Where things stand in a message: a tree of the elements that we read. What is not in it is skipped whole."""

from collections.abc import Mapping


class Node(dict[str, "Node"]):
    """One element and, by name, those within it: a leaf with a slot for its text, a group with fields of its own,
    or only a way to others. It knows its parent, so that whoever walks the tree needs no stack."""

    __slots__ = ("currency", "group", "many", "parent", "slot")

    def __init__(self, parent: "Node | None" = None) -> None:
        super().__init__()
        self.parent = parent
        self.group: str | None = None
        self.slot: str | None = None
        # May stand several times; where the currency beside an amount goes.
        self.many = False
        self.currency: str | None = None

    def name(self, slot: str) -> None:
        """Say where the text goes; `*` at the end means that there may be several."""
        self.slot, self.many = slot.removesuffix("*"), slot.endswith("*")
        self.currency = f"{slot}_currency" if slot.endswith("amount") else None

    def at(self, namespace: str, path: str) -> "Node":
        """The element at a path below this one; grown when it is not there yet."""
        node = self
        for name in path.split("/"):
            node = node.setdefault(f"{namespace} {name}", Node(node))
        return node

    def grow(self, namespace: str, path: str, leaves: Mapping[str, str]) -> None:
        """Leaves below an element, each a path with its slot."""
        for leaf, slot in leaves.items():
            self.at(namespace, f"{path}/{leaf}" if path else leaf).name(slot)
