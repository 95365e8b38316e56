"""Terms, names and numbers: what is known in English before a model is asked."""

from pipeline.terms import names
from pipeline.terms.lexicon import Lexicon, default_files
from pipeline.terms.projection import Figures, compose, project, settled

__all__ = ["Figures", "Lexicon", "compose", "default_files", "names", "project", "settled"]
