"""Suppression, penalties and per-sentence scores inside transformers' ``generate()``, as CTranslate2 has them.

In a beam search transformers changes log-probabilities and leaves it at that; CTranslate2 changes the logits and
takes the softmax afterwards, so that what a forbidden token had goes to the others.  Here the two agree.

``output_scores=True`` would keep a vocabulary-wide tensor per step (gigabytes for a batch of beams);
this keeps one step and sums as it goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

_LARGE_SHARE: Final = 0.5
"""Probability beyond which what is left is too small to be scaled up exactly."""
_NO_SHARE: Final = 1e-7


class ScoreKeeper:
    """A ``LogitsProcessor`` that forbids and penalises tokens and remembers the score of every prefix decoded.

    It must come after those that forbid repeated n-grams and force the language, as custom processors do.
    """

    def __init__(
        self,
        suppressed: Sequence[int],
        *,
        eos: int,
        forced: int,
        beam: int,
        device: Any,
        min_tokens: int = 0,
        repetition_penalty: float = 1.0,
        renormalise: bool = False,
    ) -> None:
        """
        Args:
            suppressed: Token ids that may not be written.
            eos: End-of-sentence id.
            forced: Tokens forced after the decoder's start token; they carry no score.
            beam: Rows per sentence.  With one, ``generate`` hands over raw logits, else log-probabilities.
            device: Where the scores are.
            min_tokens: Output tokens before the sentence may end.
            repetition_penalty: Logits of tokens already written are divided by this, negative ones multiplied; with a
                beam ``see`` must be given the logits of every step.
            renormalise: Other processors forbid tokens, too.
        """
        import torch

        self._columns: Final = torch.tensor(list(suppressed), dtype=torch.long, device=device)
        self._early: Final = torch.tensor([*suppressed, eos], dtype=torch.long, device=device)
        self._min_tokens: Final = min_tokens
        self._penalty: Final = repetition_penalty
        self._renormalise: Final = renormalise
        self._logits: Any = None
        self._eos: Final = eos
        self._prompt: Final = 1 + forced
        self._beam: Final = beam
        self._last: Any = None
        self._shift: Any = None
        # Keys are a sentence's row in the batch followed by the output tokens so far.
        self._rows: dict[tuple[int, ...], int] = {}
        self._sums: dict[tuple[int, ...], float] = {}
        self._ends: dict[tuple[int, ...], float] = {}

    def see(self, logits: Any) -> None:
        """Take note of a step's raw logits, (rows, steps, vocabulary)."""
        self._logits = logits[:, -1].float()

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        columns = self._early if input_ids.shape[1] - self._prompt < self._min_tokens else self._columns
        if self._penalty != 1:
            scores = self._penalise(input_ids, scores)
            scores.index_fill_(1, columns, float("-inf"))
            scores = scores.log_softmax(dim=-1) if self._beam > 1 else scores
        elif len(columns):
            scores = self._forbid(scores, columns)
        if input_ids.shape[1] < self._prompt:
            return scores
        keys = [(row // self._beam, *ids[self._prompt :]) for row, ids in enumerate(input_ids.tolist())]
        sums = dict.fromkeys(keys, 0.0) if self._last is None else dict(zip(keys, self._step(keys), strict=True))
        self._last = scores
        self._shift = scores.logsumexp(dim=-1) if self._beam == 1 else None
        ends = scores[:, self._eos] if self._shift is None else scores[:, self._eos] - self._shift
        self._rows = {key: row for row, key in enumerate(keys)}
        self._sums = sums
        for key, end in zip(keys, ends.tolist(), strict=True):
            self._ends[key] = sums[key] + end
        return scores

    def _penalise(self, input_ids: Any, scores: Any) -> Any:
        """The step's logits, with a penalty on what the row has written; the start token is not written."""
        import torch

        logits = scores if self._beam == 1 else self._logits
        written = input_ids[:, 1:]
        if written.shape[1]:
            found = logits.gather(1, written)
            logits = logits.scatter(1, written, torch.where(found < 0, found * self._penalty, found / self._penalty))
        # What the processors before this one have forbidden stays so.
        return logits.masked_fill(scores == float("-inf"), float("-inf"))

    def _forbid(self, scores: Any, columns: Any) -> Any:
        """Take the forbidden tokens out and share their probability out among the others."""
        taken = scores[:, columns].exp().sum(dim=-1, keepdim=True) if self._beam > 1 else None
        scores.index_fill_(1, columns, float("-inf"))
        if taken is None:
            return scores
        if self._renormalise:
            return scores.log_softmax(dim=-1)
        most = taken.max().item()
        if most > _LARGE_SHARE:
            return scores.log_softmax(dim=-1)
        # Exact, and far cheaper than a softmax over the vocabulary at every step.
        return scores.sub_((-taken).log1p()) if most > _NO_SHARE else scores

    def _step(self, keys: Sequence[tuple[int, ...]]) -> list[float]:
        rows = [self._rows[key[:-1]] for key in keys]
        gained = self._last[rows, [key[-1] for key in keys]]
        if self._shift is not None:
            gained = gained - self._shift[rows]
        return [self._sums[key[:-1]] + gain for key, gain in zip(keys, gained.tolist(), strict=True)]

    def mean(self, sentence: int, ids: tuple[int, ...], *, ended: bool) -> float | None:
        """Log-probability per token of an output, end of sentence counted; ``None`` if it was never scored."""
        key = (sentence, *ids)
        if ended:
            total = self._ends.get(key)
            return None if total is None else total / (len(ids) + 1)
        if not ids or key[:-1] not in self._rows:
            return None
        return self._step([key])[0] / len(ids)
