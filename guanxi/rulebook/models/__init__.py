"""Tables of the rulebook."""

from guanxi.rulebook.models.assessments import Assessment
from guanxi.rulebook.models.clauses import Clause, ClauseVersion
from guanxi.rulebook.models.documents import Article, ArticleRevision, Regulation
from guanxi.rulebook.models.duties import Duty, DutyRun, DutyStep
from guanxi.rulebook.models.goals import Goal
from guanxi.rulebook.models.processes import ProcessStep

__all__ = [
    "Article", "ArticleRevision", "Assessment", "Clause", "ClauseVersion", "Duty", "DutyRun", "DutyStep", "Goal",
    "ProcessStep", "Regulation",
]  # fmt: skip
