"""Run by path, not imported: ties a program to the life of its parent, then becomes that program.

    python tether.py DEATH_SIGNAL PARENT_PID WHO -- PROGRAM ARGUMENTS…

WHO is `same`, `uid:gid` (become that user; needs root) or `namespace:uid` (a new user namespace in which we
appear as that user; for a root that may not change its uid). The kernel sends DEATH_SIGNAL to the program
when the parent's thread that started us ends, `kill -9` of the parent included. Systems other than Linux
have no such call: there, the next start ends what is left.

A separate program, not a `preexec_fn`: that one runs Python code between fork and exec, which may deadlock in
a process with threads. And the interpreter must already run when the uid changes, because that user may not
be able to reach it (a virtual environment under /root).
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


def main(arguments: list[str]) -> None:
    """See above. Ends the process with 127 when the program cannot be started."""
    death_signal, parent, who, _separator, *command = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    kind, _, number = who.partition(":")
    if kind == "namespace":
        _enter_namespace(libc, number)
    elif kind != "same":
        os.setgroups([])
        os.setgid(int(number))
        os.setuid(int(kind))
    if sys.platform == "linux":
        # After the change of uid, which would clear it. Kept over exec.
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != int(parent):
        # The parent died before the line above: no signal will come.
        os._exit(0)
    try:
        os.execvp(command[0], command)  # noqa: S606 - the purpose of this file
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        os._exit(127)


def _enter_namespace(libc: ctypes.CDLL, uid: str) -> None:
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER):
        sys.stderr.write(f"cannot make a user namespace: {os.strerror(ctypes.get_errno())}\n")
        os._exit(126)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {outer_uid} 1"),
        ("gid_map", f"{uid} {outer_gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as control:
            control.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
