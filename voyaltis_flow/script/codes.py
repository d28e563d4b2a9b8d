"""The codes of what can be wrong with a file before anybody asks what it means: its text, its YAML, its shape."""

from __future__ import annotations

from voyaltis_flow.script.problems import code

UNREADABLE = code("VF100", "A file that can't be opened")
NOT_TEXT = code("VF101", "Not a text in UTF-8")
CONTROL_CHARACTER = code("VF102", "A control character")
TOO_LARGE = code("VF103", "Too large")
EMPTY = code("VF104", "Nothing in it")
SEVERAL_DOCUMENTS = code("VF105", "Several documents in one file")
NOT_A_MAPPING = code("VF106", "Not a list of keys and values")
SYNTAX = code("VF107", "Not YAML")
TAB = code("VF108", "A tab where spaces belong")
TOO_DEEP = code("VF109", "Nested too deeply")
ALIAS_BOMB = code("VF110", "Aliases that unfold without end")
UNKNOWN_ALIAS = code("VF111", "An alias for nothing")
DUPLICATE_KEY = code("VF112", "The same key twice")
TAG = code("VF113", "A YAML tag")
ODD_KEY = code("VF114", "A key that is not text")
MERGE = code("VF115", "A merge of what is no mapping")
UNKNOWN_KIND = code("VF116", "Neither a flow, nor a style, nor a catalog, nor scenarios")
VERSION = code("VF117", "A version that is not known")
OLDER_VERSION = code("VF118", "An older version of the format", "warning")

UNKNOWN_KEY = code("VF120", "An unknown key")
MISSING_KEY = code("VF121", "A key that is missing")
WRONG_TYPE = code("VF122", "Another kind of value than is wanted")
NOT_ONE_OF = code("VF123", "None of the values that there are")
OUT_OF_RANGE = code("VF124", "Too much, too little, too many, too few")
BAD_NAME = code("VF125", "A name that can't be one")
