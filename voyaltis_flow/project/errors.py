"""Why content can't be had."""

from __future__ import annotations

from collections.abc import Sequence

from voyaltis_flow.script.problems import Problem


class ProjectError(Exception):
    """The content that was asked for can't be had. The message is for people."""


class NotFoundError(ProjectError):
    """Nothing has that name, or the file can't be read."""


class ContentError(ProjectError):
    """The content has errors. `problems` are all of them; the message lists them, a line each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
