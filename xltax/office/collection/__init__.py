"""Collection: the delinquent lists, the letters to those on them, liens, warrants and the year's dates."""
