"""Vendors on 127.0.0.1: they speak the wire protocol of the real ones, and fail on demand."""
