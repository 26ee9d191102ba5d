"""What may leave the office: who is protected, and how each file given to others withholds that person."""
