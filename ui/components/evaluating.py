"""What was measured of a rollout: what counts, what the gate makes of it, and how it went."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain import evaluations, frames
from domain.criteria import figure
from domain.evaluations import EVALUATIONS, Evaluation, Measured
from reads.rollouts import Whole
from ui import drafts, exports, rollouts
from ui.components import charts, evaluating_chart, numbers, phase_words, states, tables
from ui.components.columns import Column, Columns
from ui.components.evaluating_dialogs import EVALUATION, IMPORT, called, row
from ui.faults import escaped

COLUMNS: Columns = {
    "metric": Column("Metric", width=120),
    "of": Column("Of", width=140),
    "result": Column("Result", "number", width=70),
    "pairs": Column("Pairs", "number", width=60),
    "threshold": Column("Own threshold", "number", "Of whoever ran it; a gate has its own.", 100),
    "counts": Column("Counts", help="The newest of each metric and deployment does.", width=90),
    "means": Column("What a gate makes of it", width=300),
    "dataset": Column("Data set", width=150),
    "ran_at": Column("Ran (UTC)", "time", width=130),
    "link": Column("Link", width=160),
    "who": Column("Recorded by", width=110),
    "at": Column("Recorded (UTC)", "time", width=130),
}
OLDER: Columns = {name: it for name, it in COLUMNS.items() if name not in ("metric", "counts")}


def show(visit: Visit, view: Whole) -> None:
    """By metric: the newest with what it means, its course, and the older ones."""
    if rollouts.open_to(visit, view):
        with st.container(horizontal=True):
            for draft, label, key in (
                (EVALUATION, "Record an evaluation", "evaluation"),
                (IMPORT, "Import results", "evaluations"),
            ):
                if st.button(label, key=key):
                    drafts.begin(draft, (view.rollout.id, 0))
    if not view.evaluations:
        states.nothing("No evaluation was recorded yet.",
                       "Record the first, or paste the JSON that it wrote.")  # fmt: skip
        return
    for it in evaluations.measured(view.evaluations):
        with st.container(border=True):
            _metric(view, it)
    rows = _rows(view, view.evaluations)
    facts = {"Rollout": f"{view.rollout.title} ({view.rollout.id})"}
    exports.offer(rows, COLUMNS, "evaluations", facts)


def _metric(view: Whole, it: Measured) -> None:
    for one in it.counting:
        _counting(view, one)
    if len(it.counting) > 1:
        st.caption("A gate takes the worst of these.")
    for one in it.counting:
        if course := it.course(one.deployment):
            _course(view, course)
    if it.older:
        label = f"{numbers.counted(len(it.older), 'older result')}"
        with st.expander(label, icon=":material/history:"):
            tables.show(_rows(view, it.older), OLDER, f"older-{it.metric}", most=8,
                        alt=f"Older results of {it.metric}, the newest first")  # fmt: skip


def _counting(view: Whole, it: Evaluation) -> None:
    verdict, words = evaluations.means(it, view.rollout, view.at)
    badge = f" {phase_words.badge(str(verdict), phase_words.VERDICTS)}" if verdict else ""
    st.markdown(f"**{escaped(it.metric)}** {figure(it.value)} over "
                f"{numbers.counted(it.pairs, 'pair')}{badge}  \n{escaped(words)}")  # fmt: skip
    for said in evaluations.remarks(it, view.rollout):
        st.markdown(f":small[:orange[:material/info:] {escaped(said)}]")
    link = f" \u00b7 {escaped(it.link)}" if it.link else ""
    who = escaped(rollouts.called(view, it.said_by))
    st.caption(f"{escaped(it.dataset)} \u00b7 {escaped(called(it.deployment))} \u00b7 ran "
               f"{numbers.moment(it.ran_at)} \u00b7 recorded by {who}{link}")  # fmt: skip


def _course(view: Whole, those: Sequence[Evaluation]) -> None:
    first, last = those[0], those[-1]
    read = evaluations.read_by(view.rollout, last.metric)
    criterion = read[1] if read else None
    wanted = f", wanted {criterion.compares} {figure(criterion.threshold)}" if criterion else ""
    of = called(last.deployment) if last.deployment else "the solution as a whole"
    words = (f"{last.metric} of {of}: from {figure(first.value)} to "
             f"{figure(last.value)} in {len(those)} runs{wanted}")  # fmt: skip
    key = f"course-{last.id}"
    charts.show(evaluating_chart.figure(those, criterion), key, words, escaped(words))


def _rows(view: Whole, those: Sequence[Evaluation]) -> pd.DataFrame:
    counting = {it.id for it in evaluations.newest(view.evaluations)}
    rows = [
        {
            **row(view, it),
            "threshold": it.threshold,
            "counts": "yes" if it.id in counting else "a newer one",
            "dataset": it.dataset,
            "ran_at": it.ran_at,
            "link": it.link or None,
            "who": rollouts.called(view, it.said_by),
            "at": it.at,
        }
        for it in those
    ]
    return frames.frame(EVALUATIONS, rows)
