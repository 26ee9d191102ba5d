"""Controls: the proof of the workbook, the auditor's pack, the parallel run, and other people's printed figures."""
