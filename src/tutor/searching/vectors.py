"""FAISS over vectors that never change: an exact form, and a clustered one for very many.

Objects here are filled once and then only searched, which FAISS allows from many threads; a change makes a new object.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tutor.protocols import Array, Vectors

EXACT_UP_TO = 200_000
"""Vectors; beyond, exact search takes more than about 9 ms."""
POINTS_A_LIST = 39
"""Fewest vectors for each cluster; FAISS asks for as many."""
LISTS_SEARCHED = 1 / 4
"""Share of the clusters that a query looks into; vectors of meaning cluster badly, so it is large."""
TRAINED_ON = 64
"""Vectors for each cluster that clustering looks at."""
CHUNK = 16_384
"""Rows widened to float32 at a time."""


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """A filled FAISS index; `ids[i]` is the store's id of its i-th vector, ascending.

    `exact`: all are compared, and by their stored numbers; otherwise some are, roughly.
    """

    ids: npt.NDArray[np.int64]
    index: Any
    exact: bool

    def search(self, vector: Vectors, k: int, usable: npt.NDArray[np.bool_] | None) -> tuple[Array, Vectors]:
        """The ids and inner products of (about) the `k` nearest of the `usable` vectors, (n,) bool, nearest first."""
        import faiss as untyped

        faiss: Any = untyped  # its stubs do not know the search parameters' arguments
        if not len(self.ids) or not k:
            return self.ids[:0], np.zeros(0, dtype=np.float32)
        faiss.omp_set_num_threads(1)  # for this thread; one query is not worth waking others
        bits = None if usable is None else np.packbits(usable, bitorder="little")
        selector = None if bits is None else faiss.IDSelectorBitmap(bits)
        if not self.exact:
            parameters = faiss.SearchParametersIVF(nprobe=max(1, int(LISTS_SEARCHED * self.index.nlist)), sel=selector)
        else:
            parameters = faiss.SearchParameters(sel=selector)
        scores, places = self.index.search(vector[None, :], min(k, len(self.ids)), params=parameters)
        found = places[0] >= 0
        return self.ids[places[0][found]], scores[0][found]


def build(ids: npt.NDArray[np.int64], matrix: Array, exact_up_to: int = EXACT_UP_TO) -> VectorIndex:
    """`matrix`: (n, dim) float16, a row for each id."""
    import faiss

    n, dim = matrix.shape
    exact = n <= exact_up_to
    index: Any
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    if exact:
        index = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        index.train(np.zeros((1, dim), dtype=np.float32))
    else:
        lists = max(1, min(int(4 * np.sqrt(n)), n // POINTS_A_LIST))
        kind = faiss.ScalarQuantizer.QT_8bit
        index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dim), dim, lists, kind, faiss.METRIC_INNER_PRODUCT)
        sample = np.random.default_rng(0).permutation(n)[: TRAINED_ON * lists]
        index.train(matrix[np.sort(sample)].astype(np.float32))
    for start in range(0, n, CHUNK):
        index.add(matrix[start : start + CHUNK].astype(np.float32))
    return VectorIndex(ids, index, exact)
