"""Adjustments: abatements, corrections, waivers, refunds, and the relief programs that lead to them."""
