"""Payment agreements: the schedule, whether it is kept, and the paper both sides sign."""
