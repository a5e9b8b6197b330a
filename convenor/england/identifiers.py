"""The numbers that name schools: URN, LAESTAB and UKPRN. All are text: they are names, not quantities.

Sources: the Department's common basic data set (URN: six digits; LAESTAB, the "DfE number": three digits of the authority and four of the
establishment); the UK Register of Learning Providers (UKPRN: eight digits, the first a 1).
"""

import re


class NotAnIdentifierError(ValueError):
    """The text is not the identifier it was taken for."""


_FLOAT = re.compile(r"\.0+$")


def _digits(value: str | int | float) -> str:
    """The digits of an identifier, without what spreadsheets and data frames add (`100000.0`) and without spaces."""
    if isinstance(value, float):
        value = int(value) if value == int(value) else value
    return _FLOAT.sub("", str(value).strip())


def read_urn(value: str | int | float) -> str:
    """A school's unique reference number as text of six digits. Raises NotAnIdentifierError."""
    text = _digits(value)
    if not re.fullmatch(r"[1-9]\d{5}", text):
        raise NotAnIdentifierError(f"'{text[:20]}' is not a URN: a URN has six digits")
    return text


def is_urn(value: str | int | float) -> bool:
    """Whether it has the form of a URN."""
    return re.fullmatch(r"[1-9]\d{5}", _digits(value)) is not None


def read_laestab(value: str | int | float) -> str:
    """A LAESTAB as seven digits, from `9362001`, `936/2001` or `936 2001`. Raises NotAnIdentifierError."""
    text = re.sub(r"[\s/-]", "", _digits(value))
    if not re.fullmatch(r"\d{7}", text) or text.startswith("000"):
        raise NotAnIdentifierError(f"'{text[:20]}' is not a LAESTAB: three digits of the authority and four of the school")
    return text


def laestab(authority_code: str | int | float, establishment: str | int | float) -> str:
    """The LAESTAB of an authority's code and an establishment's number; empty when either is missing. Raises NotAnIdentifierError."""
    first, second = _digits(authority_code), _digits(establishment)
    if not first or not second:
        return ""
    return read_laestab(first + second.zfill(4))


def format_laestab(text: str) -> str:
    """As people write it: 936/2001."""
    return f"{text[:3]}/{text[3:]}"


def read_ukprn(value: str | int | float) -> str:
    """A UK provider reference number: eight digits, the first a 1. Raises NotAnIdentifierError."""
    text = _digits(value)
    if not re.fullmatch(r"1\d{7}", text):
        raise NotAnIdentifierError(f"'{text[:20]}' is not a UKPRN: a UKPRN has eight digits, the first a 1")
    return text
