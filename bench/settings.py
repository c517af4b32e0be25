"""The settings of the portal, with one more address: a view that does nothing."""

from config.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "bench.urls"
