from jobs.registry import task


@task("inquiries.tell")
def tell(inquiry):
    pass
