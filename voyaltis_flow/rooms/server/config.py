"""The configuration of a server that only this machine can reach."""

from __future__ import annotations

import json
import os
from typing import Any

HOST = "127.0.0.1"

_OWN_VARIABLES = (
    "LIVEKIT_KEYS",
    "LIVEKIT_REGION",
    "LIVEKIT_TURN_CERT",
    "LIVEKIT_TURN_KEY",
    "NODE_IP",
    "REDIS_HOST",
    "REDIS_PASSWORD",
    "UDP_PORT",
)


def config(port: int, udp_port: int, key: str, secret: str, level: str) -> str:
    """The configuration, as JSON (which is YAML)."""
    written: dict[str, Any] = {
        "port": port,
        "bind_addresses": [HOST],  # of HTTP alone; what follows binds the media to the loopback, too
        "rtc": {
            "tcp_port": 0,
            "udp_port": udp_port,
            "node_ip": HOST,
            "use_external_ip": False,
            "enable_loopback_candidate": True,
            "interfaces": {"includes": ["lo", "lo0"]},
            "ips": {"includes": [f"{HOST}/32"]},
        },
        "keys": {key: secret},
        "logging": {"level": level, "pion_level": "error"},
        "room": {"empty_timeout": 60, "departure_timeout": 90},
    }
    return json.dumps(written)


def environment(configuration: str) -> dict[str, str]:
    """The environment of a server: ours, but for the variables that would change the configuration."""
    ours = {name: value for name, value in os.environ.items() if name not in _OWN_VARIABLES}
    return {**ours, "LIVEKIT_CONFIG": configuration}
