"""What invented people say in the demonstration's workshops: lines on canvases, words on cards, predictions. Nobody real said any of it."""

from __future__ import annotations

from typing import Final

#: How strong the invented area is in each condition, in the order of the nine: the larger, the nearer to the top. Then a year later.
LAST_YEAR: Final = (0.9, 0.4, 0.7, 1.1, 0.2, -0.5, -0.3, -1.4, -0.9)
THIS_YEAR: Final = (1.0, 1.3, 0.7, 0.6, 0.1, -0.7, -0.4, -1.5, -0.2)
#: What officers see otherwise: the authority's own part.
OFFICERS: Final = (0.0, 0.0, 0.0, 0.0, 1.4, 0.0, 0.0, 0.0, 0.0)

ON_CARDS: Final[dict[str, tuple[str, ...]]] = {
    "trust": ("We tell each other before results do.", "Thin where heads have changed."),
    "capacity": ("Good people, no cover.", "The same four schools give everything."),
    "contributions": ("Nobody knows what the second year costs.",),
    "authority": ("Convenes well, chairs too much.",),
    "links": ("We do not know who our link at the region is.",),
}
#: By step and prompt of the agenda of 7 June 2019.
LINES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("levels", "clusters"): (
        "Small enough that everybody is missed when absent",
        "A date for the whole year, set in July",
        "Heads visit, and bring a deputy",
        "One thing at a time",
    ),
    ("levels", "alliances"): (
        "Two of three meet; the third has no chair",
        "Good at sharing data, slow at brokering",
        "Too many papers",
    ),
    ("levels", "strategic"): (
        "An independent chair",
        "Priorities that a head could name",
        "Say what it stops doing",
    ),
    ("factors", "factors"): (
        "Falling rolls in the towns",
        "Two trusts growing at once",
        "New framework of inspection",
        "Supply costs",
    ),
}
#: What was foreseen in last year's workshop: words, how anybody will know, days after it, mean of what was thought, what came.
FORESEEN: Final[tuple[tuple[str, str, int, int, str, str], ...]] = (
    (
        "Every cluster has held at least one peer review",
        "The list of reviews",
        330,
        70,
        "did-not",
        "All but one had; the last is planned for spring.",
    ),
    ("The board has an independent chair", "The list of seats", 360, 55, "came-true", "Appointed in the summer term."),
    ("A third of schools pay a contribution", "The fund’s own page", 350, 30, "did-not", "One in five did."),
)
#: What this year's workshop foresees: words, how anybody will know, days after it, mean of what was thought.
FORESEES: Final[tuple[tuple[str, str, int, int], ...]] = (
    ("At least 20 schools have received support through the directory", "The count on the support page", 400, 65),
    ("Two clusters have merged", "The structure page", 480, 25),
)
