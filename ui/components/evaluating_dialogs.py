"""Record what an evaluation found."""

from collections.abc import Callable

import streamlit as st

from actions import evaluate
from actions.rollout import LONGEST
from actions.visit import Visit
from reads.rollouts import Whole
from ui import drafts, rollouts
from ui.components import dialogs
from ui.components.cost_rules import confirmed

EVALUATION = "record-evaluation"


def show(page: str, view: Whole) -> None:
    """Draw the dialog that is open, if it is about this rollout."""
    drawn: dict[str, tuple[str, Callable[..., None]]] = {
        EVALUATION: ("What was measured?", _evaluation),
    }
    for draft, (question, draw) in drawn.items():
        if (told := drafts.begun(draft)) and told[0] == view.rollout.id:
            dialogs.show(page, draft, question, draw, view, told[1])
            return


def _evaluation(visit: Visit, view: Whole, _: int) -> None:
    ours = ["", *view.rollout.deployments]
    deployment = str(st.selectbox("Of", ours, key="evaluation-of", format_func=lambda it: (
        rollouts.short(it) if it else "The solution as a whole")))  # fmt: skip
    metric, dataset = _text("Metric", "evaluation-metric"), _text("Data set", "evaluation-dataset")
    value = st.number_input("Result", value=None, key="evaluation-value")
    pairs = st.number_input(
        "Pairs of question and answer", 1, None, None, 1, key="evaluation-pairs"
    )
    link = _text("Link", "evaluation-link")

    def act() -> str:
        assert value is not None
        assert pairs is not None
        evaluate.record(visit, view.rollout.id, deployment=deployment, dataset=dataset,
                        metric=metric, value=float(value), pairs=int(pairs),
                        ran_at=visit.clock(), link=link)  # fmt: skip
        return f"The evaluation of {metric} is recorded."

    fits = bool(metric.strip() and dataset.strip()) and value is not None and pairs is not None
    confirmed("Record it", "evaluation-confirm", fits, act, EVALUATION)


def _text(label: str, key: str) -> str:
    return str(st.text_input(label, key=key, max_chars=LONGEST))
