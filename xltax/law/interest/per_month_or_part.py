"""Interest at a monthly rate, a part of a month charged as a whole one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xltax.errors import BadProfile
from xltax.law.calendar import FROM_MONTH_END, KEPT, MONTH_ENDS, month_words
from xltax.law.interest.days import COUNTED_FROM, FIRST_DAY
from xltax.law.interest.method import (
    BASE,
    BASE_HELP,
    CHARGED_FROM,
    CHARGED_FROM_HELP,
    COMPONENT,
    LEAST,
    PLACED,
    ROUND_TO,
    ROUND_TO_HELP,
    ROUNDED,
    Interest,
    charged_words,
    counted_words,
    dollar_words,
    rounded_words,
)
from xltax.law.interest.terms import MONTHS_BEGUN, MONTHS_TOUCHED, Terms
from xltax.law.params import MONEY, RATE, RATE_A_MONTH, choice, percent, setting

ROUND_BY = choice("installment", "account", "month")


@dataclass(frozen=True)
class PerMonthOrPart(Interest):
    """Simple interest at a monthly rate on the unpaid tax; part of a month counts as a whole month."""

    method = "per_month_or_part"

    rate: Fraction = setting(RATE_A_MONTH, "the rate for one month")
    months: str = setting(
        choice("anniversary", "touched"),
        "whether a month runs to the same day of the next month, or every calendar month touched counts",
        "anniversary",
    )
    month_ends: str = setting(
        MONTH_ENDS,
        "the last day of an anniversary month counted from the due date: the same day of the month, or the day before (the due "
        "date then begins month one); counted from delinquency, a month always ends the day before",
        "same_day",
        older="day_before",
    )
    from_month_end: str = setting(
        FROM_MONTH_END, f"{KEPT}; for anniversary months counted from the due date", "month_end", older="same_number"
    )
    counted_from: str = setting(COUNTED_FROM, FIRST_DAY, "due")
    charged_from: str = setting(CHARGED_FROM, CHARGED_FROM_HELP, "")
    component: str = setting(COMPONENT, PLACED, "interest")
    base: str = setting(BASE, BASE_HELP, "tax")
    round_by: str = setting(ROUND_BY, ROUNDED, "installment")
    round_to: str = setting(ROUND_TO, ROUND_TO_HELP, "cent")
    rate_rounded: Fraction = setting(
        RATE, "what the monthly rate is rounded to, half up, such as 0.01%; 0%: not rounded", Fraction(0)
    )
    rounded_with: str = setting(
        choice("", "interest"), "for a penalty rounded together with the interest of the same bill", ""
    )
    minimum: int = setting(MONEY, LEAST, 0)

    def check(self, where: str) -> None:
        if self.rounded_with and (self.component != "penalty" or self.round_by != "month"):
            raise BadProfile(
                '"rounded_with" works only for a penalty with round_by = "month".',
                where=f"{where}.rounded_with",
                do="Leave rounded_with out, or correct component or round_by.",
            )
        self.check_base(where)

    def terms(self) -> Terms:
        from_late = self.counted_from != "due"
        return Terms(
            clock=MONTHS_BEGUN if self.months == "anniversary" else MONTHS_TOUCHED,
            rates=(self.monthly_rate(),),
            inclusive=True,
            from_late=from_late,
            on_penalty=self.base == "tax_and_penalty",
            to_dollar=self.round_to == "dollar",
            after=not from_late and self.month_ends == "same_day",
            # Counted from delinquency the base is the first day charged, the day after the one whose number ends a month.
            month_end=not from_late and self.from_month_end == "month_end",
            monthly=self.round_by == "month",
            beside=self.rounded_with,
            by_account=self.round_by == "account",
            minimum=self.minimum,
        )

    unit = "months"

    def rate_words(self, tier: int) -> str:
        return f"{percent(self.monthly_rate())} a month"

    def monthly_rate(self) -> Fraction:
        if not self.rate_rounded:
            return self.rate
        return self.rate_rounded * ((2 * self.rate + self.rate_rounded) // (2 * self.rate_rounded))

    def idle(self) -> tuple[str, ...]:
        counted = self.months == "anniversary" and self.counted_from == "due"
        return () if counted else ("month_ends", "from_month_end")

    def _rates(self) -> str:
        return (
            f"{self.component.capitalize()}: {percent(self.monthly_rate())} of the unpaid tax"
            f"{' and penalty' if self.base == 'tax_and_penalty' else ''} for each month or part of a month"
        )

    def plainly(self) -> str:
        return f"{self._rates()}.{counted_words(self.minimum, self.counted_from)}"

    def words(self) -> str:
        how = "every calendar month touched counts"
        if self.months == "anniversary" and self.counted_from == "due":
            opens = ", and the due date begins the first month" if self.month_ends == "day_before" else ""
            how = f"a month ends on {month_words(self.month_ends, self.from_month_end)}{opens}"
        elif self.months == "anniversary":
            how = "a month ends on the day before the same day of the month"
        text = f"{self._rates()}; {how}; no month is charged twice.{charged_words(self.charged_from)}"
        text += rounded_words(self.minimum, self.counted_from, self.round_by) + dollar_words(self.round_to)
        return text + (" Interest and penalty are rounded together." if self.rounded_with else "")
