"""A rep made of software, for tests and for `voyaltis-flow call`: speaks, hears, and collects what comes."""

from voyaltis_flow.rooms.participant.changes import Overdue
from voyaltis_flow.rooms.participant.lines import Line, LinesError, read_lines
from voyaltis_flow.rooms.participant.microphone import Said
from voyaltis_flow.rooms.participant.participant import Denied, HungUp, Participant
from voyaltis_flow.rooms.participant.script import Exchange, NoAgent, Patience, Refused, Script
from voyaltis_flow.rooms.participant.streams import AgentError, Progress, Report, Words
from voyaltis_flow.rooms.participant.turns import Turn, timings, transcribed, turns
from voyaltis_flow.rooms.participant.voices import Voice

__all__ = [
    "AgentError",
    "Denied",
    "Exchange",
    "HungUp",
    "Line",
    "LinesError",
    "NoAgent",
    "Overdue",
    "Participant",
    "Patience",
    "Progress",
    "Refused",
    "Report",
    "Said",
    "Script",
    "Turn",
    "Voice",
    "Words",
    "read_lines",
    "timings",
    "transcribed",
    "turns",
]
