"""The changes. A file's name begins with its revision, and the revisions are numbers that grow."""
