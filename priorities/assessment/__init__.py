"""The rules: numbers and dates in, frozen values with reasons and arithmetic out.

Pure: no Django, no clock, no database, no words. Results carry codes and numbers; the words for
them live in ``priorities.labels``. Each room is one rule of the domain:

periods            which window a day belongs to, and the two clocks
freshness          is the item reported, and since when not (4.2)
expectation        what value is expected at a date (4.3)
metric_status      what the numbers say (4.3)
initiative_status  what an initiative shows (4.4)
rollup             counts, coverage and the scope ledger (4.5)
attainment         how far of the way, and what changed (4.6)
forecast           where the run of values is heading (4.7)
questions          whom a question waits for, and how late its answer is
voices             where owner, numbers and reviewer differ, and how far
diff               what differs between two public states
"""
