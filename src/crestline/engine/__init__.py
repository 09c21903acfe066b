"""Engines play a workload along a timeline in simulated time."""
