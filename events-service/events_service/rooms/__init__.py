"""Rooms to look at before an event has one."""
