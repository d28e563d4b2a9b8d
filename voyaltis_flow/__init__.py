"""Voyaltis Flow: spoken data collection that a sales manager can write."""
