"""面试表达"""

from __future__ import annotations

from corpus_checks.registry import Numbers, worked


@worked("面试表达", "项目效果怎么用数字说清楚？")
def _() -> Numbers:
    weekly, daily, days, automatic = 9000, 300, 5, 80
    each = daily * days
    people = weekly / each
    rest = weekly * (100 - automatic) / 100
    old, new = 92, 95
    wrong, still = 100 - old, 100 - new
    return [
        *(weekly, daily, days, weekly, daily, days, people),
        *(automatic, rest, rest, each, rest / each, people - rest / each),
        *(old, new, new - old, wrong, still, 100 * (wrong - still) / wrong),
    ]
