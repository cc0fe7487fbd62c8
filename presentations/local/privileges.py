"""The user `nobody`, as whom root runs the embedded servers: PostgreSQL refuses to run as root."""

from __future__ import annotations

import ctypes
import os
import pwd
import sys
from contextlib import suppress

# From linux/prctl.h, linux/securebits.h and linux/capability.h.
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAP_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1


def uid() -> int:
    return pwd.getpwnam("nobody").pw_uid


def become() -> None:
    """Give up root for good, here and in every program started from here.

    One right of root is kept where the kernel lets us: to pass the folders that only root may enter, since VAR_DIR
    and the programs may lie below such (a clone in /root). The other way would be to open those folders for everybody.
    """
    user = pwd.getpwnam("nobody")
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc:
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
        # Without this access(2) ignores the kept right, and PostgreSQL asks it about its own program.
        libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    if libc:
        _keep_only_passing_folders(libc)
    with suppress(PermissionError):
        os.chdir("/")


def _keep_only_passing_folders(libc: ctypes.CDLL) -> None:
    header = (ctypes.c_uint32 * 2)(_CAP_VERSION_3, 0)
    kept, none = 1 << _CAP_DAC_OVERRIDE, 0
    # Effective, permitted and inheritable, first for the capabilities 0 to 31, then for the rest.
    if libc.capset(header, (ctypes.c_uint32 * 6)(kept, kept, kept, none, none, none)) != 0:
        libc.capset(header, (ctypes.c_uint32 * 6)())
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)
