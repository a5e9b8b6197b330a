# Sets up what both ./start and ./test stand on: the virtual environment with locked dependencies, and the static files.
# Sourced, not run. Says what it does; does nothing twice.

say() { printf '%s\n' "$*" >&2; }

prepare_python() {
    local python
    python=$(command -v python3.11 || command -v python3 || true)
    if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        say "Convenor needs Python 3.11 or later. On Debian 12: apt-get install python3 python3-venv"
        exit 1
    fi
    local wanted
    wanted=$(cat requirements.txt pyproject.toml | sha256sum | cut -c1-64)
    if [ -x .venv/bin/convenor ] && [ "$(cat .venv/prepared 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    if [ ! -x .venv/bin/python ]; then
        say "Making the virtual environment ..."
        if ! "$python" -m venv .venv; then
            say "Python could not make a virtual environment. On Debian 12: apt-get install python3-venv"
            exit 1
        fi
    fi
    if [ ! -x .venv/bin/uv ]; then
        say "Fetching the installer ..."
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "$(grep -o '^uv==[^ ]*' requirements.txt || echo uv)" >&2
    fi
    say "Installing the locked dependencies ..."
    .venv/bin/uv pip sync --quiet --require-hashes requirements.txt >&2
    .venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable . >&2
    printf '%s' "$wanted" >.venv/prepared
}

prepare_assets() {
    .venv/bin/python -m convenor.web.build_assets >&2
}
