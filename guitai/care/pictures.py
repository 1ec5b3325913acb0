"""What a code in a picture says."""

import zxingcpp

from guitai.care.errors import NoCodeInPicture
from guitai.kit import files


def text_of_code(upload: files.Upload) -> str:
    """The text of the first QR code in a picture.

    takes    an upload
    gives    what the code says; it is data, never followed
    refuses  file_empty, file_too_large, file_not_accepted, file_not_a_picture, no_code_in_picture
    source   ISO/IEC 18004, read by zxing-cpp
    """
    grey = files.picture(upload).convert("L")
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)
    text = next((code.text for code in found if code.valid and code.text.strip()), "")
    if not text:
        raise NoCodeInPicture()
    return str(text)
