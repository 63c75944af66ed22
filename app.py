"""The console: the guard in front, the frame behind, jobs and simulator beside them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

import wiring
from ui import entrance, faults, guard, health, session

console = session.wiring()  # here, so that a wrong setting stops the start before it begins
guard.stop_unless_safe(console.settings)
entrance.prepare(console)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    with wiring.running(console):
        yield


app = st.App(
    "ui/frame.py",
    lifespan=lifespan,
    routes=health.Health(console).routes(),
    middleware=[guard.before(console)],
    secrets=entrance.secrets(console),
    on_script_error=faults.unforeseen,
)
