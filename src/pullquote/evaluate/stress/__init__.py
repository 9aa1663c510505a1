"""Stress tests: changes to questions or articles that must keep, or must change, the answer."""

from pullquote.evaluate.stress.case import Cited, Stress, StressCase, rates_of, stress_jsonl
from pullquote.evaluate.stress.generate import LIMIT, generate, question_set
from pullquote.evaluate.stress.removal import copyable
from pullquote.evaluate.stress.runner import MAX_STRESSED, stress

__all__ = [
    "LIMIT",
    "MAX_STRESSED",
    "Cited",
    "Stress",
    "StressCase",
    "copyable",
    "generate",
    "question_set",
    "rates_of",
    "stress",
    "stress_jsonl",
]
