"""What an answer costs, one value a case; None where it was not measured. Times of a busy machine say little."""

from __future__ import annotations

from evals.cases import Case
from evals.results import Result


def seconds(_: Case, result: Result) -> float | None:
    """From asking to the whole answer, as the caller sees it."""
    return result.seconds


def first_claim(_: Case, result: Result) -> float | None:
    """Seconds from asking to the first sentence; None for an abstention and where the service does not stream."""
    return result.first_claim_s


def tokens(_: Case, result: Result) -> float | None:
    """Tokens read and written, as the provider counts them; None where no chat model was asked."""
    if result.reply is None or not result.reply.usage:
        return None
    usage = result.reply.usage
    return float(usage.get("total_tokens") or sum(usage.values()))
