"""Experiments over many networks at once: the paper's section 8, repeated so that anyone can check it.

Read the files in this order:

- `setting`: how one row of networks is trained and when a network has learned. `plan`: which rows, how many networks.
- `race`: the networks of a row in training, a stretch of epochs at a time; `training`: by NumPy, or compiled.
- `gradients`: the same for the depth experiment, which looks at gradients on the way.
- `work`: a plan cut into units, which may run anywhere and in any order, and results put together again.
- `statistics`, `claims`: what the numbers say. `report`, `__main__`, `spread`: the command line.

Network k of a row has the seed `first_seed + k` however the work is split, and trains by itself, so one plan has one
result: in slices of a frame in the page, in one process or many, or on a cluster.
"""

from .claims import Claim, claims
from .gradients import GradientNorms, GradientRace
from .outcomes import Outcomes
from .plan import PLANS, DepthPlan, Paper, Plan, RacePlan, depth, learning_rate, table3
from .race import Race
from .setting import Setting
from .statistics import Summary, histogram, summarise, wilson
from .work import Part, Results, Unit, begin, run_unit, units

__all__ = [
    "PLANS",
    "Claim",
    "DepthPlan",
    "GradientNorms",
    "GradientRace",
    "Outcomes",
    "Paper",
    "Part",
    "Plan",
    "Race",
    "RacePlan",
    "Results",
    "Setting",
    "Summary",
    "Unit",
    "begin",
    "claims",
    "depth",
    "histogram",
    "learning_rate",
    "run_unit",
    "summarise",
    "table3",
    "units",
    "wilson",
]
