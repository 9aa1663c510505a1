"""An article with all that is computed of it, as it goes into an index and comes out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pullquote.types import Article

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Embedded:
    """An article with all that is computed from it.

    ``sentences`` has the columns start, end, paragraph and heading, ``passages`` the first and
    last sentence, both counted from 0 within the article. A passage has a vector of length 1.
    """

    article: Article
    digest: str
    sentences: NDArray[np.int32]
    passages: NDArray[np.int32]
    passage_vectors: NDArray[np.float16]
    signature: bytes
