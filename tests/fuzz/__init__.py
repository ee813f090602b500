"""Fuzzing, ``make fuzz``: whatever stands in a log, reading it neither fails nor hangs nor makes up a source.

Polars, DuckDB and Arrow are compiled and work on whole columns: libFuzzer sees nothing of what an input does in them,
so for a format its coverage says little. There it serves as the driver that keeps time, tells a hang and keeps the
input; the mutator, which knows the samples, does the work. The folds (EVTX, XML, JSON, the journal, CSV) and the code
around the engines are Python: they are instrumented, and coverage leads.
"""
