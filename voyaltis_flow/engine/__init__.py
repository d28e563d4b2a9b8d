"""One conversation as a machine that is fed words and returns events. `conversation` is its front door.

A turn goes through these, in order: `perceive` (what the words say), `decide` (what to do next), `utterance`, `plan`
and `wording` (the style's words for it), `prompt` (what a model is told), `stream`, `sentences` and `speech` (its reply
as it comes), `check`, `hooks` and `merge` (what of it is recorded), `heard` (what reached the rep), `events` and
`state` (what has happened). `report` is what comes out.
"""
