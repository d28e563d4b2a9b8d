"""Breaks the product in small ways, one at a time, and looks whether `simulate` on the shipped content notices.

`python -m tests.mutants` tries a sample with a fixed seed and lists what was not noticed.
"""
