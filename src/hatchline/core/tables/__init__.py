"""Spreadsheets in and out: reading, mapping, guessing, extraction with cell addresses, marked workbooks."""
