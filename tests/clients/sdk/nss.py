"""The store of authorities that Chromium trusts on Linux, written as its own libraries write it.

They come with the browser; `certutil`, which would do the same, does not.
"""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_uint, c_ulong, c_void_p
from pathlib import Path
from typing import Any

STORE = ".pki/nssdb"
"""Where in somebody's home it is."""

TRUSTED = b"C,,"
"""As an authority for servers."""


class _Trust(ctypes.Structure):
    _fields_ = [(use, c_uint) for use in ("servers", "mail", "programs")]


def trust(home: Path, certificate: bytes) -> None:
    """Have the browser of this home trust an authority, whose certificate is in DER.

    Raises:
        OSError: the libraries are not here, or did not do it.
    """
    nss, smime = ctypes.CDLL("libnss3.so"), ctypes.CDLL("libsmime3.so")
    decode = _function(smime.CERT_DecodeCertFromPackage, [c_char_p, c_int], c_void_p)
    key_slot = _function(nss.PK11_GetInternalKeySlot, [], c_void_p)
    database = _function(nss.CERT_GetDefaultCertDB, [], c_void_p)
    set_password = _function(nss.PK11_InitPin, [c_void_p, c_char_p, c_char_p])
    put = _function(nss.PK11_ImportCert, [c_void_p, c_void_p, c_ulong, c_char_p, c_int])
    read_trust = _function(nss.CERT_DecodeTrustString, [POINTER(_Trust), c_char_p])
    change_trust = _function(nss.CERT_ChangeCertTrust, [c_void_p, c_void_p, POINTER(_Trust)])
    free_slot = _function(nss.PK11_FreeSlot, [c_void_p], None)
    free_certificate = _function(nss.CERT_DestroyCertificate, [c_void_p], None)

    folder = home / STORE
    folder.mkdir(parents=True)
    _check("open", nss.NSS_InitReadWrite(f"sql:{folder}".encode()))
    slot, decoded, trusted = key_slot(), decode(certificate, len(certificate)), _Trust()
    _check("set no password", set_password(slot, None, None))
    _check("keep", put(slot, decoded, 0, b"twilio-emulator", 0))
    _check("read what trust is", read_trust(byref(trusted), TRUSTED))
    _check("trust", change_trust(database(), decoded, byref(trusted)))
    free_certificate(decoded)
    free_slot(slot)
    _check("close", nss.NSS_Shutdown())


def _function(found: Any, takes: list[Any], gives: Any = c_int) -> Any:
    """A function of a library, which knows no types of its own."""
    found.argtypes, found.restype = takes, gives
    return found


def _check(what: str, status: int) -> None:
    if status:
        raise OSError(f"NSS could not {what}")
