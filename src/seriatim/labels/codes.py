"""Codes as modules: which squares, or bars, are dark. Drawn by zxing-cpp; nothing here knows of paper. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import zxingcpp

from seriatim.labels.contents import NotEncodable
from seriatim.labels.templates import CodeType

_FORMATS = {
    CodeType.QR: zxingcpp.BarcodeFormat.QRCode,
    CodeType.DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    CodeType.GS1_DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    CodeType.GS1_128: zxingcpp.BarcodeFormat.Code128,
    CodeType.CODE128: zxingcpp.BarcodeFormat.Code128,
}
#: Quiet zone on each side, in modules: ISO/IEC 18004 (QR), 16022 (DataMatrix), 15417 (Code 128, left and right).
_QUIET = {
    CodeType.QR: 4,
    CodeType.DATAMATRIX: 1,
    CodeType.GS1_DATAMATRIX: 1,
    CodeType.GS1_128: 10,
    CodeType.CODE128: 10,
}
#: The smallest modules, in millimetres, that ordinary scanners and phones read: two dots at 200 dpi (GS1 General
#: Specifications 5.12.3 begin there too), and 7.5 mil for plain bars.
READABLE_MM = {
    CodeType.QR: 0.25,
    CodeType.DATAMATRIX: 0.25,
    CodeType.GS1_DATAMATRIX: 0.25,
    CodeType.GS1_128: 0.25,
    CodeType.CODE128: 0.19,
}
#: QR Code's error correction: M repairs 15 % of damage, at hardly more room than L.
QR_LEVEL = "M"


@dataclass(frozen=True, slots=True)
class Matrix:
    """A code's modules, a byte each (0 is dark), row by row, without the quiet zone. Linear codes have one row."""

    type: CodeType
    width: int
    height: int
    cells: bytes

    @property
    def quiet(self) -> int:
        """Modules that have to stay white on each side; for linear codes left and right only."""
        return _QUIET[self.type]

    @property
    def quiet_rows(self) -> int:
        """The same above and below."""
        return 0 if self.type.is_linear else self.quiet

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """The dark modules as horizontal runs: column, row, how many."""
        for row in range(self.height):
            line = self.cells[row * self.width : (row + 1) * self.width]
            start = line.find(0)
            while start >= 0:
                end = line.find(255, start)
                end = self.width if end < 0 else end
                yield start, row, end - start
                start = line.find(0, end)


@lru_cache(maxsize=64)
def matrix(type_: CodeType, content: str) -> Matrix:
    """The modules of a code; GS1 contents are bracketed element strings. Raises NotEncodable.

    The small cache serves copies and previews, where one content is drawn several times in a row.
    """
    options: dict[str, object] = {}
    if type_ is CodeType.QR:
        options["ec_level"] = QR_LEVEL
        if not content.isascii():
            # Said in the code: left to itself the writer takes some old single-byte set that few scanners know.
            options["eci"] = "UTF-8"
    if type_ in {CodeType.DATAMATRIX, CodeType.GS1_DATAMATRIX}:
        # Rectangles are read by fewer scanners.
        options["force_square"] = True
    if type_.is_gs1:
        options["gs1"] = True
    try:
        made = zxingcpp.create_barcode(content, _FORMATS[type_], **options)
    except (ValueError, RuntimeError):
        # It says so in the words of its own library; the one thing left that can be wrong is the length.
        raise NotEncodable("it is too long for this type of code") from None
    # Its images offer their bytes to whoever asks, which its types don't say.
    pixels = memoryview(made.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    height, width = pixels.shape or (0, 0)
    if type_.is_linear:
        # Its picture repeats one row.
        height = 1
    return Matrix(type_, width, height, pixels.tobytes()[: width * height])
