"""Finds and reads content: by name in the project's folders, then among what ships; or by path."""

from voyaltis_flow.project.errors import ContentError, NotFoundError, ProjectError
from voyaltis_flow.project.loading import Loaded, Script, kind_named, load_catalog, load_flow, load_script, load_style
from voyaltis_flow.project.places import Project, find_project
from voyaltis_flow.project.settings import Settings, read_settings
from voyaltis_flow.project.validation import FileReport, validate

__all__ = [
    "ContentError",
    "FileReport",
    "Loaded",
    "NotFoundError",
    "Project",
    "ProjectError",
    "Script",
    "Settings",
    "find_project",
    "kind_named",
    "load_catalog",
    "load_flow",
    "load_script",
    "load_style",
    "read_settings",
    "validate",
]
