"""What invented schools answer in the demonstration's consultations. Nobody real said any of it."""

from __future__ import annotations

from typing import Final

TITLE: Final = "A proposition for our schools’ partnership"
#: Of a hundred schools, how many choose each option, by question.
CHOICES: Final[dict[str, tuple[tuple[str, int], ...]]] = {
    "structure": (("yes", 58), ("partly", 24), ("no", 8), ("unsure", 10)),
    "solutions": (("yes", 81), ("partly", 10), ("no", 3), ("unsure", 6)),
    "capacity": (("yes", 72), ("partly", 15), ("no", 4), ("unsure", 9)),
    "improvement": (("yes", 62), ("partly", 19), ("no", 9), ("unsure", 10)),
    "funding": (("yes", 38), ("depends", 36), ("no", 16), ("unsure", 10)),
    "pilots": (("yes", 30), ("later", 38), ("no", 18), ("unsure", 14)),
}
#: Of a hundred schools, how many agree, and how many disagree.
PRINCIPLES: Final[dict[str, tuple[int, int]]] = {
    "purpose": (96, 1),
    "open": (90, 3),
    "head-led": (71, 12),
    "capacity": (85, 4),
    "non-punitive": (78, 9),
    "impact": (83, 5),
}
#: How much more likely a secondary school is to say no, in a hundred.
SECONDARY_DOUBTS: Final = 16
ANYTHING: Final[tuple[tuple[str, str], ...]] = (
    ("time", "We cannot release a head for another meeting each month."),
    ("time", "Make it one afternoon a term and we will be there."),
    ("time", "Small schools have nobody to send. Could meetings be online?"),
    ("money", "Who pays in the second year?"),
    ("money", "We would pay a little if everybody did."),
    ("money", "Our trust already takes a share; we cannot pay twice."),
    ("trust", "It must not become a second inspectorate."),
    ("trust", "Say in writing who sees what of a review."),
    ("special", "Special schools should choose their own cluster."),
    ("special", "Nurseries are always forgotten. Please ask us by name."),
    ("good", "About time. We have missed each other since the area groups ended."),
    ("good", "Peer review has been the best training my deputy has had."),
)
#: Key, name, what was said, what was done: for each theme that people found in the answers.
THEMES: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    ("time", "Time of heads", "Heads have no time for more meetings, in small schools least of all.", "doing",
     "One afternoon a term, half of them online; whatever can be read is not met about."),
    ("money", "Who pays", "Schools want to know what comes after the first year, and that nobody is charged two times.", "partly",
     "The first year costs schools nothing. A formula for the second is consulted on in the spring."),
    ("trust", "Who sees what", "Schools fear being inspected twice, and want to know who reads a review.", "doing",
     "The school sees it first and owns its reviews; who may see what stands on one page."),
    ("special", "Special and nursery schools", "They want to be named when asked, and to have a say in where they belong.", "later",
     "Looked at when clusters are next drawn."),
)  # fmt: skip
BEFORE: Final[dict[str, tuple[str, ...]]] = {
    "well": ("Moderation across clusters.", "Deputies visiting each other.", "We answer each other’s calls."),
    "better": ("Fewer letters, one calendar.", "Support that comes within a month.", "Say what stopped, not only what started."),
    "changed": ("Falling rolls.", "Two new trusts.", "Half of the heads are new."),
}
VIEWS: Final = ("Parent or carer", "Governor or trustee", "Teacher or other member of staff", "Somebody else")
