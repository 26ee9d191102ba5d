"""What every Book does alike: a file, Excel and Calc."""
