"""Recorded conversations.

`lines` as people hand them in, `reading` through the engine, `readings` as they are kept; `comparison` of two readings
of the same words, and `side_by_side`, which reads and compares many.
"""
