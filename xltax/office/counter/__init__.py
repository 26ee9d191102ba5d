"""The counter: payments previewed, posted, reversed or voided, and the cash drawer."""
