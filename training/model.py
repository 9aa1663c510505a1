"""The reader's network, and the loss that makes its scores comparable across passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from pullquote.network import Network
from training.encode import MAX_TOKENS, Batch, Encoded, pad

if TYPE_CHECKING:
    from pullquote.network import Floats, Integers

_NEVER = torch.finfo(torch.float32).min


@dataclass(frozen=True, slots=True)
class Scores:
    """What one sequence gives to the loss.

    ``own`` is the cross-entropy of its start and end among its tokens and null. ``gold`` and
    ``total`` have shape ``(2,)``, for start and end: the logit of the answer, and the
    log-sum-exp over the passage without null.
    """

    own: torch.Tensor
    gold: torch.Tensor
    total: torch.Tensor


def open_model(folder: Path) -> Any:
    """A ``BertForQuestionAnswering`` on the weights of ``folder``, without dropout."""
    from transformers import BertForQuestionAnswering
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    return BertForQuestionAnswering.from_pretrained(
        folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, dtype=torch.float32
    )


def logits(model: Any, batch: Batch, bfloat16: bool = False) -> torch.Tensor:
    """Shape ``(sequences, length, 2)``: start and end; what is neither passage nor null is out.

    With ``bfloat16`` the matrices are multiplied in it; the weights and the heads stay in float32.
    """
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
        hidden = model.bert(
            input_ids=batch.ids, attention_mask=batch.attention, token_type_ids=batch.types
        )[0]
    both: torch.Tensor = model.qa_outputs(hidden.float())
    allowed = batch.passage.clone()
    allowed[:, 0] = True
    return both.masked_fill(~allowed[:, :, None], _NEVER)


def score(
    model: Any, sequences: Sequence[Encoded], bfloat16: bool = False, at_once: int = 12
) -> list[Scores]:
    """Run the sequences through the model, those of like length together; in their own order."""
    order = sorted(range(len(sequences)), key=lambda i: len(sequences[i].ids))
    result: dict[int, Scores] = {}
    for begin in range(0, len(order), at_once):
        rows = order[begin : begin + at_once]
        batch = pad([sequences[i] for i in rows])
        both = logits(model, batch, bfloat16)
        targets = torch.tensor([(sequences[i].start, sequences[i].end) for i in rows])
        own = functional.cross_entropy(both, targets, reduction="none").sum(dim=1)
        gold = both.gather(1, targets[:, None, :])[:, 0]
        total = both.masked_fill(~batch.passage[:, :, None], _NEVER).logsumexp(dim=1)
        for row, i in enumerate(rows):
            result[i] = Scores(own[row], gold[row], total[row])
    return [result[i] for i in range(len(sequences))]


def shared(group: Sequence[Scores]) -> torch.Tensor:
    """Minus the log-probability of the answer among all passages of the question, without null.

    The first of ``group`` holds the answer. Shared normalisation: Clark and Gardner, "Simple and
    Effective Multi-Paragraph Reading Comprehension", ACL 2018.
    """
    total = torch.stack([it.total for it in group]).logsumexp(dim=0)
    return (total - group[0].gold).sum()


def as_network(model: Any, tokenizer: Tokenizer, bfloat16: bool = False) -> Network:
    """A model in training as the product runs its network."""

    def run(ids: Integers, attention: Integers, types: Integers) -> tuple[Floats, Floats]:
        with (
            torch.inference_mode(),
            torch.autocast("cpu", torch.bfloat16, enabled=bfloat16),
        ):
            output = model(
                input_ids=torch.from_numpy(ids),
                attention_mask=torch.from_numpy(attention),
                token_type_ids=torch.from_numpy(types),
            )
        return output.start_logits.float().numpy(), output.end_logits.float().numpy()

    return Network("in-training", "", tokenizer, MAX_TOKENS, run)
