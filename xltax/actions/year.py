"""Billing a levy year."""

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
from xltax.money import dollars, number, usd
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
)
from xltax.office.billing.roll_changes import MOST_NAMED, on_roll
from xltax.tables import ADJUSTMENTS, DUE, INST, SUPPLEMENTARY, Adjustment, Bill, Parcel
from xltax.tables.bills import BILL_RUNS, OPENING_RUN, RATES, ROLL_IMPORTS, SUPPLEMENTS, BillRun, SupplementEntry
from xltax.tables.table import Table, concat
from xltax.wording import some

__all__ = ["bill", "prior_tax", "rates_of", "service_charges"]


@action(
    "Bill a levy year: figure every tax from the Roll and split it into installments on the Duplicate. "
    "Accounts billed already are left as they are; added and supplemental lists are billed as runs of "
    "their own.",
    desk="Billing",
)
def bill(
    book: Book,
    year: Annotated[int, Input("The levy year.", kind="year", cell="levy_year")],
    rates: Annotated[
        str,
        Input(
            'The rate of each levy type, such as "RE=2.248", or of each part, "RE City=2.248, RE State=0.112"; '
            "left out: the Rates sheet. Not for preliminary bills."
        ),
    ] = "",
    stage: Annotated[
        str,
        Input(
            "whole year (left out); preliminary: the first half on last year's tax; final: the rest, once the "
            "rate is known."
        ),
    ] = "",
    mailed: Annotated[dt.date | None, Input("The day the bills are mailed.")] = None,
    today: Today = None,
    levy_type: Annotated[str, Input("Only this levy type, such as RE or ADD (default: all that have a rate).")] = "",
    roll_date: Annotated[
        dt.date | None, Input("Only the added or supplemental list of this date (default: all that are not billed).")
    ] = None,
    due: Annotated[
        dt.date | None, Input("For an added or supplemental list: the day it is payable (default: the law's day).")
    ] = None,
    no_prior_tax: Annotated[
        bool,
        Input("Yes: accounts without last year's tax are right, and pay the whole year in its last two installments."),
    ] = False,
    no_homes: Annotated[
        bool, Input("Yes: no parcel is a home its owner lives in, and all are payable at once.")
    ] = False,
    control: Annotated[
        str,
        Input(
            "The assessor's total of each levy type, where the Roll was changed by hand since its import: "
            '"RE=830000.00".'
        ),
    ] = "",
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    stage = stage.lower() or runs.WHOLE
    if stage not in (runs.WHOLE, runs.FIRST, runs.FINAL):
        raise BadValue(f'"{stage}" is not a stage.', where="stage", do="Use preliminary, final, or leave it out.")
    if not len(desk.roll):
        raise BadValue("The Roll is empty.", do="Import the assessor's roll first.")
    run = _Run(desk, year, stage, levy_type.strip().upper(), mailed, today)
    run.rates = {} if stage == runs.FIRST else given_rates(desk, rates, year)
    rows = run.to_bill(roll_date)
    lists = run.lists(roll_date) if stage == runs.WHOLE else []
    run.refuse_nothing(rows, lists)
    runs.tie(levy_bills.from_value(desk.roll, run.rates), sorted(set(rows[BillRun.levy_type])), desk.register(ROLL_IMPORTS), runs.controls_of(control))  # fmt: skip
    said = run.ask(rows, no_prior_tax, no_homes)
    if len(rows):
        run.bill_roll(rows)
    for one in lists:
        run.bill_list(one, due)
    moved = desk.reallocate(today, f"bills of {year}")
    desk.refresh(desk.as_of())
    done = run.closed()
    text = done.text + (f" {said}" if said else "")
    return replace(done, text=text + (f" {moved:,} lines moved credit to the new bills." if moved else ""))


class _Run:
    """One press of Bill: which rows it bills, what it asks first, and the runs it leaves in the register."""

    def __init__(self, desk: Desk, year: int, stage: str, only: str, mailed: dt.date | None, today: dt.date) -> None:
        self.desk, self.year, self.stage, self.only, self.mailed, self.today = desk, year, stage, only, mailed, today
        self.rates: dict[str, dict[str, Fraction]] = {}
        self.register = desk.register(BILL_RUNS)
        roll_bills = runs.of_the_roll(desk.duplicate, self.register)
        self.mine = ordinary(roll_bills, year)
        self.unfinished = preliminary_only(self.mine, desk.town, year)
        changes = runs.without_undone(desk.adjustments, self.register)
        self.prior = prior_tax(roll_bills, changes, year)
        self.second = prior_second_half(roll_bills, changes, year)
        self.lines: list[dict[str, Any]] = []
        self.bills: list[Table[Bill]] = []
        self.credits = 0

    # ---- what is to be billed ------------------------------------------------------------------------------------

    def to_bill(self, roll_date: dt.date | None) -> Table[Parcel]:
        """The rows on the roll that have no bill of this year yet, or for the final stage no second half; none where one list is named."""
        rows = levy_bills.from_value(self.desk.roll, self.rates)
        named = {self.only} if self.only else set(rows[BillRun.levy_type]) - (set(SUPPLEMENTARY) - set(self.rates))
        if self.rates and set(self.rates) <= set(SUPPLEMENTARY):
            named &= set(SUPPLEMENTARY)  # a rate for an added list alone: the roll is not meant
        wanted = rows[BillRun.levy_type].isin(named)
        done = set(self.mine[SupplementEntry.account])
        if self.stage == runs.FINAL:
            done -= set(self.unfinished[SupplementEntry.account])
        left = rows[wanted & ~rows[SupplementEntry.account].isin(done) & (roll_date is None)]
        opened = self.mine[
            (self.mine[BillRun.run] == OPENING_RUN)
            | ((self.mine[BillRun.run] == "") & self.mine[Adjustment.recorded].isna())
        ]
        # Who paid the old system in full has no opening balance: his parcel only looks as if it were not billed.
        left = left[
            ~left[BillRun.levy_type].isin(set(opened[BillRun.levy_type]) - set(self.unfinished[BillRun.levy_type]))
        ]
        return left

    def lists(self, roll_date: dt.date | None) -> list[Table[SupplementEntry]]:
        """The added and supplemental lists that are not billed, each by its levy type and date."""
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
                f"There are no preliminary bills of {self.year}.",
                where="stage",
                do="Leave the stage out to bill the whole year.",
            )
        if self.stage == runs.FINAL and not len(self.unfinished):
            rows = rows.head(0)
        if len(rows) or lists:
            return
        if not len(self.mine):
            what = f"Nothing on the Roll or on Further Lists can be billed for {self.year}{' as ' + self.only if self.only else ''}."
            raise BadValue(what, where="Roll", do="Give a rate for its levy type, or import the roll.")
        count = self.unfinished[SupplementEntry.bill].nunique()
        half = (
            f" {some(count, 'bill')} {'is' if count == 1 else 'are'} preliminary: use the stage final." if count else ""
        )
        raise BadValue(
            f"{self.year} is already billed.{half}",
            where="Duplicate",
            do="Corrections go into Adjustments; a bill is never billed twice. Import an added or supplemental list to bill it.",
        )

    def ask(self, rows: Table[Parcel], no_prior_tax: bool, no_homes: bool) -> str:
        """Asks what a blank column of the Roll leaves open; gives what the message says of it."""
        new = rows[~rows[SupplementEntry.account].isin(set(self.unfinished[SupplementEntry.account]))]
        if self.stage != runs.FIRST:
            new = new[new[BillRun.levy_type].isin(set(self.rates))]
        of = {str(kind): count for kind, count in on_roll(self.desk.roll)[BillRun.levy_type].value_counts().items()}
        blank = blank_prior(new, self.desk.town, self.year, self.prior, self.second, self.rates, of)
        refuse_blank_prior(blank, no_prior_tax)
        said = [b.words() for b in blank]
        if home := refuse_no_homes(new, self.desk.town, self.year, no_homes):
            said.append(home)
        return " ".join(said)

    # ---- billing it ----------------------------------------------------------------------------------------------

    def bill_roll(self, rows: Table[Parcel]) -> None:
        """Bills rows of the roll: each levy type a run of its own."""
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
            value = int(rows.loc[rows[BillRun.levy_type] == kind, SupplementEntry.net_value].sum())
            entered = list(credits.loc[credits[SupplementEntry.bill].isin(set(mine[Bill.bill])), Adjustment.no])
            number_of[str(kind)] = self._line(
                str(kind), self.stage, mine, value, First_Adjustment=entered[0] if entered else "",
                Last_Adjustment=entered[-1] if entered else "",
            )  # fmt: skip
        return number_of

    def bill_list(self, rows: Table[SupplementEntry], due: dt.date | None) -> None:
        """Bills one added or supplemental list."""
        desk = self.desk
        kind, listed = str(rows[BillRun.levy_type].iloc[0]), rows[BillRun.roll_date].iloc[0].date()
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
        """Writes the register and the Log; gives what was done."""
        self.desk.append(Table.made(BILL_RUNS, self.lines))
        bills = concat(self.bills)
        total, count = int(bills[Bill.net_tax].sum()), bills[Bill.bill].nunique()
        first, last = self.lines[0][BillRun.run], self.lines[-1][BillRun.run]
        named = f"run {first}" if first == last else f"runs {first} to {last}"
        self.desk.log("bill", f"{self.year} {self.stage}, {named}", len(bills), total)
        text = f"{count:,} bills of {self.year} ({self.stage}), net tax {dollars(total)}."
        for part, tax in bills[bills[Bill.part] != ""].groupby(Bill.part, sort=False)[Bill.net_tax].sum().items():
            text += f" {part}: {dollars(int(tax))}."
        if self.credits:
            text += f" {self.credits:,} had preliminary installments above the year's tax: corrected in Adjustments."
        return Done(text + self._runs_words(), rows=len(bills), total=total)

    def _runs_words(self) -> str:
        """The runs by number, type and list, where there is more to tell than the bills of one roll."""
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
        """What this press did not bill, so that nothing stays behind unseen."""
        said = []
        kinds = {line[BillRun.levy_type] for line in self.lines if line[BillRun.stage] != runs.FURTHER}
        billed = {account for bills in self.bills for account in bills[Bill.account]}
        before = self.mine[self.mine[BillRun.levy_type].isin(kinds) & ~self.mine[SupplementEntry.account].isin(billed)]
        on = set(on_roll(self.desk.roll)[SupplementEntry.account])
        if stay := before.loc[before[SupplementEntry.account].isin(on), SupplementEntry.account].nunique():
            said.append(f" Billed before and not billed again: {some(stay, 'account')}.")
        if self.stage == runs.WHOLE and kinds & set(self.unfinished[BillRun.levy_type]):
            said.append(
                f" The second half of {some(len(self.unfinished), 'preliminary bill')} is still to be billed: use the stage final."
            )
        gone = (
            self.unfinished[~self.unfinished[SupplementEntry.account].isin(on)]
            if self.stage == runs.FINAL
            else self.unfinished.head(0)
        )
        if len(gone):
            named = ", ".join(gone[SupplementEntry.account].head(MOST_NAMED))
            said.append(
                f" Left as they are, because the accounts are not on the roll any more: {some(len(gone), 'preliminary bill')} ({named})."
            )
        new = [b[~b[SupplementEntry.account].isin(set(self.unfinished[SupplementEntry.account]))] for b in self.bills]
        for n in INSTALLMENTS:
            late = [b.loc[(b[DUE[n]] < pd.Timestamp(self.today)) & (b[INST[n]] > 0), INST[n]] for b in new]
            if count := sum(map(len, late)):
                total = usd(sum(int(amounts.sum()) for amounts in late))
                said.append(
                    f" Installment {n} of {some(count, 'bill')}, {total}, was payable before {short_date(self.today)}: it counts as late."
                )
        table = self.desk.register(SUPPLEMENTS)
        for (kind, day), rows in table[table[SupplementEntry.run] == ""].groupby(
            [SupplementEntry.levy_type, SupplementEntry.roll_date], sort=False
        ):
            said.append(f" Not billed: the {kind} list of {short_date(day.date())}, {some(len(rows), 'row')}.")
        return "".join(said)


@action(
    "Put the service charge on the later parts of homes' bills that were not paid with the first: once, "
    "after its last day.",
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
            raise BadValue(f"The law of {desk.town.name} knows no such charge.", do="Nothing was changed.")
        raise BadValue(
            f"No bill of {year} is payable in parts that bear a service charge.",
            where="Duplicate",
            do="Flag owner-occupied homes on the Roll before they are billed; the Rules name the fee.",
        )
    ledgers = {day: desk.ledger(day) for day in sorted({t.free_until for t in homes.terms.values()})}
    made = list(home_installments.entries(homes, ledgers, desk.adjustments, today))
    desk.append(adjustment_register.rows(made, desk.adjustments, today))
    moved = desk.reallocate(today, f"service charges of {year}")
    desk.refresh(desk.as_of())
    total = sum(e.amount for e in made)
    desk.log("service charges", f"{year}", len(made), total)
    text = f"{len(made):,} of {len(homes.terms):,} bills in parts bear the service charge: {dollars(total)}."
    return Done(text + (f" {moved:,} lines changed how payments apply." if moved else ""), rows=len(made), total=total)


FINAL = ("Gross Tax", "Deductions", "Net Tax", "Due 3", "Due 4", "Inst 3", "Inst 4", "Completed")


def _complete(desk: Desk, bills: Table[Bill]) -> None:
    """Writes the final half beside the preliminary one, and appends the bills of parcels that are new on the roll."""
    known = set(desk.duplicate[Bill.bill])
    fresh = bills[bills[Bill.bill].isin(known)].set_index(Bill.bill)
    fresh[Bill.completed] = fresh[Bill.recorded]
    at = desk.duplicate[Bill.bill].isin(set(fresh.index))
    theirs = desk.duplicate.loc[at, Bill.bill]
    # The August bill's own day of mailing moves its last free day (N.J.S.A. 54:4-64); without one the first stays.
    columns = (*FINAL, "Mailed") if fresh[Bill.mailed].notna().all() else FINAL
    desk.put(desk.duplicate.with_cells(at, {c: fresh[c].reindex(theirs).to_numpy() for c in columns}))
    desk.book.replace_columns("Duplicate", desk.duplicate[list(columns)])
    desk.append(bills[~bills[Bill.bill].isin(known)])


def _numbered_apart(credits: Table[Adjustment], used: set[str]) -> Table[Adjustment]:
    """Corrections with numbers of their own: a final run that was undone has left its numbers in Adjustments."""
    if not used & set(credits[Adjustment.no]):
        return credits
    numbers = [
        next(n for n in (no, *(f"{no}/{k}" for k in range(2, len(used) + 3))) if n not in used)
        for no in credits[Adjustment.no]
    ]
    return credits.with_columns({Adjustment.no: numbers})


def given_rates(desk: Desk, given: str, year: int) -> dict[str, dict[str, Fraction]]:
    """The rates given, or where none are the sums of the Rates sheet."""
    listed = {} if given else {kind: levy.by_part for kind, levy in by_purpose(desk.table(RATES), year).items()}
    return {kind: parts for kind, parts in listed.items() if parts} or rates_of(given)


def rates_of(text: str) -> dict[str, dict[str, Fraction]]:
    """Rates by levy type and part from their text: "RE=36.36, MV=32.46" or "RE City=2.248, RE State=0.112"."""
    pairs = [p.split("=", 1) for p in text.split(",") if p.strip()]
    if not pairs or any(len(p) != 2 for p in pairs):
        raise BadValue(f'"{text}" does not give a rate for a levy type.', where="rates", do='Write it as "RE=2.248".')
    rates: dict[str, dict[str, Fraction]] = {}
    for name, given in pairs:
        kind, _, part = name.strip().partition(" ")
        rate, parts = number(given.strip(), where=f"rates, {name.strip()}"), rates.setdefault(kind.upper(), {})
        if rate < 0:
            raise BadValue("A rate cannot be below zero.", where=f"rates, {name.strip()}")
        if part.strip() in parts:
            raise BadValue(f'"{name.strip()}" has two rates.', where="rates", do="Give the sum of its rates.")
        parts[part.strip()] = rate
    return rates
