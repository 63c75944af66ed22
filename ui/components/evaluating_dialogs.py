"""Record what an evaluation found, by form or from its JSON."""

from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from actions import evaluate
from actions.visit import Visit
from domain import evaluation_entries, evaluations
from domain.criteria import Kind
from domain.evaluation_entries import NAMES, Usual
from domain.evaluations import LONGEST, Evaluation
from reads.rollouts import Whole
from ui import drafts, rollouts
from ui.components import dialogs, numbers, surveying, tables
from ui.components.columns import Column, Columns
from ui.components.cost_rules import confirmed
from ui.faults import escaped

EVALUATION, IMPORT = "record-evaluation", "import-evaluations"
FOUND: Columns = {
    "metric": Column("Metric", width=110),
    "of": Column("Of", width=150),
    "result": Column("Result", "number", width=70),
    "pairs": Column("Pairs", "number", width=60),
    "means": Column("What a gate makes of it", width=330),
}
SHAPES = (
    f"One object or a list of objects with the names {', '.join(NAMES)}; or the file that "
    "evaluate() of the Azure AI Evaluation SDK writes, with its metrics and rows."
)


def show(page: str, view: Whole) -> None:
    """Draw the dialog that is open, if it is about this rollout."""
    drawn: dict[str, tuple[str, Callable[..., None]]] = {
        EVALUATION: ("What was measured?", _evaluation),
        IMPORT: ("What has the evaluation written?", _import),
    }
    for draft, (question, draw) in drawn.items():
        if (told := drafts.begun(draft)) and told[0] == view.rollout.id:
            dialogs.show(page, draft, question, draw, view)
            return


def _evaluation(visit: Visit, view: Whole) -> None:
    ours = ["", *view.rollout.deployments]
    left, right = st.columns(2)
    with left:
        deployment = str(st.selectbox("Of", ours, key="evaluation-of", format_func=called))
        dataset = _text("Data set", "evaluation-dataset")
        value = st.number_input("Result", value=None, key="evaluation-value", format="%g")
        ran_at = _ran_at(visit, "evaluation-ran", visit.clock())
    with right:
        metric = _text("Metric", "evaluation-metric", _read(view))
        pairs = st.number_input(
            "Pairs of question and answer", 1, None, None, 1, key="evaluation-pairs",
            help="The size of the data set: questions with an answer to compare with.",
        )  # fmt: skip
        threshold = st.number_input("Threshold of whoever ran it", value=None,
                                    key="evaluation-threshold", format="%g",
                                    help="If there was one. A gate has its own.")  # fmt: skip
        link = _text("Link", "evaluation-link", "Where the run can be looked at.")
    ready = bool(metric.strip() and dataset.strip())
    if not ready or value is None or pairs is None or ran_at is None:
        confirmed("Record it", "evaluation-confirm", False, str, EVALUATION)
        return
    it = Evaluation(
        view.rollout.id, deployment, dataset, evaluations.metric(metric), float(value),
        threshold, int(pairs), link, ran_at, "", visit.clock(),
    )  # fmt: skip
    worded(view, it)

    def act() -> str:
        evaluate.record(visit, it.rollout, deployment=it.deployment, dataset=it.dataset,
                        metric=it.metric, value=it.value, pairs=it.pairs, ran_at=it.ran_at,
                        threshold=it.threshold, link=it.link)  # fmt: skip
        return f"The evaluation of {it.metric} is recorded."

    confirmed("Record it", "evaluation-confirm", it.ran_at <= it.at, act, EVALUATION)


def _import(visit: Visit, view: Whole) -> None:
    st.caption(SHAPES)
    text = str(st.text_area("JSON", key="import-text", height=180, max_chars=1_000_000))
    left, right = st.columns(2)
    with left:
        dataset = _text("Data set", "import-dataset", "Of results that do not name theirs.")
    with right:
        ran_at = _ran_at(visit, "import-ran", None, "Of results that do not say it. ")
    usual = Usual("", visit.clock(), dataset, ran_at)
    read = evaluation_entries.read(text, view.rollout, view.evaluations, usual)
    told = bool(text.strip())
    if read.good:
        rows = pd.DataFrame([row(view, it) for it in read.good])
        tables.show(rows, FOUND, "import-found", most=5, alt="Results that can be recorded")
    agreed = not (told and read.wrong) or surveying.report(read.wrong, len(read.good), "import")

    def act() -> str:
        kept = evaluate.record_many(visit, view.rollout.id, text, dataset=dataset, ran_at=ran_at,
                                    good_only=bool(read.wrong))  # fmt: skip
        left = f"; {numbers.counted(len(read.wrong), 'result')} left out" if read.wrong else ""
        return f"{numbers.counted(kept, 'result')} recorded{left}."

    many = numbers.counted(len(read.good), "result")
    confirmed(f"Record {many}", "import-confirm", told and bool(read.good) and agreed, act, IMPORT)


def called(deployment: str) -> str:
    """What was measured, in words."""
    return rollouts.short(deployment) if deployment else "The solution as a whole"


def row(view: Whole, it: Evaluation) -> dict[str, object]:
    """Of a table of results."""
    _, words = evaluations.means(it, view.rollout, view.at)
    said = " ".join([words, *evaluations.remarks(it, view.rollout)])
    return {"metric": it.metric, "of": called(it.deployment), "result": it.value,
            "pairs": it.pairs, "means": said}  # fmt: skip


def worded(view: Whole, it: Evaluation) -> None:
    """What a gate will make of it, before it is recorded."""
    if it.ran_at > it.at:
        st.warning("It ran in the future.", icon=":material/block:")
        return
    _, words = evaluations.means(it, view.rollout, view.at)
    for said in (words, *evaluations.remarks(it, view.rollout)):
        st.caption(escaped(said))


def _read(view: Whole) -> str:
    """Which metrics the gates of the rollout read."""
    those = dict.fromkeys(
        evaluations.metric(it.reads)
        for phase in view.rollout.phases
        for it in phase.criteria
        if it.kind is Kind.EVALUATION
    )
    if not those:
        return "No gate of this rollout reads an evaluation."
    return f"The gates of this rollout read {', '.join(those)}."


def _ran_at(visit: Visit, key: str, usual: datetime | None, said: str = "") -> datetime | None:
    """A time in UTC; None where none is chosen."""
    picked = st.datetime_input(
        "Ran at (UTC)", usual.replace(tzinfo=None) if usual else None, key=key,
        format="YYYY-MM-DD", help=f"{said}It is {numbers.moment(visit.clock())} now.",
    )  # fmt: skip
    return picked.replace(tzinfo=UTC) if picked else None


def _text(label: str, key: str, help: str | None = None) -> str:
    return str(st.text_input(label, key=key, max_chars=LONGEST, help=help))
