"""The methods of list rules: what a list does besides selecting by age, amount and flags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import add_months, on_month_day, short_date
from xltax.errors import Problem, Problems
from xltax.law import enforcement as law
from xltax.law.agreements import Clearing
from xltax.law.fees import Fee
from xltax.money import usd
from xltax.office.collection.list_facts import Records, by_value
from xltax.tables import Bill, CashLine, Parcel
from xltax.tables.enforcement import CourtCase, Listed
from xltax.tables.reading import place
from xltax.tables.replayed import OpenInstallment
from xltax.wording import some

Sift = Callable[[pd.DataFrame, Any, Records], Any]
"""Selects installments, as a mask, and may add columns to the rows."""
Finish = Callable[[pd.DataFrame, pd.DataFrame, Any, Records], pd.DataFrame]
"""The finished rows, from the grouped ones and the installments they are made of."""


@dataclass(frozen=True)
class Method:
    """What one method of a list rule does besides the common selection and grouping."""

    sift: Sift | None = None
    finish: Finish | None = None
    only_late: bool = True
    own_limit: bool = False  # tests the amount itself
    own_liens: bool = False  # looks itself which liens count
    date: str = "Date"  # what the column Date is, in print


AGREEMENT = "Agreement default"
NEEDS_REASON = ("Suspense", "Uncollectible", "Jeopardy")


def _days(values: Any) -> pd.Series[Any]:
    return pd.Series(values).astype("datetime64[s]")


# ---- sale ------------------------------------------------------------------------------------------------------------


def _again(rows: pd.DataFrame, p: law.SaleList, records: Records) -> pd.Series[Any]:
    """The day of the final demand, for accounts that had one since the last sale and are late again."""
    if not p.again_after:
        return pd.Series(np.datetime64("NaT", "s"), index=rows.index)
    return records.last_notice(rows, p.again_after, add_months(records.as_of, -p.again_months))


def sale_sift(rows: pd.DataFrame, p: law.SaleList, records: Records) -> Any:
    if p.closes is None:
        return np.ones(len(rows), dtype=bool)
    close = on_month_day(records.as_of.year, p.closes)
    if close >= records.as_of:
        close = on_month_day(records.as_of.year - 1, p.closes)
    return (rows[OpenInstallment.due] <= pd.Timestamp(close)) | _again(rows, p, records).notna()


def sale_finish(out: pd.DataFrame, rows: pd.DataFrame, p: law.SaleList, records: Records) -> pd.DataFrame:
    years: pd.Series[Any] = rows.drop_duplicates(["group", OpenInstallment.levy_year]).groupby("group").size()
    again = _again(rows, p, records).groupby(rows["group"]).max()
    long = (years >= p.years) if p.years else pd.Series(not p.either or not p.above, index=out.index)
    much = (out[p.measured_on.capitalize()] > p.above) if p.above else pd.Series(not p.either or not p.years, out.index)
    met = (long | much) if p.either else (long & much)
    out = out[met | again.notna()].copy()
    years, again, long, much, met = (s.reindex(out.index) for s in (years, again, long, much, met))
    out[Listed.reason] = [
        _sale_reason(int(n), at, bool(a), bool(b), p)
        for n, at, a, b in zip(years, again.where(~met.astype(bool)), long, much, strict=True)
    ]
    out[Listed.sale_costs] = _fees(out[Listed.total], p, records)
    out[Listed.to_pay] = out[Listed.total] + out[Listed.sale_costs]
    return out


def _sale_reason(years: int, again: Any, long: bool, much: bool, p: law.SaleList) -> str:
    if not pd.isna(again):
        return f"late again after the {p.again_after.replace('_', ' ')} of {short_date(again.date())}"
    parts = [some(years, "levy year")] if p.years and long else []
    parts += [f"above {usd(p.above)}"] if p.above and much else []
    return ", ".join(parts)


def _fees(total: pd.Series[Any], p: law.SaleList, records: Records) -> Any:
    """The cost of sale on each parcel's lien, and the mailed notices."""
    costs = np.zeros(len(total), dtype=np.int64)
    if p.cost_fee:
        fee = _fee(records, p.cost_fee)
        costs += np.array([fee.share(int(t)) for t in total], dtype=np.int64)
    if p.notice_fee and p.notices:
        costs += _fee(records, p.notice_fee).total(p.notices)
    return costs


def _fee(records: Records, kind: str) -> Fee:
    return records.town.rule(Fee, records.as_of, sort=kind).params


# ---- registers and deadlines -------------------------------------------------------------------------------------------


def register_sift(rows: pd.DataFrame, p: law.RegisterList, records: Records) -> Any:
    cases = records.open_cases(p.register)
    empty = cases[cases[CourtCase.reason] == ""] if p.register in NEEDS_REASON else cases.head(0)
    if len(empty):
        raise Problems(
            Problem(
                place(records.cases, int(i), CourtCase.reason),
                f"This {p.register} case has no reason.",
                "Fill in Reason.",
            )
            for i in empty.index
        )
    rows["case"] = records.case_of(rows, p.register)
    late = rows[OpenInstallment.late].astype(bool)
    if p.register == AGREEMENT:  # a payment can be missed when all that is past due is paid and only what comes is left
        whose = rows[Bill.party].where(rows[Bill.party] != "", rows[OpenInstallment.account])
        late |= ~whose.isin(set(whose[late]))
    return (rows["case"] >= 0) & late


def register_finish(out: pd.DataFrame, rows: pd.DataFrame, p: law.RegisterList, records: Records) -> pd.DataFrame:
    cases = records.open_cases(p.register)
    mine = cases.iloc[rows.drop_duplicates("group").set_index("group")["case"].reindex(out.index)]
    out[Listed.reason] = mine[CourtCase.reason].to_numpy()
    out[Listed.date] = mine[CourtCase.opened].to_numpy()
    out[Listed.status] = [f"case {no}" for no in mine[CourtCase.no]]
    return (
        out.sort_values([Listed.years, Listed.types, Listed.owner, Listed.account], kind="stable")
        if p.rate_bills
        else out
    )


def deadline_sift(rows: pd.DataFrame, p: law.DeadlineList, records: Records) -> Any:
    start = (
        rows[OpenInstallment.bill].map(records.first_due.to_dict()).astype("datetime64[s]")
        if p.counted_from == "first_due"
        else rows[OpenInstallment.due]
    )
    rows["end"] = _days(by_value(start, lambda d: _end(records, p.deadline, d))).to_numpy()
    near = rows["end"] <= pd.Timestamp(add_months(records.as_of, p.within_months))
    if p.without_lien:  # one made out and not recorded, or recorded when the time was over, continues nothing
        recorded = rows[OpenInstallment.bill].map(records.recorded).astype("datetime64[s]")
        near &= ~((recorded <= rows["end"]) & (recorded <= records.today))
    return near


def _end(records: Records, kind: str, day: dt.date) -> Any:
    end = records.deadline(kind, day)
    return np.datetime64(end or "NaT", "s")


def deadline_finish(out: pd.DataFrame, rows: pd.DataFrame, p: law.DeadlineList, records: Records) -> pd.DataFrame:
    out[Listed.date] = rows.groupby("group")["end"].min()
    out[Listed.status] = np.where(out[Listed.date] < records.today, "passed", "ends soon")
    out[Listed.reason] = p.deadline.replace("_", " ")
    return out.sort_values([Listed.date, Listed.account], kind="stable")


def notice_sift(rows: pd.DataFrame, p: law.NoticeList, records: Records) -> Any:
    sent = records.last_notice(rows, p.notice)
    rows["sent"] = sent
    # Only what the notice asked for: an installment that went late after it has not been demanded.
    passed = sent + pd.Timedelta(days=p.days) < records.today
    return sent.notna() & passed & (rows[OpenInstallment.last_free_day] < sent)


def notice_finish(out: pd.DataFrame, rows: pd.DataFrame, p: law.NoticeList, records: Records) -> pd.DataFrame:
    out[Listed.date] = rows.groupby("group")["sent"].max()
    out[Listed.reason] = f"{p.notice.replace('_', ' ')} notice not answered in {some(p.days, 'day')}"
    return out


# ---- persons ----------------------------------------------------------------------------------------------------------


def petition_sift(rows: pd.DataFrame, p: law.PetitionList, records: Records) -> Any:
    rows["petition"], rows["docket"] = records.petitions(rows, p.register)
    return rows["bankruptcy"]


def petition_finish(out: pd.DataFrame, rows: pd.DataFrame, p: law.PetitionList, records: Records) -> pd.DataFrame:
    by_group = rows["group"]
    before = records.before_petition(rows, rows["petition"])
    after = (rows[OpenInstallment.total] - before).where(rows["petition"].notna(), 0)
    out[Listed.before_petition] = before.groupby(by_group).sum()
    out[Listed.after_petition] = after.groupby(by_group).sum()
    out[Listed.date] = rows.groupby("group")["petition"].max()
    out[Listed.status] = np.where(out[Listed.date].isna(), "no petition date: enter the case in Cases", "stayed")
    out[Listed.reason] = rows.groupby("group")["docket"].max()
    return out


def calls_finish(out: pd.DataFrame, rows: pd.DataFrame, p: law.CallList, records: Records) -> pd.DataFrame:
    called = records.last_notice(out, "call")
    cases = records.open_cases(p.register)
    at = records.case_of(out, p.register)
    until = np.append(cases[CourtCase.until].to_numpy(dtype="datetime64[s]"), np.datetime64("NaT", "s"))[at]
    amount = np.append(cases[CourtCase.amount].to_numpy(dtype=np.int64), 0)[at]
    out[Listed.date] = until
    broken = out[Listed.date] < records.today
    words = np.where(broken, "promise not kept", np.where(at >= 0, "promised", ""))
    out[Listed.status] = [f"{w} {usd(int(a))}" if w and a else str(w) for w, a in zip(words, amount, strict=True)]
    out[Listed.reason] = [f"last call {short_date(d.date())}" if not pd.isna(d) else "" for d in called]
    return out.sort_values([Listed.total, Listed.account], ascending=[False, True], kind="stable")


def vehicles_finish(out: pd.DataFrame, rows: pd.DataFrame, p: law.VehicleList, records: Records) -> pd.DataFrame:
    """Parties with anything late on a vehicle stay on hold. A party on hold with nothing open is released in time.

    Every vehicle in the name counts, and the bill now current too, late or not. A hold that names one vehicle is its owner's.
    """
    on_hold = records.open_cases(p.register)
    cases = on_hold.frame.assign(holder=records.holders(on_hold.frame))
    holder = records.holders(out[[Listed.account, Listed.party]])
    late = rows.groupby("group")[OpenInstallment.late].any()
    held = holder.isin(cases["holder"])
    out[Listed.status] = np.where(held, "held", "report to DMV")
    out = out[late | held].assign(Date=np.datetime64("NaT", "s"))
    return pd.concat([out, _released(out, cases[~cases["holder"].isin(holder[late | held])], records)])


def vehicles_sift(rows: pd.DataFrame, p: law.VehicleList, records: Records) -> Any:
    return rows[OpenInstallment.due] <= records.today


def _released(out: pd.DataFrame, cases: pd.DataFrame, records: Records) -> pd.DataFrame:
    """Holds with nothing open, and the day the registrations are free: when the last payment has cleared."""
    if not len(cases):
        return out[:0]
    free = _last_payment_good(records).reindex(cases["holder"]).to_numpy()
    roll = records.roll.frame
    first = roll.assign(holder=records.holders(roll)).drop_duplicates("holder").set_index("holder")
    frame = first[
        [Parcel.account, Parcel.party, Parcel.owner, Parcel.mail_1, Parcel.mail_2, Parcel.mail_3, Parcel.location]
    ].reindex(cases["holder"])
    frame = frame.fillna("").set_index(pd.Index(-1 - np.arange(len(cases))))  # no installment stands behind them
    for name in ("Account", "Party"):
        named = cases[name].set_axis(frame.index)
        frame[name] = named.where(named != "", frame[name])
    waits = free > records.today.to_datetime64()
    frame[Listed.date] = np.where(np.isnat(free), records.today.to_datetime64(), free).astype("datetime64[s]")
    frame[Listed.reason] = [f"hold {no}, all paid" for no in cases[CourtCase.no]]
    frame[Listed.status] = np.where(waits, "wait for the check", "release")
    for name in ("Tax", "Interest", "Penalty", "Costs", "Total", "Items", "Months Late"):
        frame[name] = 0
    return frame


def _last_payment_good(records: Records) -> pd.Series[Any]:
    """The day each party's last payment that has to clear has done so, by the town's rule on clearing."""
    rule = records.town.rule(Clearing, records.as_of).params
    book = records.cash_book
    book = book[book[CashLine.received] <= records.today]
    taken_back = set(book[CashLine.reverses]) - {""}
    paid = book[
        (book[CashLine.kind] == "Payment")
        & ~book[CashLine.receipt].isin(taken_back)
        & ~book[CashLine.tender].isin(rule.at_once)
    ]
    last = paid[CashLine.received].groupby(records.holders(paid[[CashLine.account]])).max()
    return _days(by_value(last, lambda d: np.datetime64(rule.clears(d, records.closed), "s")))


METHODS: dict[str, Method] = {
    "plain": Method(),
    "sale": Method(sale_sift, sale_finish, own_limit=True),
    "register": Method(register_sift, register_finish, only_late=False, date="Since"),
    "deadline": Method(deadline_sift, deadline_finish, own_liens=True, date="Ends"),
    "after_notice": Method(notice_sift, notice_finish, date="Notice Of"),
    "vehicles": Method(vehicles_sift, vehicles_finish, only_late=False, date="Free On"),
    "petition": Method(petition_sift, petition_finish, only_late=False, date="Petition"),
    "calls": Method(None, calls_finish, date="Promised"),
}
"""The methods by their name in the rule."""
