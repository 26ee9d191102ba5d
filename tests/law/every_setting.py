"""A made-up town with every setting of every method away from its default."""

from __future__ import annotations

from tests.law import more_settings

EVERYTHING = """
id = "us-zz-everything"
name = "A town with every setting, and a comma"

[[interest]]
types = ["RE", "PP"]
part = "City"
from = 1999-02-03
to = 2020-03-01
governs = "due"
method = "tiered_annual"
tiers = [{ up_to = "0.01", rate = "0.125%" }, { up_to = "1500.00", rate = "8%" }, { rate = "18%" }]
day_count = "actual/360"
ends = "both"
bracket = "levy_year"
bracket_refill = "open_balance"
from_month_end = "same_number"
counted_from = "delinquent"
component = "interest"
round_by = "account"
minimum = "1.23"
cite = [
  { title = "One, with a comma; and a semicolon", note = "a \\"note\\"", href = "https://example.org/a?b=c" },
  { title = "Two" },
]
assume = [{ what = "ends", why = "because, so" }, { what = "bracket", why = "1.0" }]

[[interest]]
types = ["A"]
method = "tiered_annual"
tiers = [{ up_to = "1500.00", rate = "8%" }, { rate = "18%" }]
day_count = "whole_months"
bracket_refill = "until_current"

[[interest]]
types = ["A"]
method = "tiered_annual"
tiers = [{ rate = "6%" }]
day_count = "actual/365"
component = "penalty"

[[interest]]
types = ["B"]
method = "per_month_or_part"
rate = "1.25% per month"
months = "touched"
month_ends = "day_before"
from_month_end = "same_number"
counted_from = "delinquent"
component = "penalty"
round_by = "month"
rounded_with = "interest"
minimum = "2.00"

[[interest]]
types = ["B"]
classes = ["homestead", "farm"]
tax_above = "500.00"
earlier = "open"
method = "per_month_or_part"
rate = "10% per year"
rate_rounded = "0.01%"
base = "tax_and_penalty"
round_to = "dollar"
counted_from = "07-01"

[[interest]]
types = ["B"]
except_classes = ["forest"]
method = "tiered_annual"
tiers = [{ rate = "10%" }]
base = "tax_and_penalty"
day_count = "actual/365"
counted_from = "next_month"

[[interest]]
types = ["G"]
method = "schedule"
steps = [
  { at = "bill", total = "-2%" },
  { due = "07-01", at = "delinquent", total = "2%", then = "1%", every_months = 2, on_day = 10, most = "8%", then_until = "12-31" },
  { on = "06-01", years = 1, add = "3%" },
  { on = "12-01", same_year = true, add = "8%" },
  { next_month = 1, total = "9%" },
  { after_months = 3, total = "10%" },
  { after_days = 30, total = "11%" },
  { after_days_late = 10, total = "12%" },
]
roll = true
roll_months = true
discount_on = "full_bill"
in_parts = true
component = "penalty"
minimum = "3.00"

[[interest]]
types = ["G"]
method = "schedule"
steps = [{ on = "02-01", total = "2%" }]
base = "tax_and_penalty"
round_to = "dollar"
component = "interest"

[[acceleration]]
missed = "first_installment"
interest_from = "first"
reinstated = "when_arrears_paid"

[[discount]]
types = ["G"]
steps = [{ until = "11-30", rate = "4%" }, { until = "12-31", rate = "3%" }]
mailed_days = 30

[[discount]]
types = ["H"]
by_due = [{ due = "06-30", rate = "6%" }]

[[interest]]
types = ["C"]
governs = "levy_year"
method = "by_date_band"
bands = [{ months = 1, rate = "-3%" }, { months = 4, rate = "0%" }, { months = 6, rate = "5%" }, { rate = "10%" }]
month_ends = "same_day"
from_month_end = "same_number"
roll = false
discount_on = "any_payment"
in_parts = true
component = "interest"

[[interest]]
types = ["D"]
method = "per_period_capped"
rate = "5%"
days = 15
most = 3
part_counts = false
counted_from = "due"
component = "interest"
round_by = "account"
minimum = "0.50"

[[interest]]
types = ["E"]
method = "flat"
rate = "36.36 mills"
component = "interest"
counted_from = "last_installment"
minimum = "0.50"
most = "tax"

[[penalty]]
rate = "6%"
threshold = "10000.00"
base = "excess"
tested_on = "tax_and_interest"

[[grace]]
counted = "fixed"
days = 3
months = 2
month_ends = "day_before"
from_month_end = "same_number"
fixed = [{ due = "07-01", last = "09-30" }, { due = "12-01", last = "02-29" }]
roll = false
late_bill_days = 7
late_bill_to = "month_start"
late_bill_if_after = "06-02"
late_bill_interest = "late_day"
late_bill_due = ["07-01"]
evidence = "postmark"

[[installments]]
types = ["HOME"]
due = ["07-01"]
split = "equal"
home_due = ["07-01", "12-01"]
home_fee = "service_charge"

[[installments]]
due = ["02-01", "05-01", "08-01", "11-01"]
years_after = 1
split = "preliminary"
odd_cent = "each_up"
single_limit = "50.00"
single_at_limit = false
preliminary_base = "half_of_second_half"
preliminary_limit = "half_of_tax"

[[discount]]
rate = "0.5%"
until = "month_day"
months = 2
month_day = "07-31"
month_ends = "day_before"
from_month_end = "same_number"
roll = false
on = "full_bill"
in_parts = true

[[office]]
holidays = "LA"
open_on = ["02-12", "10-12"]
title = "Revenue Division"
collector = "Finance Director"

[[allocation]]
group = "party"
order = [
  { of = "unsecured", pay = ["costs"] },
  { of = "secured", pay = ["costs", "tax"] },
  { pay = ["penalty", "interest", "tax"], split = "proportional" },
]
third_party = "as_owner"
litigation = "skip"
leftover = "refund_list"
credit_applies = "when_due"
least_payment = "interest_due"
partial = "whole_installment"

[[small_balance]]
waive_under = "25.00"
keep_under = "5.00"
by_vote = false

[[levy]]
per = 1000
round_to = "dollar"

[[added]]
months = "with_month_of_completion"
value_to = "dollar"
due = ["11-01", "02-01"]

[[supplement]]
year_starts = 7
factor = "exact"
value_to = "cent"

[[deduction]]
code = "007"
title = "a veteran, or a spouse"
amount = "250.00"
paid_by = "town"

[[fee]]
kind = "copy"
amount = "5.00"
then = "25.00"
rate = "2%"
least = "15.00"
most = "100.00"
free = 2

[[usage]]
kind = "water"
unit = "gallons"
base = "27.52"
included = "4.5"
blocks = [{ price = "4.79", up_to = "10.25" }, { price = "5.00" }]
averaged_over = [10, 11]

[[time_limit]]
years = 15

[[agreement]]
longest = 24
covers = "past_due"
late_days = 5
default_on = 3
good_cause = false
letter_days = 15

[[clearing]]
business_days = 10
at_once = ["Cash", "Wire"]

[[redemption]]
day_count = "actual/365"
ends = "both"
steps = [{ above = "200.00", rate = "2%" }, { above = "5000.00", rate = "4%" }]
at_step = "or_more"
bare_days = 10
rate_most = "18%"
search_most = "12.00"
subsequents = "fresh_tiers"
premium_years = 5
[[waiver]]
of = ["interest", "penalty"]
ground = "an error of the office"
by = "vote"

[[approval]]
own = "list"

[[deposit]]
days = 2

[[unclaimed]]
years = 3
counted_from = "credit"
notice_months = 12
report_by = "04-15"
named_from = "50.00"
report_to = "the Treasurer"

[[deadline]]
kind = "warrant_service"
days = 60
months = 1
years = 2

[[deadline]]
kind = "mortgagee_answer"
days = 10
business = true

[[task]]
kind = "bills"
title = "Mail the bills"
on = ["06-30", "12-31"]
opens = "06-24"
moved = "previous"

[[task]]
kind = "levy"
title = "Post the notices."
event = "sale"
before = [9, 8]
opens_before = 12
unit = "calendar_weeks"

[[bill_text]]
kind = "flood"
text = "{town}, {year}: read this."
place = "box"
stage = "final"
with_due = ["08-01", "11-01"]

[[statement]]
kind = "year"
report = "settlement"
heading = "A statement, yearly"
title = "Its part"
years = "prior"
by = "rate_bill"
counts = "when_due"
year_starts = "07-01"
lines = [
  { name = "Open, at first", of = ["opening"] },
  { name = "More", of = ["levied", "added", "corrected_up", "disallowed"] },
  { name = "Less", of = ["deductions", "abated", "canceled", "corrected_down", "waived", "suspended", "to_lien"] },
  { name = "Paid", of = ["collected", "credit", "discount"] },
]
ends = "Open"
levy_is = ["levied"]
collected_is = ["collected"]
schedules = ["suspense", "liens"]
signed_by = ["One", "Two"]

[[statement]]
kind = "year_forms"
report = "settlement"
heading = "A statement, yearly"
title = "A form"
about = "liens"
signs = "form"
apart = "part"
lines = [
  { no = "1", name = "Open, at first", of = ["opening"] },
  { no = "2", name = "This year's", of = ["lien_tax"], years = "current", types = ["RE"] },
  { no = "3", name = "The rest", of = ["lien_tax", "lien_costs"] },
  { no = "4", name = "Ended", of = ["redeemed", "assigned", "lien_canceled", "foreclosed"] },
  { no = "5", name = "By resolution", of = ["redeemed"], resolved = true },
  { no = "6", name = "Later", of = ["open"], due_later = true },
  { no = "7", name = "New", of = ["open"], months_old = 4 },
  { no = "8", name = "Left", of = ["open"] },
  { no = "9", name = "Together", adds = ["1", "-2"] },
  { no = "10", name = "In percent", percent = ["1", "2"] },
  { no = "11", name = "Of it", times = ["1", "10"] },
  { name = "Nothing", adds = ["1", "-1"], zero = true },
]

[[general_ledger]]
basis = "cash"
advance = "next_year"
available_days = 30
entries = [{ event = "deducted", debit = "Due From State", credit = "Receivable" }]

[[fiscal_year]]
starts = "07-01"
levy_years_back = 2

[[collection_rate]]
levy_is = ["levied", "corrected_down"]
collected_is = ["collected", "freed"]
rounding = "down"

[[levy_reduction]]
resolution = "2026-14, as amended"
adopted = "2026-02-10"
levy_year = 2025
adjustments = ["A-3", "A-4"]
"""

LIST = """
[[list]]
kind = "list_{method}"
title = "A list"
method = "{method}"
by = "party"
levies = ["RE", "PP"]
except_levies = ["SEWER"]
months = 6
more_than = true
above = "50.00"
measured_on = "tax"
year = "prior"
flags = ["rental"]
classes = ["4A"]
without_flags = ["owner-occupied"]
without_lien = true
leaves_out = ["bankruptcy", "agreement"]
columns = ["Owner", "Total"]
signed = ["Tax collector"]
copies = 2
"""
RELIEF = """
[[relief]]
code = "program_{method}"
title = "A program, for some"
method = "{method}"
needs = ["owner", "aged or disabled"]
age = 65
age_on = "10-01"
age_years = -1
income_most = "10000.00"
income_most_married = "15000.00"
net_worth_most = "200000.00"
apply_by = "05-15"
apply_years = 1
borne_by = "town"
spread = "second_half"
bring = "papers, all of them"
"""
PROGRAMS = {
    "deduction": 'deduction = "007"\n',
    "income_limit": 'steps = [{ share = "0%", up_to = "8000.00" }, { share = "6.5%" }]\nassessment_most = "300000.00"\n',
    "increase_cap": 'cap = "4%"\n',
    "income_share": """bands = [{ up_to = "1000.00", share = "40%", most = "500.00", least = "100.00" }]
married = [{ up_to = "2000.00", share = "50%", most = "600.00", least = "200.00" }]
""",
}
EVERYTHING += """
[[return]]
frequencies = [{ name = "monthly", ends = [1, 2] }, { name = "yearly", ends = [12] }]
due_months = 2
due_day = 20
locations = [{ code = "1701", name = "City, inside", rate = "5.5%" }]
compensation = "1%"
round_to = "cent"
"""
PARTICULAR = {
    "plain": "",
    "sale": """closes = "12-31"
years = 2
either = true
cost_fee = "cost_of_sale"
notice_fee = "sale_notice"
notices = 2
again_after = "final_demand"
again_months = 18
""",
    "register": 'register = "Suspense"\nrate_bills = true\n',
    "deadline": 'deadline = "lien_lapse"\ncounted_from = "first_due"\nwithin_months = 6\n',
    "after_notice": 'notice = "demand"\ndays = 10\n',
    "vehicles": 'register = "Hold"\n',
    "petition": 'register = "Chapter 13"\n',
    "calls": 'register = "Promise"\n',
}
EVERYTHING += "".join(RELIEF.format(method=m) + more for m, more in PROGRAMS.items())
EVERYTHING += "".join(LIST.format(method=m) + more for m, more in PARTICULAR.items())
EVERYTHING += more_settings.TEXT
