"""Files that leave the office: who is protected, and what each file withholds about that person."""
