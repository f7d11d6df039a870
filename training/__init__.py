"""How the bundled embedder is made: count, cut, start from a teacher, train, average, truncate, judge.

`python -m training --data DIR` runs it; `DIR` holds `data/train` and, for the scores, `data/eval`. Nothing of the
product imports this package.
"""
