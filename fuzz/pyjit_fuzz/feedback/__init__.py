"""Feedback: which programs reached something new in the JIT, and which of them to breed from.

Contract. Everything here is pure: it knows neither interpreters nor folders, and the same
programs in the same order lead to the same choices. ``campaign/steering.py`` feeds it.
"""

from pyjit_fuzz.feedback.distil import distil
from pyjit_fuzz.feedback.features import Feature, Rarity, features_of
from pyjit_fuzz.feedback.pool import Kept, Pool
from pyjit_fuzz.feedback.ways import Balance, Ways

__all__ = ["Balance", "Feature", "Kept", "Pool", "Rarity", "Ways", "distil", "features_of"]
