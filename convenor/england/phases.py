"""Phases of education, as Ofsted and as the Department's register name them, and which of them count as what.

Sources: Ofsted's management information, "Ofsted phase" (five phases; all-through and middle-deemed-secondary schools stand under
Secondary, middle-deemed-primary under Primary, as its 2025 file shows school by school); the register's PhaseOfEducation. Compulsory
school age, 5 to 16: Education Act 1996, section 8.
"""

NURSERY, PRIMARY, SECONDARY, SPECIAL, PRU = "Nursery", "Primary", "Secondary", "Special", "PRU"
ALL_THROUGH, SIXTEEN_PLUS = "All-through", "16 plus"
#: In the order of a child's life, special and alternative provision after.
PHASES = (NURSERY, PRIMARY, SECONDARY, ALL_THROUGH, SIXTEEN_PLUS, SPECIAL, PRU)
OFSTED_PHASES = (NURSERY, PRIMARY, SECONDARY, SPECIAL, PRU)

_SPELLINGS = {
    "nursery": NURSERY,
    "primary": PRIMARY,
    "secondary": SECONDARY,
    "special": SPECIAL,
    "pru": PRU,
    "pupil referral unit": PRU,
    "alternative provision": PRU,
    "ap": PRU,
    "all-through": ALL_THROUGH,
    "all through": ALL_THROUGH,
    "16 plus": SIXTEEN_PLUS,
    "16-plus": SIXTEEN_PLUS,
    "post-16": SIXTEEN_PLUS,
    "middle deemed primary": PRIMARY,
    "middle deemed secondary": SECONDARY,
    "middle (deemed primary)": PRIMARY,
    "middle (deemed secondary)": SECONDARY,
}


def read_phase(text: str, type_name: str = "") -> str:
    """The phase of a school from a publisher's word and, where that says "Not applicable", from the type of establishment.

    The register gives special schools and referral units no phase: their type tells. Empty when neither says anything.
    """
    kind = type_name.strip().lower()
    if "special" in kind:
        return SPECIAL
    if "pupil referral" in kind or "alternative provision" in kind:
        return PRU
    found = _SPELLINGS.get(text.strip().lower(), "")
    if not found and "nursery" in kind:
        return NURSERY
    if not found and ("16-19" in kind or "sixth form" in kind):
        return SIXTEEN_PLUS
    return found


def counted_as(phase: str) -> str:
    """The phase under which Ofsted counts a school: an all-through school is a secondary; every other phase is itself."""
    return SECONDARY if phase == ALL_THROUGH else phase


def is_primary(phase: str) -> bool:
    """Whether a school teaches primary pupils: all-through schools do."""
    return phase in {PRIMARY, ALL_THROUGH}


def is_secondary(phase: str) -> bool:
    """Whether a school teaches secondary pupils: all-through schools do."""
    return phase in {SECONDARY, ALL_THROUGH}


def usual_ages(phase: str) -> tuple[int, int] | None:
    """The lowest and highest age usual in a phase, in years; None for special schools and referral units, where it varies."""
    return {NURSERY: (2, 5), PRIMARY: (4, 11), SECONDARY: (11, 18), ALL_THROUGH: (4, 18), SIXTEEN_PLUS: (16, 19)}.get(phase)
