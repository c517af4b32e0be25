"""Addresses of static files, computed once: their names change with their content, and a process serves one release."""

from functools import cached_property

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    @cached_property
    def addresses(self):
        return {}

    def url(self, name, force=False):
        if force or name not in self.addresses:
            self.addresses[name] = super().url(name, force)
        return self.addresses[name]
