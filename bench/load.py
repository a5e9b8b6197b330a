"""How long the load of a whole set of published files takes beside parsing alone, and how much memory.

    python bench/load.py ../shared/data

Both run in the same invocation, one after the other, each in a process of its own, the load into a fresh database in a passing folder.
Parsing alone is each file once by the fastest reader in the stack: Arrow for CSV and Parquet, openpyxl (read only) for XLSX, rdata for R,
the standard library for JSON. Aim: load at most 3 times parsing, and under 1 GB of memory.
What is reckoned over all England after a load (similar schools, lines) is left out; `bench.similar` and `bench.signals` measure it.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from pathlib import Path


def parse(folder: Path) -> int:
    """Every file of the folder once; how many were read."""
    warnings.simplefilter("ignore")
    count = 0
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        parse_one(path)
        count += 1
    return count


def parse_one(path: Path) -> None:
    """One file, whole."""
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    options = arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda _: "skip")

    def table(raw: bytes) -> None:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            raw = raw.decode("cp1252").encode()
        arrow_csv.read_csv(io.BytesIO(raw), parse_options=options)

    match path.suffix.lower():
        case ".csv":
            table(path.read_bytes())
        case ".gz":
            table(gzip.decompress(path.read_bytes()))
        case ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    table(archive.read(name))
        case ".parquet":
            pq.read_table(path)
        case ".json":
            json.loads(path.read_bytes())
        case ".rda":
            import rdata

            rdata.read_rda(path)
        case ".xlsx":
            import openpyxl

            for sheet in openpyxl.load_workbook(path, read_only=True, data_only=True):
                for _ in sheet.iter_rows(values_only=True):
                    pass
        case _:
            path.read_bytes()


def measured(command: list[str], environment: dict[str, str]) -> dict[str, float]:
    """Wall and processor seconds and the peak of memory of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    finished = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if finished.returncode not in (0, 1):
        sys.exit(f"{command} failed: {finished.stderr[-2000:]}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": round(seconds, 1), "processor_seconds": round(processor, 1)}


def peak_megabytes(command: list[str], environment: dict[str, str]) -> dict[str, float]:
    """The same in a process between, so that the peak of one measurement does not hide in that of another."""
    code = (
        "import json, resource, sys; sys.path.insert(0, sys.argv[1]); from load import measured; import os;"
        "said = measured(json.loads(sys.argv[2]), dict(os.environ));"
        "said['peak_megabytes'] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024); print(json.dumps(said))"
    )
    between = [sys.executable, "-c", code, str(Path(__file__).parent), json.dumps(command)]
    return dict(json.loads(subprocess.run(between, env=environment, capture_output=True, text=True, check=True).stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--only-parse", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_parse:
        parse(options.folder)
        return
    with tempfile.TemporaryDirectory(prefix="convenor-bench-") as passing:
        environment = os.environ | {"CONVENOR_DATA_DIR": passing, "CONVENOR_SECRET_KEY": secrets.token_urlsafe(60)}
        convenor = [sys.executable, "-m", "convenor"]
        subprocess.run([*convenor, "migrate", "--skip-checks", "--verbosity", "0"], env=environment, check=True)
        parsing = peak_megabytes([sys.executable, __file__, "--only-parse", str(options.folder)], environment)
        loading = peak_megabytes([*convenor, "load", "--later", str(options.folder)], environment)
        again = peak_megabytes([*convenor, "load", "--later", str(options.folder)], environment)
        database = sum(each.stat().st_size for each in Path(passing).rglob("*") if each.is_file())
    print(json.dumps({
        "parsing": parsing, "loading": loading, "loading_again": again,
        "ratio": round(loading["seconds"] / parsing["seconds"], 2),
        "processor_ratio": round(loading["processor_seconds"] / parsing["processor_seconds"], 2),
        "megabytes_on_disk": round(database / 1e6),
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
