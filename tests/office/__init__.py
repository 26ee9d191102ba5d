"""Bills, statements, agreements, the year's end: the desks on real workbooks."""
