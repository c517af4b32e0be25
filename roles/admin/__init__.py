from . import questionnaires, taxonomy

__all__ = ["questionnaires", "taxonomy"]
