"""The settings of the portal, and the sample app: what the workers of the tests run with."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.jobs.sample"]
