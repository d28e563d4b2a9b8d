"""Words and sound, with no room in it: an offline voice, an offline recogniser, and the names that may come up."""
