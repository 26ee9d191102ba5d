"""The counter: payments shown before they are posted, posted, taken back, and the drawer they lie in."""
