"""Billing: from the assessor's roll and the year's rates to the tax duplicate and the printed bills."""
