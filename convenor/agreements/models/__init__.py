"""The tables of agreements."""

from convenor.agreements.models.agreed import Agreed
from convenor.agreements.models.texts import AgreementText

__all__ = ["Agreed", "AgreementText"]
