"""Terms, names and numbers: what is known in English before a model is asked."""

from pipeline.terms import names
from pipeline.terms.lexicon import Lexicon, default_files
from pipeline.terms.projection import compose, project

__all__ = ["Lexicon", "compose", "default_files", "names", "project"]
