from datetime import time

from jobs.registry import periodic

from . import answers


@periodic("roles.forget_counted_answers", daily_at=time(3, 50))
def forget_counted_answers():
    answers.forget()


@periodic("roles.settle_answers", daily_at=time(3, 40))
def settle_answers():
    answers.settle()
