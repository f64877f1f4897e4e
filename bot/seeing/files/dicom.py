"""DICOM: pictures that machines make. Their tags name the patient, and often the picture does."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
from pydicom.pixels.utils import pixel_array

from bot.domain.findings import Label
from bot.domain.sights import Sight, SightKind, Unseen
from bot.seeing.glance import CannotSeeError
from bot.seeing.lines import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.seeing.glance import Glance

# DICOM PS3.3 C.2 (patient) and C.3 (visit); PS3.6 for the keywords.
_IDENTIFIERS = {
    "PatientName": Label.PERSON,
    "OtherPatientNames": Label.PERSON,
    "PatientBirthName": Label.PERSON,
    "PatientMotherBirthName": Label.PERSON,
    "ResponsiblePerson": Label.PERSON,
    "PatientID": Label.HN,
    "OtherPatientIDs": Label.HN,
    "MedicalRecordLocator": Label.HN,
    "AdmissionID": Label.VISIT_NO,
    "AccessionNumber": Label.VISIT_NO,
    "PatientBirthDate": Label.DOB,
    "PatientAddress": Label.ADDRESS,
    "PatientTelephoneNumbers": Label.PHONE,
}
_TEXTS = (
    "PatientComments",
    "AdditionalPatientHistory",
    "ImageComments",
    "StudyDescription",
    "SeriesDescription",
    "RequestedProcedureDescription",
    "CurrentPatientLocation",
    "VisitComments",
)
_NOBODY = frozenset(
    ("anon", "anonymous", "anonymized", "anonymised", "unknown", "none", "na", "test")
)
_DARKEST, _BRIGHTEST = 0.5, 99.5


def read_dicom(content: bytes, glance: Glance) -> None:
    try:
        data = pydicom.dcmread(io.BytesIO(content))
    except pydicom.errors.InvalidDicomError:
        raise CannotSeeError(Unseen.BROKEN) from None
    for keyword, label in _IDENTIFIERS.items():
        for value in _values(data, keyword):
            glance.field(value, label, f"DICOM {keyword}", f"tag {keyword}")
    glance.read(Line(text, f"tag {key}") for key in _TEXTS for text in _values(data, key))
    glance.sight(Sight(SightKind.MEDICAL, "DICOM file", place="file"))
    if "PixelData" in data:
        glance.see(_picture(data, glance), "picture")


def _values(data: pydicom.Dataset, keyword: str) -> list[str]:
    """Values that say something: machines fill in 'ANONYMOUS' or a row of noughts."""
    try:
        value = data.get(keyword)
    except Exception:  # noqa: BLE001 - one broken tag does not hide the others
        return []
    several = value if isinstance(value, pydicom.multival.MultiValue | list) else [value]
    texts = (str(one).replace("^", " ").strip("\0 ") for one in several if one is not None)
    return [text for text in texts if _says_something(text)]


def _says_something(text: str) -> bool:
    bare = text.lower().strip(" .-_*")
    return len(set(bare)) > 1 and bare not in _NOBODY


def _picture(data: pydicom.Dataset, glance: Glance) -> NDArray[np.uint8]:
    """The first frame, as grey between its darkest and its brightest part."""
    size = (
        int(data.get("Rows", 0)) * int(data.get("Columns", 0)) * int(data.get("SamplesPerPixel", 1))
    )
    if size > glance.limits.pixels:
        raise CannotSeeError(Unseen.TOO_LARGE)
    try:
        pixels: Any = pixel_array(data, index=0)
    except (NotImplementedError, RuntimeError):  # a way of packing that needs a codec of its own
        raise CannotSeeError(Unseen.UNKNOWN_FORMAT) from None
    return _as_colours(
        np.asarray(pixels, dtype=np.float32), data.get("PhotometricInterpretation", "")
    )


def _as_colours(pixels: NDArray[np.float32], meaning: str) -> NDArray[np.uint8]:
    low, high = np.percentile(pixels, (_DARKEST, _BRIGHTEST))
    grey = np.clip((pixels - low) / max(high - low, 1e-6), 0, 1) * 255
    if meaning == "MONOCHROME1":
        grey = 255 - grey
    picture = grey.astype(np.uint8)
    return np.dstack([picture] * 3) if picture.ndim == 2 else picture[:, :, ::-1].copy()  # noqa: PLR2004 - rows and columns
