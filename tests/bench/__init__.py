"""Benchmarks: every figure is a ratio to a floor measured in the same run on the same machine.

`make bench` makes municipalities of several sizes in databases of their own and runs each scenario in a
process of its own, so that its peak memory is its own too.
"""
