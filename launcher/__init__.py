"""What the make targets run: environment, database server, preparation, serving.

Only the standard library, because it runs before anything is installed.
"""
