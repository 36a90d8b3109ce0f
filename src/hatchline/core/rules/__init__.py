"""The law as code: documents of criteria, read four ways (explained, over whole populations, as prose, as what-if).

A document is loaded (`load`), bound to a day and to parameter values (`bind` gives a `Plan`), and the plan is
evaluated: `scalar`, `reckon` and `explain` for one subject, `vector`, `kernel` and `columnar` for populations. All of
them read the same plan (`plan`), a small language of whole numbers and three-valued statements.
"""
