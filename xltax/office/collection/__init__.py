"""Collection: the delinquent lists, the letters to the people on them, liens, warrants and the year's dates."""
