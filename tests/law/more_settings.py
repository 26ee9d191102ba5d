"""Rules of kinds that stand in test_every_setting already, with the settings that exclude the ones there."""

TEXT = """
[[interest]]
types = ["Q"]
method = "tiered_annual"
tiers = [{ rate = "10% per year" }]
day_count = "actual/365"
counted_from = "01-01"
charged_from = "02-01"

[[interest]]
types = ["R"]
method = "per_month_or_part"
rate = "1% per month"
charged_from = "02-01"

[[one_payment]]
steps = [{ on = "05-01", total = "1%", then = "1%" }]

[[discount]]
types = ["A"]
rate = "3%"
on = "full_bill"
mailed_days = 15
mailed_counted = "business_days"
first_installments = 2
first_rate = "2%"

[[grace]]
types = ["A"]
counted = "business_days_following"
days = 5

[[installments]]
types = ["A"]
due = ["01-31", "04-30", "07-31"]
split = "shares"
shares = ["50%", "25%", "25%"]

[[installments]]
types = ["B"]
due = ["07-01", "12-01"]
split = "preliminary"
preliminary_parts = 1
preliminary_rise = "2.5%"
preliminary_base = "prior_rate_on_value"

[[redemption]]
types = ["A"]
day_count = "touched_months"
rate = "2% per month"
version = "sale"
interest_on = "certificate_and_penalty"
interest_least = "1.00"
round_to = "dollar"
penalty_by_months = [{ up_to = 12, rate = "20%" }]
then = "10%"
then_months = 12
subsequents = "as_certificate"

[[fee]]
kind = "collection_penalty"
rate = "20%"
when = "unpaid"
on = "07-01"
years_after = 1
roll = true
installment = 2
per = "parcel"
base = "total"
column = "penalty"

[[lien]]
part = "Lien"
takes = ["tax", "interest", "costs"]
fees = ["lien_execution", "lien_register"]
"""
