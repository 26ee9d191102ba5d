"""Billing: the bills of a levy year, and service charges on late parts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any

import pandas as pd

from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.dates import short_date
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.law.calendar import Installments
from xltax.ledger.wide import INSTALLMENTS
from xltax.money import number, usd
from xltax.office.adjusting import adjustment_register
from xltax.office.billing import further_lists, home_installments, levy_bills, runs
from xltax.office.billing.levy_rates import rates_of as by_purpose
from xltax.office.billing.prior_year_tax import (
    blank_prior,
    ordinary,
    preliminary_only,
    prior_second_half,
    prior_tax,
    refuse_blank_prior,
    refuse_no_homes,
    with_changed,
)
from xltax.office.billing.roll_changes import MOST_NAMED, on_roll
from xltax.tables import ADJUSTMENTS, DUE, INST, SUPPLEMENTARY, Adjustment, Bill, Parcel
from xltax.tables.bills import BILL_RUNS, OPENING_RUN, RATES, ROLL_IMPORTS, SUPPLEMENTS, BillRun, SupplementEntry
from xltax.tables.table import Table, concat
from xltax.wording import reallocated, some

__all__ = ["bill", "prior_tax", "rates_of", "service_charges"]


@action(
    "Bill a levy year: calculate every tax from the Roll and enter the installments on the Duplicate. Accounts that "
    "are already billed do not change. Added and supplemental lists are billed in separate runs.",
    desk="Billing",
)
def bill(
    book: Book,
    year: Annotated[int, Input("The levy year.", kind="year", cell="levy_year")],
    rates: Annotated[
        str,
        Input(
            'The rate of each levy type, such as "RE=2.248", or of each part, "RE City=2.248, RE State=0.112" '
            "(default: the Rates sheet). Not for preliminary bills."
        ),
    ] = "",
    stage: Annotated[
        str,
        Input(
            "preliminary: the first half, based on last year's tax. final: the rest, when the rate is known "
            "(default: the whole year)."
        ),
    ] = "",
    mailed: Annotated[dt.date | None, Input("The day the bills are mailed.")] = None,
    today: Today = None,
    levy_type: Annotated[str, Input("Only this levy type, such as RE or ADD (default: all that have a rate).")] = "",
    roll_date: Annotated[
        dt.date | None,
        Input("Only the added or supplemental list of this date (default: all lists that are not billed)."),
    ] = None,
    due: Annotated[
        dt.date | None, Input("The due date of an added or supplemental list (default: the law's day).")
    ] = None,
    no_prior_tax: Annotated[
        bool,
        Input(
            "Yes: accounts without last year's tax are correct. They pay the whole year in its last two installments."
        ),
    ] = False,
    no_homes: Annotated[bool, Input("Yes: no parcel is an owner-occupied home. All bills are due at once.")] = False,
    control: Annotated[
        str,
        Input(
            "The assessor's total for each levy type, if somebody changed the Roll by hand after its import, such as "
            '"RE=830000.00".'
        ),
    ] = "",
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    stage = stage.lower() or runs.WHOLE
    if stage not in (runs.WHOLE, runs.FIRST, runs.FINAL):
        raise BadValue(
            f'"{stage}" is not a stage.', where="stage", do="Use preliminary or final, or leave the stage empty."
        )
    if not len(desk.roll):
        raise BadValue("The Roll is empty.", where="Roll", do="Import the assessor's roll first.")
    run = _Run(desk, year, stage, levy_type.strip().upper(), mailed, today)
    run.rates = {} if stage == runs.FIRST else given_rates(desk, rates, year)
    rows = run.to_bill(roll_date)
    lists = run.lists(roll_date) if stage == runs.WHOLE else []
    run.refuse_nothing(rows, lists)
    runs.tie(levy_bills.from_value(desk.roll, run.rates), sorted(set(rows[Parcel.levy_type])), desk.register(ROLL_IMPORTS), runs.controls_of(control))  # fmt: skip
    said = run.ask(rows, no_prior_tax, no_homes)
    if len(rows):
        run.bill_roll(rows)
    for one in lists:
        run.bill_list(one, due)
    moved = desk.reallocate(today, f"bills of {year}")
    desk.refresh(desk.as_of())
    done = run.closed()
    text = done.text + (f" {said}" if said else "")
    return replace(
        done, text=text + (f" {some(moved, 'Reallocation line')} moved credit to the new bills." if moved else "")
    )


class _Run:
    """One click on Bill: the rows to bill, the questions first, and the runs in the register."""

    def __init__(self, desk: Desk, year: int, stage: str, only: str, mailed: dt.date | None, today: dt.date) -> None:
        self.desk, self.year, self.stage, self.only, self.mailed, self.today = desk, year, stage, only, mailed, today
        self.rates: dict[str, dict[str, Fraction]] = {}
        self.register = desk.register(BILL_RUNS)
        roll_bills = runs.of_the_roll(desk.duplicate, self.register)
        self.mine = ordinary(roll_bills, year)
        self.unfinished = preliminary_only(self.mine, desk.town, year)
        changes = runs.without_undone(desk.adjustments, self.register)
        last_rates = {kind: levy.by_part for kind, levy in by_purpose(desk.table(RATES), year - 1).items()}
        self.prior = with_changed(prior_tax(roll_bills, changes, year), desk.roll, desk.town, year, last_rates)
        self.second = prior_second_half(roll_bills, changes, year)
        self.lines: list[dict[str, Any]] = []
        self.bills: list[Table[Bill]] = []
        self.credits = 0

    # ---- what is to be billed ------------------------------------------------------------------------------------

    def to_bill(self, roll_date: dt.date | None) -> Table[Parcel]:
        """The Roll's rows without a bill for this year, or for the final stage without a second half; none if one list is named."""
        rows = levy_bills.from_value(self.desk.roll, self.rates)
        named = {self.only} if self.only else set(rows[Parcel.levy_type]) - (set(SUPPLEMENTARY) - set(self.rates))
        if self.rates and set(self.rates) <= set(SUPPLEMENTARY):
            named &= set(SUPPLEMENTARY)  # a rate for an added list alone: the roll is not meant
        wanted = rows[Parcel.levy_type].isin(named)
        done = set(self.mine[Bill.account])
        if self.stage == runs.FINAL:
            done -= set(self.unfinished[Bill.account])
        left = rows[wanted & ~rows[Parcel.account].isin(done) & (roll_date is None)]
        opened = self.mine[
            (self.mine[Bill.run] == OPENING_RUN) | ((self.mine[Bill.run] == "") & self.mine[Bill.recorded].isna())
        ]
        # Who paid the old system in full has no opening balance: his parcel only looks as if it were not billed.
        left = left[~left[Parcel.levy_type].isin(set(opened[Bill.levy_type]) - set(self.unfinished[Bill.levy_type]))]
        return left

    def lists(self, roll_date: dt.date | None) -> list[Table[SupplementEntry]]:
        """The unbilled added and supplemental lists, each by its levy type and date."""
        table = self.desk.register(SUPPLEMENTS)
        rows = table[(table[SupplementEntry.run] == "") & table[SupplementEntry.levy_type].isin(set(self.rates))]
        if self.only:
            rows = rows[rows[SupplementEntry.levy_type] == self.only]
        if roll_date:
            rows = rows[rows[SupplementEntry.roll_date] == pd.Timestamp(roll_date)]
        return [one for _, one in rows.each(SupplementEntry.levy_type, SupplementEntry.roll_date)]

    def refuse_nothing(self, rows: Table[Parcel], lists: list[Table[SupplementEntry]]) -> None:
        if self.stage == runs.FINAL and not len(self.mine):
            raise BadValue(
                f"There are no preliminary bills for {self.year}.",
                where="stage",
                do="Leave the stage empty to bill the whole year.",
            )
        if self.stage == runs.FINAL and not len(self.unfinished):
            rows = rows.head(0)
        if len(rows) or lists:
            return
        if not len(self.mine):
            what = f"The Roll and Further Lists have no {self.only + ' ' if self.only else ''}rows to bill for {self.year}."
            raise BadValue(what, where="Roll", do="Enter a rate for the levy type, or import the roll.")
        count = self.unfinished[Bill.bill].nunique()
        half = (
            f" {some(count, 'bill')} {'is' if count == 1 else 'are'} preliminary. Use the stage final." if count else ""
        )
        raise BadValue(
            f"{self.year} is already billed.{half}",
            where="Duplicate",
            do="Enter corrections in Adjustments. To bill an added or supplemental list, import the list first.",
        )

    def ask(self, rows: Table[Parcel], no_prior_tax: bool, no_homes: bool) -> str:
        """Asks about blank columns of the Roll that matter for the bills; gives the sentences for the message."""
        new = rows[~rows[Parcel.account].isin(set(self.unfinished[Bill.account]))]
        if self.stage != runs.FIRST:
            new = new[new[Parcel.levy_type].isin(set(self.rates))]
        of = {str(kind): count for kind, count in on_roll(self.desk.roll)[Parcel.levy_type].value_counts().items()}
        blank = blank_prior(new, self.desk.town, self.year, self.prior, self.second, self.rates, of)
        refuse_blank_prior(blank, no_prior_tax)
        said = [b.words() for b in blank]
        if home := refuse_no_homes(new, self.desk.town, self.year, no_homes):
            said.append(home)
        return " ".join(said)

    # ---- billing it ----------------------------------------------------------------------------------------------

    def bill_roll(self, rows: Table[Parcel]) -> None:
        """Bills rows of the roll, with one run for each levy type."""
        desk, taken = self.desk, set(self.desk.duplicate[Bill.bill])
        if self.stage == runs.FIRST:
            bills = levy_bills.bill_preliminary(
                rows, desk.town, self.year, self.prior, second=self.second, mailed=self.mailed, recorded=self.today, taken=taken
            )  # fmt: skip
            credits = Table.empty(ADJUSTMENTS)
        else:
            bills, raw = levy_bills.bill(
                rows, desk.town, self.year, self.rates, mailed=self.mailed, recorded=self.today, prior=self.prior,
                second=self.second, preliminary=self.unfinished if self.stage == runs.FINAL else None, taken=taken,
            )  # fmt: skip
            credits = _numbered_apart(raw, set(desk.adjustments[Adjustment.no]))
        runs.prove(bills, rows)
        number_of = self._note(rows, bills, credits)
        bills = bills.with_columns({Bill.run: bills[Bill.levy_type].map(number_of)})
        if self.stage == runs.FINAL:
            _complete(desk, bills)
        else:
            desk.append(bills)
        desk.append(credits)
        self.bills.append(bills)
        self.credits = len(credits)

    def _note(self, rows: Table[Parcel], bills: Table[Bill], credits: Table[Adjustment]) -> dict[str, str]:
        """The register's line for each levy type; gives the number of each."""
        number_of = {}
        for kind, mine in bills.groupby(Bill.levy_type, sort=False):
            value = int(rows.loc[rows[Parcel.levy_type] == kind, Parcel.net_value].sum())
            entered = list(credits.loc[credits[Adjustment.bill].isin(set(mine[Bill.bill])), Adjustment.no])
            number_of[str(kind)] = self._line(
                str(kind), self.stage, mine, value, First_Adjustment=entered[0] if entered else "",
                Last_Adjustment=entered[-1] if entered else "",
            )  # fmt: skip
        return number_of

    def bill_list(self, rows: Table[SupplementEntry], due: dt.date | None) -> None:
        """Bills one added or supplemental list."""
        desk = self.desk
        kind, listed = str(rows[SupplementEntry.levy_type].iloc[0]), rows[SupplementEntry.roll_date].iloc[0].date()
        bills = further_lists.bill(
            rows, desk.parcels, desk.town, self.year, self.rates, taken=set(desk.duplicate[Bill.bill]), due=due,
            mailed=self.mailed, recorded=self.today,
        )  # fmt: skip
        run = self._line(kind, runs.FURTHER, bills, int(rows[SupplementEntry.net_value].sum()), Roll_Date=listed)
        bills = bills.with_columns({Bill.run: run})
        desk.append(bills)
        table = desk.register(SUPPLEMENTS)
        numbers = bills.drop_duplicates(Bill.bill)[Bill.bill].to_numpy()
        table = table.with_cells(
            table.index.isin(rows.index), {SupplementEntry.run: run, SupplementEntry.bill: numbers}
        )
        desk.book.replace_columns(SUPPLEMENTS.name, table[[SupplementEntry.run, SupplementEntry.bill]])
        self.bills.append(bills)

    def _line(self, kind: str, stage: str, bills: Table[Bill], value: int, **more: object) -> str:
        number = runs.next_number(self.register) + len(self.lines)
        self.lines.append(runs.row(
            number, Levy_Year=self.year, Levy_Type=kind, Stage=stage, Billed_On=self.today, Mailed=self.mailed,
            Bills=bills[Bill.bill].nunique(), Value=value, Net_Tax=int(bills[Bill.net_tax].sum()), **more,
        ))  # fmt: skip
        return str(number)

    # ---- what was done -------------------------------------------------------------------------------------------

    def closed(self) -> Done:
        """Writes the register and the Log; gives the message."""
        self.desk.append(Table.made(BILL_RUNS, self.lines))
        bills = concat(self.bills)
        total, count = int(bills[Bill.net_tax].sum()), bills[Bill.bill].nunique()
        first, last = self.lines[0][BillRun.run], self.lines[-1][BillRun.run]
        named = f"run {first}" if first == last else f"runs {first} to {last}"
        self.desk.log("bill", f"{self.year} {self.stage}, {named}", len(bills), total)
        text = f"{some(count, 'bill')} for {self.year} ({self.stage}), net tax {usd(total)}."
        for part, tax in bills[bills[Bill.part] != ""].groupby(Bill.part, sort=False)[Bill.net_tax].sum().items():
            text += f" {part}: {usd(int(tax))}."
        if self.credits:
            over = f"{some(self.credits, 'bill')} had preliminary installments above the year's tax"
            text += f" {over}. Adjustments has the corrections."
        return Done(text + self._runs_words(), rows=len(bills), total=total)

    def _runs_words(self) -> str:
        """The runs by number, type and list, if there are several runs or lists."""
        same = self.register[
            (self.register[BillRun.levy_year] == self.year) & (self.register[BillRun.stage] == self.stage)
        ]
        if (
            len(self.lines) == 1
            and self.lines[0][BillRun.stage] != runs.FURTHER
            and same[BillRun.undone_on].notna().all()
        ):
            return self._left_words()
        said = []
        for line in self.lines:
            of = (
                f" list of {short_date(pd.Timestamp(line[BillRun.roll_date]).date())}"
                if line[BillRun.stage] == runs.FURTHER
                else ""
            )
            said.append(
                f" Run {line[BillRun.run]}: {line[BillRun.levy_type]}{of}, {some(int(line[BillRun.bills]), 'bill')}, {usd(int(line[BillRun.net_tax]))}."
            )
        return "".join(said) + self._left_words()

    def _left_words(self) -> str:
        """What this run did not bill, so that nothing is overlooked."""
        said = []
        kinds = {line[BillRun.levy_type] for line in self.lines if line[BillRun.stage] != runs.FURTHER}
        billed = {account for bills in self.bills for account in bills[Bill.account]}
        before = self.mine[self.mine[Bill.levy_type].isin(kinds) & ~self.mine[Bill.account].isin(billed)]
        on = set(on_roll(self.desk.roll)[Parcel.account])
        if stay := before.loc[before[Bill.account].isin(on), Bill.account].nunique():
            said.append(f" {some(stay, 'account')} already had a bill and did not change.")
        if self.stage == runs.WHOLE and kinds & set(self.unfinished[Bill.levy_type]):
            said.append(
                f" The second half of {some(len(self.unfinished), 'preliminary bill')} has not been billed. Use the stage final."
            )
        gone = (
            self.unfinished[~self.unfinished[Bill.account].isin(on)]
            if self.stage == runs.FINAL
            else self.unfinished.head(0)
        )
        if len(gone):
            named = ", ".join(gone[Bill.account].head(MOST_NAMED))
            said.append(
                f" {some(len(gone), 'preliminary bill')} did not change, because the accounts are no longer on the roll: {named}."
            )
        new = [b[~b[Bill.account].isin(set(self.unfinished[Bill.account]))] for b in self.bills]
        for n in INSTALLMENTS:
            late = [b.loc[(b[DUE[n]] < pd.Timestamp(self.today)) & (b[INST[n]] > 0), INST[n]] for b in new]
            if count := sum(map(len, late)):
                total = usd(sum(int(amounts.sum()) for amounts in late))
                said.append(
                    f" Installment {n} of {some(count, 'bill')}, {total}, was due before {short_date(self.today)} and is past due."
                )
        table = self.desk.register(SUPPLEMENTS)
        for (kind, day), rows in table[table[SupplementEntry.run] == ""].groupby(
            [SupplementEntry.levy_type, SupplementEntry.roll_date], sort=False
        ):
            said.append(f" Not billed: the {kind} list of {short_date(day.date())}, {some(len(rows), 'row')}.")
        return "".join(said)


@action(
    "Add the service charge to later parts of home bills that were not paid with the first part. Run this task "
    "once, after the last day to pay in full.",
    desk="Billing",
    label="Service charges",
)
def service_charges(
    book: Book, year: Annotated[int, Input("The levy year.", cell="levy_year")], today: Today = None
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    homes = home_installments.Halves(
        desk.town, desk.duplicate[desk.duplicate[Bill.levy_year] == year], desk.closed_days
    )
    if not homes.terms:
        if not any(r.params.home_fee for r in desk.town.all(Installments)):
            raise BadValue(
                f"{desk.town.name} has no service charge.", where="Rules, installments", do="Nothing was changed."
            )
        raise BadValue(
            f"No bill for {year} is payable in parts with a service charge.",
            where="Duplicate",
            do="Flag owner-occupied homes on the Roll before you bill them.",
        )
    ledgers = {day: desk.ledger(day) for day in sorted({t.free_until for t in homes.terms.values()})}
    made = list(home_installments.entries(homes, ledgers, desk.adjustments, today))
    desk.append(adjustment_register.rows(made, desk.adjustments, today))
    moved = desk.reallocate(today, f"service charges of {year}")
    desk.refresh(desk.as_of())
    total = sum(e.amount for e in made)
    desk.log("service charges", f"{year}", len(made), total)
    text = f"{len(made):,} of {some(len(homes.terms), 'bill')} in parts {'owes' if len(made) == 1 else 'owe'} the service charge: {usd(total)}."
    return Done(text + reallocated(moved), rows=len(made), total=total)


FINAL = ("Gross Tax", "Deductions", "Net Tax", "Completed")


def _complete(desk: Desk, bills: Table[Bill]) -> None:
    """Writes the last installments beside the preliminary ones, and adds bills for parcels that are new on the roll."""
    desk.refuse_backward(day.date() for day in bills[Bill.recorded].dropna().unique())
    known = set(desk.duplicate[Bill.bill])
    fresh = bills[bills[Bill.bill].isin(known)].set_index(Bill.bill)
    fresh[Bill.completed] = fresh[Bill.recorded]
    at = desk.duplicate[Bill.bill].isin(set(fresh.index))
    theirs = desk.duplicate.loc[at, Bill.bill]
    # The August bill's own day of mailing moves its last free day (N.J.S.A. 54:4-64); without one the first stays.
    # Preliminary installments have the same day and amount in both, so writing the columns of them all changes none.
    kinds = bills[[Bill.levy_year, Bill.levy_type]].drop_duplicates().itertuples(index=False, name=None)
    counts = [levy_bills.first_parts(desk.town, int(year), str(kind)) for year, kind in kinds]
    first = min(count for count in counts if count)
    later = [column[n] for column in (DUE, INST) for n in INSTALLMENTS if n > first]
    columns = [*FINAL, *later, *(["Mailed"] if fresh[Bill.mailed].notna().all() else [])]
    before = desk.duplicate
    desk.put(desk.duplicate.with_cells(at, {c: fresh[c].reindex(theirs).to_numpy() for c in columns}))
    desk.book.replace_columns("Duplicate", desk.duplicate[columns])
    desk.seal_bills(before)
    desk.append(bills[~bills[Bill.bill].isin(known)])


def _numbered_apart(credits: Table[Adjustment], used: set[str]) -> Table[Adjustment]:
    """Corrections with unused numbers, because the numbers of an undone final run remain in Adjustments."""
    if not used & set(credits[Adjustment.no]):
        return credits
    numbers = [
        next(n for n in (no, *(f"{no}/{k}" for k in range(2, len(used) + 3))) if n not in used)
        for no in credits[Adjustment.no]
    ]
    return credits.with_columns({Adjustment.no: numbers})


def given_rates(desk: Desk, given: str, year: int) -> dict[str, dict[str, Fraction]]:
    """The rates given, or the sums on the Rates sheet."""
    listed = {} if given else {kind: levy.by_part for kind, levy in by_purpose(desk.table(RATES), year).items()}
    return {kind: parts for kind, parts in listed.items() if parts} or rates_of(given)


def rates_of(text: str) -> dict[str, dict[str, Fraction]]:
    """Rates by levy type and part from a text: "RE=36.36, MV=32.46" or "RE City=2.248, RE State=0.112"."""
    pairs = [p.split("=", 1) for p in text.split(",") if p.strip()]
    if not pairs or any(len(p) != 2 for p in pairs):
        raise BadValue(
            f'"{text}" does not give a rate for a levy type.',
            where="rates",
            do='Enter levy type and rate, such as "RE=2.248".',
        )
    rates: dict[str, dict[str, Fraction]] = {}
    for name, given in pairs:
        kind, _, part = name.strip().partition(" ")
        rate, parts = number(given.strip(), where=f"rates, {name.strip()}"), rates.setdefault(kind.upper(), {})
        if rate < 0:
            raise BadValue("The rate is below zero.", where=f"rates, {name.strip()}", do="Enter zero or more.")
        if part.strip() in parts:
            raise BadValue(f'"{name.strip()}" has two rates.', where="rates", do="Enter the sum of the two rates.")
        parts[part.strip()] = rate
    return rates
