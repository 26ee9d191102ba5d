"""Towns of one interest rule or two, for figures that are worked by hand."""

from __future__ import annotations

from tests.properties.random_towns import Town, profile_of, toml

TWO_TIERS = {
    "method": "tiered_annual",
    "tiers": [{"up_to": "1500.00", "rate": "8%"}, {"rate": "18%"}],
    "day_count": "30/360",
}
MONTHLY = {"method": "per_month_or_part", "rate": "1%"}


def small_town(interest: dict, *more: tuple[str, dict], group: str = "parcel") -> Town:
    """A town without days of grace: what is due on a day is delinquent on the next."""
    order = [{"pay": ["costs", "interest", "penalty", "tax"]}]
    rules = [("interest", interest), ("grace", {"counted": "none"}), ("allocation", {"group": group, "order": order})]
    return Town(profile_of(toml([*rules, *more])), ("RE",), ("",), ())
