"""The static files' build: what it takes in, and when it runs again."""

import json
import re
from pathlib import Path

import pytest

from convenor.web import build_assets


def strings(value: object, under: str = "") -> list[tuple[str, str]]:
    """Every text in a JSON value, with the key it stands under."""
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in strings(inner, under if under == "funding" else key)]
    if isinstance(value, list):
        return [found for inner in value for found in strings(inner, under)]
    return [(under, value)] if isinstance(value, str) else []


def test_lock_file_names_no_host_but_in_funding() -> None:
    lock = json.loads((build_assets.ROOT / "package-lock.json").read_text())
    assert [text for under, text in strings(lock) if "://" in text and under != "funding"] == []


def test_every_package_has_one_exact_version() -> None:
    package = json.loads((build_assets.ROOT / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert [v for v in versions if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []


@pytest.mark.parametrize("comment", [b"//# sourceMappingURL=a.js.map", b"/*# sourceMappingURL=a.css.map */"])
def test_source_maps_are_left_out(comment: bytes) -> None:
    assert build_assets._SOURCE_MAP.sub(b"\n", b"code();\n" + comment + b"\n") == b"code();\n"


def test_a_changed_source_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets, static = tmp_path / "assets", tmp_path / "static"
    assets.mkdir()
    static.mkdir()
    (tmp_path / "package-lock.json").write_text("{}")
    (assets / "a.scss").write_text("a{}")
    program = tmp_path / "build_assets.py"
    program.write_text("")
    for name, value in {"ROOT": tmp_path, "ASSETS": assets, "STATIC": static, "__file__": str(program)}.items():
        monkeypatch.setattr(build_assets, name, value)
    (static / build_assets.STAMP).write_text(build_assets.digest_of_inputs())
    before = build_assets.is_built()
    (assets / "a.scss").write_text("b{}")
    assert (before, build_assets.is_built()) == (True, False)


def test_missing_node_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_assets, "find_spec", lambda name: None)
    with pytest.raises(build_assets.BuildError, match="Install the locked Python dependencies first"):
        build_assets._node_home()
