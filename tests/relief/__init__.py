"""Exemptions, abatements and user fees."""
