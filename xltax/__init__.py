"""xltax: functions, workbooks and controls for the municipal tax collector's office."""

__version__ = "0.1.0"
