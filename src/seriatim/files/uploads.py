"""How much may be uploaded in one request: what comes beyond it is read and thrown away, and the page is told."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

#: Set in ``request.META`` when something was left out, with the limit in MB.
LEFT_OUT = "seriatim.upload_left_out"


class Bounded(FileUploadHandler):
    """Stands before the handlers that keep what comes."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass it on, or stop: the rest of the request is then read without being kept."""
        self._bytes += len(raw_data)
        if self._bytes > settings.UPLOAD_LIMIT_MB * 1024 * 1024:
            if self.request is not None:
                self.request.META[LEFT_OUT] = settings.UPLOAD_LIMIT_MB
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one have it."""
        return
