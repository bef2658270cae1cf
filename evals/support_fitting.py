"""Fit the weighed support check to RAGTruth's news summaries and write its coefficients into the package.

    python -m evals.support_fitting ../shared/data/ragtruth

Only the split `fit` is read: four fifths of the sources of upstream's train split. No sentence of it is kept, only a mean, a
scale and a coefficient for each feature. Logistic regression with a ridge, by Newton's method (iteratively reweighted least
squares): Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2nd edition, 4.4.1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import rag.adapters
from evals.datasets.ragtruth import Response, load
from evals.ragtruth import Flags, Floats, claims, parser
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.overlap import FEATURES, features
from rag.weighing import Weighing, written

MODEL = Path(rag.adapters.__file__).with_name("weighed_support.json")
_RIDGE = 1.0
_STEPS = 50


def fit(
    rows: Floats, holds: Flags, *, threshold: float, names: Sequence[str] = FEATURES, ridge: float = _RIDGE
) -> Weighing:
    """The weighing under which what is seen is likeliest, less `ridge` / 2 times the squares of the coefficients.

    Raises ValueError where it does not come to rest, as with cases of one kind only.
    """
    means, spread = rows.mean(axis=0), rows.std(axis=0)
    scales = np.where(spread < 1e-6, 1.0, spread)  # one that never changes says nothing and must not divide by nothing
    inputs = np.column_stack([(rows - means) / scales, np.ones(len(rows))])
    penalty = np.diag([ridge] * rows.shape[1] + [0.0])
    beta = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        expected = 1.0 / (1.0 + np.exp(-inputs @ beta))
        curvature = inputs.T @ (inputs * (expected * (1 - expected))[:, None]) + penalty
        step = np.linalg.solve(curvature + 1e-9 * np.eye(len(beta)), inputs.T @ (holds - expected) - penalty @ beta)
        beta += step
        if np.abs(step).max() < 1e-8:
            return Weighing(tuple(names), tuple(means), tuple(scales), tuple(beta[:-1]), float(beta[-1]), threshold)
    raise ValueError(f"the fit did not come to rest in {_STEPS} steps; are there cases of both kinds?")


def examples(responses: Sequence[Response], cited: str) -> tuple[Floats, Flags]:
    """The features of every sentence, `(sentences, features)`, and whether it is supported."""
    vectors = WordVectorCache(StaticEmbeddings())
    rows = [
        features(claim, vectors)
        for response in responses
        for claim in claims(response, vectors, "whole" if cited == "whole" else "nearest")
    ]
    labels = [not sentence.invented for response in responses for sentence in response.sentences]
    return np.asarray(rows, dtype=np.float64), np.asarray(labels, dtype=bool)


def document(weighing: Weighing, claims_seen: int, invented: int, cited: str) -> dict[str, object]:
    """What the file holds."""
    return {
        "trained_on": "RAGTruth (Niu et al., ACL 2024, MIT licence): news summaries of the train split, sources whose"
        f" number is no multiple of 5; {cited} source sentences as cited text. No text is kept.",
        "claims": claims_seen,
        "invented": invented,
        **written(weighing),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and write; print the coefficients."""
    made = parser(__doc__)
    made.add_argument("--threshold", type=float, default=0.85, help="below it a claim of an answer is unsupported")
    made.add_argument("--out", type=Path, default=MODEL)
    options = made.parse_args(arguments)
    rows, supported = examples(load(options.path, "news", "fit"), options.cited)
    weighing = fit(rows, supported, threshold=options.threshold)
    found = document(weighing, len(rows), int((~supported).sum()), options.cited)
    text = json.dumps(found, indent=2) + "\n"
    options.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
