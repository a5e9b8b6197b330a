"""Invented names: of schools, trusts, clusters and people. Each is two plain words joined, so that anyone sees that it was made up."""

import re
from collections.abc import Iterator
from random import Random
from typing import Final

PLACE_HEADS: Final = (
    "Fern", "Bracken", "Thistle", "Otter", "Heron", "Willow", "Larch", "Marl", "Kestrel", "Plover", "Sorrel", "Teasel", "Hazel", "Rowan",
    "Alder", "Brindle", "Copper", "Dapple", "Ember", "Finch", "Gosling", "Harrow", "Juniper", "Lapwing", "Mallow", "Nettle", "Orchard",
    "Pippin", "Quill", "Russet", "Saffron", "Tansy", "Umber", "Vetch", "Wren", "Yarrow", "Amber", "Burdock", "Clover", "Dunlin",
)  # fmt: skip
PLACE_TAILS: Final = (
    "hollow", "mere", "wick", "combe", "holt", "garth", "leaze", "stead", "brook", "croft", "dene", "fold", "gate", "hurst", "lea", "marsh",
    "nook", "pool", "reach", "slade",
)  # fmt: skip
GIVEN: Final = (
    "Ada", "Bryn", "Cleo", "Dara", "Edwin", "Farah", "Gwen", "Hamza", "Ines", "Joss", "Kit", "Leila", "Milo", "Nadia", "Orla", "Perry",
    "Quentin", "Rosa", "Samir", "Tilda", "Uma", "Verity", "Winston", "Xanthe", "Yusuf", "Zora", "Alba", "Bastian", "Coral", "Dorian",
)  # fmt: skip
FAMILY_HEADS: Final = (
    "Quill", "Lamp", "Kettle", "Button", "Thimble", "Candle", "Ribbon", "Pebble", "Lantern", "Saddle", "Anchor", "Bellows", "Chalk",
    "Inkwell", "Marble", "Pocket", "Spindle", "Teapot", "Velvet", "Whistle",
)  # fmt: skip
FAMILY_TAILS: Final = ("feather", "bright", "march", "song", "moss", "wright", "down", "acre", "sparrow", "wood", "field", "lark")


def places(seed: str) -> Iterator[str]:
    """Place names, none twice: Fernhollow, Otterbrook ... Eight hundred of them."""
    pairs = [f"{head}{tail}" for head in PLACE_HEADS for tail in PLACE_TAILS]
    Random(f"places {seed}").shuffle(pairs)
    yield from pairs


def people(seed: str) -> Iterator[str]:
    """People's names, none twice: Ada Quillfeather, Bryn Lampbright ... Seven thousand two hundred of them."""
    pairs = [f"{given} {head}{tail}" for given in GIVEN for head in FAMILY_HEADS for tail in FAMILY_TAILS]
    Random(f"people {seed}").shuffle(pairs)
    yield from pairs


def address(name: str, area: str) -> str:
    """An address that can never be anybody's: the domain is kept for examples. Areas may invent the same name; each has its own people."""
    return f"{re.sub('[^a-z]+', '.', name.lower())}@{area}.convenor.example"
