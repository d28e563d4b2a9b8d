"""The `agent` command's process tree: a supervisor, its workers, and below each worker a process per conversation.

    supervisor            health, metrics, the lease's watch, retention; no conversation runs in it
    ├── recogniser        the offline recogniser, where speech is recognised here; shared by all conversations
    └── guard × N         ends its worker with the supervisor; leads a process group
        └── worker        registered with LiveKit
            └── job       one conversation

Whatever dies is started again, and whatever loses the one above it dies with it.
"""
