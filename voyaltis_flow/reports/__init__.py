"""The store: what a conversation leaves, kept so that a killed agent costs nothing. Who may write it is a lease.

store = Store.open()                                # or a database URL
await store.place(order)                            # the room is started
lease = await store.take(order, "agent-7")          # a job has it; the lease goes with everything it writes
await store.append(lease, events)                   # after each turn
await store.renew(lease)                            # every second
await store.keep_report(lease, report)
await store.release(lease)                          # it is over
"""

from voyaltis_flow.reports.faults import ConversationOver, DriverMissing, LeaseHeld, LeaseLost, StoreError
from voyaltis_flow.reports.housekeeping import forget_old
from voyaltis_flow.reports.leases import Lease, Order
from voyaltis_flow.reports.overview import State, Summary
from voyaltis_flow.reports.store import Store

__all__ = [
    "ConversationOver",
    "DriverMissing",
    "Lease",
    "LeaseHeld",
    "LeaseLost",
    "Order",
    "State",
    "Store",
    "StoreError",
    "Summary",
    "forget_old",
]
