"""Soon."""

from ui import door

visit = door.enter(__file__)
