"""Who works at the command line, for the journal."""

import getpass


def operator_name() -> str:
    """The operator's name as the machine knows it, as in "ada at the command line"."""
    try:
        return f"{getpass.getuser()} at the command line"
    except (KeyError, OSError):
        return "the command line"
