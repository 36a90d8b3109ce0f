"""Ventures in the console: the list, one venture and its stays, and the forms of every verb an official may do."""
