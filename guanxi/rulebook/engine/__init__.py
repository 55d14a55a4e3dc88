"""The engine: opens duties, recognises evidence, notices absence, reminds and escalates; set by set."""

from guanxi.rulebook.engine.run import judge, judge_daily, replay

__all__ = ["judge", "judge_daily", "replay"]
