"""Cuts the sample from the full published files, in the publishers' own formats.

    python sample/cut.py FOLDER    # FOLDER holds the full files as docs/sources.md lists them

What is cut, and how:

- Rows: the schools of the demonstration areas. Ofsted's register, the 2022/23 census, absence and key stage 4 results, and the 2023/24 key
  stage 2 results keep every school in England, with fewer columns, because an area and a school stand beside England.
- Columns: from files that a third party cut or joined, only the publisher's own columns; nobody's name from any file.
- Nothing is added, rounded or corrected.
"""

import csv
import gzip
import io
import json
import pathlib
import shutil
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterable

import duckdb
import openpyxl
import pyarrow
from pyarrow import compute, parquet

HERE = pathlib.Path(__file__).parent
#: Bexley, Cumberland, Westmorland and Furness, Wigan, Gloucestershire, Portsmouth, Hampshire, East Sussex, Warwickshire.
LIVE = {"303": "Bexley", "942": "Cumberland", "943": "Westmorland and Furness", "359": "Wigan", "916": "Gloucestershire",
        "851": "Portsmouth", "850": "Hampshire", "845": "East Sussex", "937": "Warwickshire"}  # fmt: skip
CODES = {*LIVE, "909"}  # Cumbria, until 2023
OFSTED_LEFT_OUT = (
    "Web Link", "Religious ethos", "Faith grouping", "Ofsted region", "Parliamentary constituency", "Academy sponsor",
    "LAESTAB at time", "School name at time", "School type at time", "Current school type used",
)  # fmt: skip


def rows_of(path: pathlib.Path, encoding: str = "utf-8-sig") -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV file."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file)
        return next(reader), list(reader)


def write(path: pathlib.Path, header: list[str], rows: Iterable[list[str]], encoding: str = "utf-8-sig") -> None:
    """Write a CSV file as the publisher does; `.gz` compresses it, without a time stamp."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)


def cut_csv(source: pathlib.Path, target: pathlib.Path, keep: Callable[[dict[str, str]], bool], without: Iterable[str] = (),
            only: Iterable[str] | None = None, encoding: str = "utf-8-sig") -> int:  # fmt: skip
    """Keep the rows that `keep` accepts and all columns but `without` (or `only` those named); returns how many rows were kept."""
    header, rows = rows_of(source, encoding)
    wanted = [i for i, name in enumerate(header) if name not in set(without) and (only is None or name in set(only))]
    kept = [[row[i] for i in wanted if i < len(row)] for row in rows if keep(dict(zip(header, row, strict=False)))]
    write(target, [header[i] for i in wanted], kept, encoding)
    return len(kept)


def cut_sheet(source: pathlib.Path, target: pathlib.Path, keep: Callable[[tuple[object, ...]], bool], sheet: int = 0) -> int:
    """The same for one sheet of a workbook; formulas stay formulas."""
    book = openpyxl.load_workbook(source, read_only=True)
    new = openpyxl.Workbook(write_only=True)
    old_sheet = book.worksheets[sheet]
    new_sheet = new.create_sheet(old_sheet.title)
    count = 0
    for number, row in enumerate(old_sheet.iter_rows(values_only=True)):
        if number == 0 or keep(row):
            new_sheet.append([None if cell == "" else cell for cell in row])
            count += number > 0
    target.parent.mkdir(parents=True, exist_ok=True)
    new.save(target)
    return count


def ofsted(full: pathlib.Path) -> set[str]:
    """Ofsted's register, every school with fewer columns; returns the URNs of the demonstration areas, predecessors included."""
    source = full / "ofsted/ofsted_mi_latest_inspections_2025-08-31.parquet"
    database = duckdb.connect()
    names = [row[0] for row in database.execute(f"describe select * from '{source}'").fetchall()]
    kept = ", ".join(f'"{name}"' for name in names if not name.startswith(OFSTED_LEFT_OUT))
    target = HERE / "ofsted" / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    database.execute(f"copy (select {kept} from '{source}') to '{target}' (format parquet, compression zstd, compression_level 19)")
    areas = ", ".join(f"'{name}'" for name in LIVE.values())
    found = database.execute(
        f'select "URN", "URN at time of latest graded inspection", "URN at time of previous graded inspection" '
        f'from \'{source}\' where "Local authority" in ({areas})'
    ).fetchall()
    return {str(int(float(urn))) for row in found for urn in row if urn is not None}


def gias(full: pathlib.Path, urns: set[str]) -> None:
    """Where schools stand, their links and their groups. No head's name, and no name of a head of a group."""
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = rdata.read_rda(full / "gias/dim_school_gias_2022-08.Rda")["dim_school"]
    names = {
        "urn": "URN", "establishment_number": "EstablishmentNumber", "establishment_name": "EstablishmentName",
        "establishment_type": "TypeOfEstablishment (name)", "establishment_type_group": "EstablishmentTypeGroup (name)",
        "establishment_status": "EstablishmentStatus (name)", "education_phase": "PhaseOfEducation (name)",
        "statutory_low_age": "StatutoryLowAge", "statutory_high_age": "StatutoryHighAge", "gender": "Gender (name)",
        "religious_character": "ReligiousCharacter (name)", "admissions_policy": "AdmissionsPolicy (name)", "street": "Street",
        "town": "Town", "postcode": "Postcode", "school_website": "SchoolWebsite", "urban_rural_indicator": "UrbanRural (name)",
        "easting": "Easting", "northing": "Northing", "lsoa_code": "LSOA (code)",
    }  # fmt: skip

    def plain(value: object) -> str:
        if value is None or value != value:  # not a number is not equal to itself
            return ""
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

    chosen = [record for record in frame.to_dict("records") if plain(record["urn"]) in urns]
    rows = [[plain(record[old]) for old in names] for record in chosen]
    write(HERE / "gias/edubasealldata_2022-08.csv", list(names.values()), sorted(rows))
    lsoas = {plain(record["lsoa_code"]) for record in chosen}
    cut_sheet(full / "geography/File_1_IoD2025_Index_of_Multiple_Deprivation.xlsx",
              HERE / "geography/File_1_IoD2025_Index_of_Multiple_Deprivation.xlsx", lambda row: row[0] in lsoas, sheet=1)  # fmt: skip
    links = "links_edubasealldata20250422.csv"
    cut_csv(full / "gias" / links, HERE / "gias" / links, lambda row: row["URN"] in urns or row["LinkURN"] in urns, encoding="cp1252")
    header, rows = rows_of(full / "gias/grouplinks_all_2022-07.csv", "utf-8")
    at = {name: number for number, name in enumerate(header)}
    rows = [row for row in rows if row[at["URN"]] in urns]
    uids = {row[at["Group UID"]] for row in rows}
    write(HERE / "gias/grouplinks_all_2022-07.csv", header[1:], [row[1:] for row in rows], "utf-8")
    header, rows = rows_of(full / "gias/allgroupsdata_2022-07.csv", "utf-8")
    named = [number for number, name in enumerate(header) if name.startswith("Head of Group")]
    rows = [["" if number in named else cell for number, cell in enumerate(row)] for row in rows if row[0] in uids]
    write(HERE / "gias/allgroupsdata_2022-07.csv", header, rows, "utf-8")


def tables(full: pathlib.Path, urns: set[str]) -> None:
    """The performance tables of the demonstration areas, with the national rows that stand among them."""
    source, target = full / "performance_tables", HERE / "performance_tables"
    everyone = ("URN", "LA", "Estab", "SCHOOLTYPE", "NOR", "TSENELSE", "PSENELSE", "TSENELK", "PSENELK", "NUMEAL", "NUMENGFL", "NUMUNCFL",
                "PNUMEAL", "PNUMENGFL", "PNUMUNCFL", "NUMFSM", "NUMFSMEVER", "NORFSMEVER", "PNUMFSMEVER")  # fmt: skip
    year = "2022-2023/england_census.csv"
    cut_csv(source / year, target / f"{year}.gz", lambda row: True, only=everyone)
    for year in ("2018-2019/england_census.csv", "2020-2021/england_census.csv"):
        cut_csv(source / year, target / f"{year}.gz", lambda row: row["URN"] in urns or not row["URN"].isdigit())
    year = "2018-2019/england_abs.csv"
    cut_csv(source / year, target / year, lambda row: row["URN"] in urns or not row["URN"])
    year = "2022-2023/england_abs.csv"
    cut_csv(source / year, target / f"{year}.gz", lambda row: True)
    for year in ("2018-2019/england_ks4provisional.csv", "2022-2023/england_ks4-pupdest.csv"):
        cut_csv(source / year, target / f"{year}.gz", lambda row: row["LEA"] in CODES or row["RECTYPE"] in {"5", "7"})
    year = "2022-2023/england_filtered_ks4_abs_census_info.csv"
    cut_csv(source / year, target / f"{year}.gz", lambda row: True, without=("OFSTEDRATING", "gor_name", "gender_name"), encoding="utf-8")
    cut_csv(source / "2023-2024/202324_information_about_schools_final.csv",
            target / "2023-2024/202324_information_about_schools_final.csv.gz", lambda row: row["old_la_code"] in CODES)  # fmt: skip
    own = ("RECTYPE", "URN", "SCHNAME", "PCODE", "TOWN", "READPROG", "READPROG_DESCR", "WRITPROG", "WRITPROG_DESCR", "MATPROG",
           "MATPROG_DESCR")  # fmt: skip
    name = "2018-2019/england_ks2final_subset_geocoded.csv"
    cut_csv(source / name, target / "2018-2019/england_ks2final_subset.csv", lambda row: row["URN"] in urns, only=own)
    own = ("name", "area", "type", "lea", "rwm", "hs", "read", "maths", "gps")
    every = json.loads((source / "2023-2024/ks2_all_england_no_urn.json").read_text())
    less = [{key: row[key] for key in own if key in row} for row in every]
    text = json.dumps(less, ensure_ascii=False, indent=0) + "\n"
    (target / "2023-2024/ks2_no_urn.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    cut_sheet(source / "2017-2018/2017-2018_england_spine.xlsx", target / "2017-2018/2017-2018_england_spine.xlsx",
              lambda row: str(row[1]) in CODES)  # fmt: skip
    earlier = {str(row[0]) for row in openpyxl.load_workbook(target / "2017-2018/2017-2018_england_spine.xlsx").active.values}
    cut_sheet(full / "ofsted/2017-2018_england_ofsted-schools_2018-07-31.xlsx",
              HERE / "ofsted/2017-2018_england_ofsted-schools_2018-07-31.xlsx", lambda row: str(row[0]) in earlier)  # fmt: skip


def headcounts(full: pathlib.Path) -> None:
    """Pupils on roll, 2006/07 to 2016/17, of the demonstration areas' schools; the two sheets by characteristic cut to one year."""
    with zipfile.ZipFile(full / "census/schpupnum_2016-17_release.zip") as old:
        target = HERE / "census/schpupnum_2016-17_release.zip"
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for name in sorted(old.namelist()):
                reader = csv.DictReader(io.TextIOWrapper(old.open(name), encoding="utf-8-sig"))
                text = io.StringIO(newline="")
                writer = csv.DictWriter(text, reader.fieldnames or [])
                writer.writeheader()
                for row in reader:
                    if ("estab" in row and row["old_la_code"] in CODES) or ("estab" not in row and row["year"] == "201617"
                                                                            and row.get("old_la_code", "") in {*CODES, ""}):  # fmt: skip
                        writer.writerow(row)
                new.writestr(zipfile.ZipInfo(name, (2019, 1, 2, 10, 10, 0)), text.getvalue(), zipfile.ZIP_DEFLATED)


def areas(full: pathlib.Path) -> None:
    """Authorities, neighbours and outlines: small already, and taken as they are."""
    for name in ("geography/las.csv", "geography/region_la_hierarchy.csv", "geography/geogALL2022UK_topojson.json",
                 "lait/sn_may_2025.xlsx"):  # fmt: skip
        (HERE / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(full / name, HERE / name)
    remade = {"Cumberland", "Westmorland and Furness", "North Yorkshire", "Somerset", "Cumbria", "North Northamptonshire",
              "West Northamptonshire"}  # fmt: skip
    name = "geography/ward_lad_la_pcon_hierarchy.csv"
    cut_csv(full / name, HERE / name, lambda row: row["la_name"] in remade, encoding="utf-8")


#: England's figures that a school may be held against, by the tool's own keys.
OF_ENGLAND = ("KS2RWM_Expected_STD", "KS2R_Prog_VA", "KS2W_Prog_VA", "KS2M_Prog_VA", "AVG_Attain8_Score", "AVG_Prog8_Score")


def england(full: pathlib.Path) -> None:
    """England's own rows of a few measures, from the Department's tool of areas."""
    table = parquet.read_table(full / "lait/bds_long_0.parquet")
    kept = compute.and_(compute.equal(table["LA and Regions"], "England"), compute.is_in(table["Short Desc"], pyarrow.array(OF_ENGLAND)))
    parquet.write_table(table.filter(kept).replace_schema_metadata(), HERE / "lait/area_tool_england.parquet", compression="zstd")


def main() -> None:
    """Cut everything anew."""
    if len(sys.argv) != 2 or not (pathlib.Path(sys.argv[1]) / "ofsted").is_dir():
        sys.exit("Say where the full published files are: python sample/cut.py FOLDER")
    full = pathlib.Path(sys.argv[1])
    for folder in ("ofsted", "gias", "performance_tables", "census", "geography", "lait"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    urns = ofsted(full)
    gias(full, urns)
    tables(full, urns)
    headcounts(full)
    areas(full)
    england(full)
    size = sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file())
    print(f"{len(urns):,} schools of the demonstration areas; {size / 1e6:.1f} MB in all")


if __name__ == "__main__":
    main()
