"""The check on a model: what it claims of a turn, re-read in the rep's own words."""

from __future__ import annotations
