"""The inbox and the calendar, the same for console and desk: both mount ``inbox.routes()``."""
