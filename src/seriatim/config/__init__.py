"""Settings, URLs and the WSGI entry point: how the parts are put together, and no rule of the trade."""
