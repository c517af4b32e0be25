from datetime import time

from jobs.registry import periodic, task

from . import files


@task("inquiries.tell")
def tell(inquiry):
    pass


@periodic("inquiries.sweep_files", daily_at=time(3, 50))
def sweep_files():
    files.sweep()
