"""The ground a demonstration stands on: a data directory with a secret key of its own."""

import os
import secrets
from pathlib import Path


def lay(base: Path) -> None:
    """Make the data directory and its key where they are not there yet; called before the settings are read."""
    folder = Path(os.environ.get("CONVENOR_DATA_DIR") or base / "var")
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "secret-key"
    if not key.exists() and not os.environ.get("CONVENOR_SECRET_KEY"):
        key.write_text(secrets.token_urlsafe(50))
        key.chmod(0o600)
