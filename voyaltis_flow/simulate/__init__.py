"""Conversations with reps who are not there: scripted word by word, or made up from a seed. No model, no network.

`scripted` holds a script's steps against what they expect; `facts`, `rep` and `phrases` make a rep up, `noise` and
`chaos` what comes between; `simulated` holds one such conversation, `scoring` compares it with what was hidden, and
`figures` sums up. `runs` does many, on all cores.
"""
