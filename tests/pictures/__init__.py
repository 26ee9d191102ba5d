"""`./run pictures`: the pictures of docs/."""
