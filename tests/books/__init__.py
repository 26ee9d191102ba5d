"""Small workbooks for the tests, and what another program may do to them."""
