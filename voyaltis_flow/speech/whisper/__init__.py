"""The offline recogniser: a Whisper model in a process of its own, shared by all conversations of a machine."""
