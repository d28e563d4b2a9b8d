"""What a long-running program does for the store beside its work."""

from __future__ import annotations

import asyncio
import logging
import time

from voyaltis_flow.reports.faults import StoreError
from voyaltis_flow.reports.store import Store

DAY = 86_400.0
HOUR = 3_600.0

log = logging.getLogger(__name__)


async def forget_old(store: Store, days: int, every: float = HOUR) -> None:
    """Forgets the conversations that are older than so many days, now and then every hour. Ends when it is cancelled.

    A store that fails is told in the log and tried again the next time.
    """
    while True:
        try:
            forgotten = await store.forget_before(time.time() - days * DAY)
        except StoreError as error:
            log.error("retention_failed: %s", error)
        else:
            log.info("retention_done: %d conversations forgotten, older than %d days", forgotten, days)
        await asyncio.sleep(every)
