"""Payment agreements: the schedule, the payments received, and the printed agreement that both sides sign."""
