"""Taking lists in: upload, mapping, preview, rows into records, questions answered, bad rows handed back.

``flow`` has the steps a page or the command line calls, ``mending`` hands bad rows back, ``engine`` decides row by
row, ``targets`` says what can be taken in and which verbs of which app do it.
"""
