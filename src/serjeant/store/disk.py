"""disk: why something could not be written or read back, in a few words."""

import errno
import os
import shutil
from pathlib import Path
from typing import Final

_KNOWN: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EACCES)
_FULL: Final = 64 * 1024


def reason(error: Exception, place: Path) -> str:
    """What the system said; the libraries that write Parquet wrap it in words of their own, or leave it out.

    :param place: where it was to be written
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    said = str(error)
    for code in _KNOWN:
        if os.strerror(code) in said:
            return os.strerror(code)
    if place.exists() and shutil.disk_usage(place).free < _FULL:
        return os.strerror(errno.ENOSPC)
    return said.partition("\n")[0][:200]
