"""One file per task, one folder per section of the menu; no page lies directly in here."""
