"""No way out: a filter in the kernel that keeps a worker from opening network sockets.

The policy on queries refuses what would reach out; this is the second wall, for whatever the
policy does not know. Linux on x86-64 and arm64; elsewhere the policy stands alone.
"""

import ctypes
import platform
import struct
from types import MappingProxyType
from typing import Final

_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 13  # the call fails with EACCES
_AF_UNIX: Final = 1

# Opcodes of classic BPF: load a word of the call's description, jump if equal, return.
_LOAD: Final = 0x20
_JUMP_IF_EQUAL: Final = 0x15
_RETURN: Final = 0x06
# Where that description (struct seccomp_data) has the call's number, machine, first argument.
_NUMBER: Final = 0
_MACHINE: Final = 4
_FIRST_ARGUMENT: Final = 16

#: Machine -> its number in the kernel's audit interface, and the number of the call `socket`.
_MACHINES: Final = MappingProxyType({"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)})


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def forbid_network() -> bool:
    """Let `socket` make nothing but local sockets, in this process and its threads, for good.

    Returns whether the kernel does so; sockets that are open already stay.
    """
    if platform.system() != "Linux" or platform.machine() not in _MACHINES:
        return False
    machine, socket_call = _MACHINES[platform.machine()]
    instructions = b"".join(
        (
            _instruction(_LOAD, value=_MACHINE),
            _instruction(_JUMP_IF_EQUAL, otherwise=5, value=machine),
            _instruction(_LOAD, value=_NUMBER),
            _instruction(_JUMP_IF_EQUAL, otherwise=2, value=socket_call),
            _instruction(_LOAD, value=_FIRST_ARGUMENT),
            _instruction(_JUMP_IF_EQUAL, otherwise=1, value=_AF_UNIX),
            _instruction(_RETURN, value=_ALLOW),
            _instruction(_RETURN, value=_REFUSE),
        )
    )
    code = ctypes.create_string_buffer(instructions)
    program = _Program(len(instructions) // 8, ctypes.addressof(code))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return bool(
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        and prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0
    )


def _instruction(code: int, *, then: int = 0, otherwise: int = 0, value: int) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)
