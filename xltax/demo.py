"""The demo: a tax year from start to finish in a real town and a made-up town, as workbooks a collector can open."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from xltax import csvtext
from xltax.actions import control, counter, delinquency, quotes, setup, year
from xltax.data import made_up, open_csv
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.law.load import load
from xltax.ledger.wide import melt
from xltax.money import number, to_cents
from xltax.office.billing import levy_bills, printed_bill_check
from xltax.ondisk import make_folder, write_file
from xltax.tables import ROLL, Bill, CashLine, Charge, Parcel
from xltax.tables.bills import BillRun, SupplementEntry
from xltax.tables.reading import read
from xltax.tables.table import concat
from xltax.wording import some

Say = Callable[[str], None]
YEARS = (2022, 2023, 2024)
AS_OF = dt.date(2025, 3, 3)
MILLS = "36.36"


def run_demo(folder: Path, say: Say) -> int:
    """Runs both towns. Gives 0 if every proof agrees and enough published bills match."""
    started = time.monotonic()
    make_folder(folder)
    for old in folder.glob("*.xlsx"):
        old.unlink()
    # The towns have nothing to do with each other: the second is worked on beside the first, and speaks after it.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        second = beside.submit(_heard, folder)
        good = [glastonbury(folder, say)]
        said, well = second.result()
    for line in said:
        say(line)
    good.append(well)
    say(
        f"\nThe demo took {time.monotonic() - started:.0f} seconds. The workbooks are in {folder}/. Open them in Excel or LibreOffice."
    )
    return 0 if all(good) else 1


def _write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Writes a roll or payments as a CSV file."""
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    write_file(path, csvtext.table(list(frame.columns), rows, end="\n").encode())


def _heard(folder: Path) -> tuple[list[str], bool]:
    """Quillhaven in a process of its own: what it says, and whether it went well."""
    said: list[str] = []
    return said, quillhaven(folder, said.append, quiet=True)


# ---- Glastonbury, Connecticut: real bills ------------------------------------------------------------------------


def glastonbury(folder: Path, say: Say) -> bool:
    """Imports the 2018 grand list, bills by the vendor's rule, and compares every bill with the printed bill."""
    say("Glastonbury, Connecticut: the 2018 grand list as the town's vendor billed it (36.36 mills)")
    path = folder / "glastonbury-ct-2018.xlsx"
    town = load("us-ct-glastonbury")
    rolls, printed = [], {}
    for name, kind, place in (("real_estate", "RE", "location"), ("motor_vehicle", "MV", "vehicle")):
        data = open_csv(f"glastonbury_ct/{name}_2018")
        rolls.append(
            pd.DataFrame(
                {
                    SupplementEntry.account: data["list_no"],
                    SupplementEntry.levy_type: kind,
                    SupplementEntry.location: data[place],
                    SupplementEntry.net_value: data["assessment"],
                }
            )
        )
        printed[kind] = [to_cents(x) for x in data["bill_published"]]
    roll = pd.concat(rolls, ignore_index=True)
    source = folder / "glastonbury-grand-list-2018.csv"
    _write_csv(source, roll)
    steps = tqdm(total=5, desc="Glastonbury", leave=False, disable=None)
    new_book(path, town.id, name="Glastonbury", year=2018, as_of=dt.date(2019, 7, 1))
    steps.update()
    book = FilesBook.open(path)
    value = sum(to_cents(v) for v in roll[Parcel.net_value])
    say("  roll: " + setup.import_roll(book, source, control_bills=len(roll), control_value=value).text)
    steps.update()
    say(
        "  bill: "
        + year.bill(book, 2018, f"RE={MILLS}, MV={MILLS}", mailed=dt.date(2019, 6, 24), today=dt.date(2019, 6, 24)).text
    )
    steps.update()
    book.set("control_bills", len(roll))
    book.set(
        "control_tax",
        sum(_vendor_bill(int(v), k) for v, k in zip(roll[Parcel.net_value], roll[Parcel.levy_type], strict=True)),
    )
    checks = control.proof(book)
    steps.update()
    book.save()
    steps.close()
    matched = 0
    for kind, data in zip(("RE", "MV"), rolls, strict=True):
        values = [to_cents(v) for v in data[Parcel.net_value]]
        checked = printed_bill_check.check_bills(values, printed[kind], town, dt.date(2018, 10, 1), number(MILLS), kind)
        kinds = printed_bill_check.by_kind(checked)
        count = int(kinds.loc[kinds[CashLine.kind] == printed_bill_check.MATCHED, BillRun.bills].sum())
        matched += count
        say(f"  {kind}: {count:,} of {len(checked):,} printed bills match to the cent. The others:")
        for row in kinds[kinds[CashLine.kind] != printed_bill_check.MATCHED].to_dict("records"):
            say(f"      {row[BillRun.bills]:>6,}  {row[CashLine.kind]}")
    say("  proof: " + "\n         ".join(x for x in checks.text.splitlines() if " OK" not in x) + f"  -> {path}")
    return matched >= 9_950 + 23_344 and not checks.look


def _vendor_bill(value: int, kind: str) -> int:
    """A bill in cents by the vendor's rule in plain arithmetic, for a control total independent of the workbook."""
    tax = (value * 3636 * 2 + 1000) // 2000
    return 2 * ((tax + 1) // 2) if kind == "RE" and tax >= 100_00 else tax


# ---- Quillhaven, New Jersey: made up -----------------------------------------------------------------------------


def quillhaven(folder: Path, say: Say, parcels: int = 1_200, quiet: bool = False) -> bool:
    """Three years of a made-up township: preliminary and final bills, payments, delinquent list, quote and proof."""
    town = made_up.made_up_town(parcels, years=YEARS)
    say(
        f"\n{town.name}: {len(town.rolls[YEARS[0]]):,} parcels, quarterly bills, {YEARS[0]} to {YEARS[-1]}. All owners are made up."
    )
    payments, bills, levied = payments_of(town, AS_OF)
    path = folder / "quillhaven-nj-made-up.xlsx"
    new_book(path, town.profile, name=town.name, year=YEARS[-1], as_of=AS_OF)
    book = FilesBook.open(path)
    steps = tqdm(total=3 * len(YEARS) + 6, desc="Quillhaven", leave=False, disable=quiet or None)
    years_go_by(book, town, payments, AS_OF, folder, say, steps.update)
    # Billed from the rolls in one piece each year, where the book was billed in two stages.
    book.set("control_bills", bills)
    book.set("control_tax", levied)
    say("  delinquent list: " + delinquency.delinquent(book, AS_OF).text)
    worst = book.read("Delinquent")[Bill.account].value_counts().index[0]
    say("  quote: " + quotes.quote(book, str(worst), AS_OF, 30).text)
    say("  published figures: " + control.selfcheck(book).text)
    checks = control.proof(book, AS_OF)
    steps.update(3)
    book.save()
    steps.close()
    for line in checks.text.splitlines():
        say(f"    {line}")
    say(f"  -> {path}")
    return not checks.look


def years_go_by(
    book: FilesBook,
    town: made_up.MadeUpTown,
    payments: pd.DataFrame,
    as_of: dt.date,
    folder: Path,
    say: Say,
    step: Callable[[], object] = lambda: None,
    days: Callable[[dt.date, dt.date], Sequence[dt.date]] = lambda start, end: [end],
) -> None:
    """Each year's roll, preliminary and final bills, and the payments through a day.

    days: the days between two on which payments are posted; else the last one, all together.
    """
    years = list(town.rolls)
    posted = dt.date(years[0] - 1, 12, 1)

    def receive(until: dt.date) -> None:
        nonlocal posted
        for day in days(posted, until):
            book.set("as_of", day)
            post_payments(book, payments, posted, day, folder, say)
            posted = day
        step()

    for levy_year in years:
        roll = folder / f"quillhaven-roll-{levy_year}.csv"
        _write_csv(roll, town.rolls[levy_year])
        billed = dt.date(levy_year, 6, 14)
        book.set("as_of", posted)
        say(f"  {levy_year} roll: " + setup.import_roll(book, roll, on=posted).text)
        step()
        if levy_year == years[0]:
            say("  " + year.bill(book, levy_year, stage="preliminary", today=posted).text)
            receive(billed)
        say("  " + year.bill(book, levy_year, f"RE={town.rates[levy_year]}", stage="final", today=billed).text)
        if levy_year != years[-1]:
            say("  " + year.bill(book, levy_year + 1, stage="preliminary", today=billed).text)
        step()
        receive(as_of if levy_year == years[-1] else dt.date(levy_year + 1, 6, 14))


def payments_of(town: made_up.MadeUpTown, through: dt.date) -> tuple[pd.DataFrame, int, int]:
    """The made-up owners' payments, with the number and total of their bills."""
    profile = load(town.profile)
    parts = []
    count = 0
    prior: dict[str, int] = {}
    for levy_year in town.rolls:
        rates = {"RE": {"": number(town.rates[levy_year])}}
        bills, credits = levy_bills.bill(read(town.rolls[levy_year], ROLL), profile, levy_year, rates, prior=prior)
        off = {c.bill: c.amount for c in credits}
        net = [int(t) - off.get(b, 0) for b, t in zip(bills[Bill.bill], bills[Bill.net_tax], strict=True)]
        prior = dict(zip(bills[Bill.account], net, strict=True))
        parts.append(melt(bills))
        count += len(bills)  # exempt parcels get a bill of 0.00
    charges = concat(parts).renumbered()
    return made_up.made_up_payments(charges, through), count, int(charges[Charge.amount].sum())


def post_payments(
    book: FilesBook, payments: pd.DataFrame, start: dt.date, end: dt.date, folder: Path, say: Say
) -> None:
    """Posts the payments received between two days and reverses the returned checks."""
    received = pd.to_datetime(payments[CashLine.received]).dt.date
    mine = payments[(received >= start) & (received < end)]
    if not len(mine):
        return
    back = mine[CashLine.kind] == "Reversal"
    name = folder / f"quillhaven-payments-{end}.csv"
    _write_csv(name, mine[~back].drop(columns=[CashLine.reverses, Bill.recorded], errors="ignore"))
    say(f"  payments to {end}: " + counter.post(book, name, today=end, as_of=end).text)
    returned = {
        str(r[CashLine.reverses]): pd.Timestamp(r[CashLine.received]).date() for r in mine[back].to_dict("records")
    }
    if returned:
        numbers = {str(r[CashLine.reverses]): str(r[CashLine.receipt]) for r in mine[back].to_dict("records")}
        counter.reverse_several(book, returned, "check returned unpaid", end, numbers)
        say(f"    {some(len(returned), 'returned check')} reversed")
