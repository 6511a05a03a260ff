from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, also in the `import` lines of our ES modules: there is no bundler."""

    support_js_module_import_aggregation = True
