"""The treasurer's statements: what moved, the roll-forward, collection rates and the turnover slip."""
