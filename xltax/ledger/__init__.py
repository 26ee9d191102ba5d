"""The ledger: one replay of bills, payments and adjustments gives every balance, and seals show changed rows."""
