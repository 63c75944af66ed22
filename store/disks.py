"""Where a file lies: SQLite's write-ahead log needs the memory that the processes of one machine
share, and a network share gives it to none, so that two hosts would write over each other there."""

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
SHARES = re.compile(
    r"nfs\d*|cifs|smb\w*|ncpfs|afs|ceph|lustre|gpfs|beegfs|"
    r"fuse\.(sshfs|s3fs|blobfuse2?|goofys|rclone|glusterfs|ceph|cephfs|davfs|smbnetfs)"
)
"""Kinds of file systems that several hosts may see at once, as Linux calls them."""
_ESCAPED = re.compile(r"\\([0-7]{3})")


def share(file: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of network share that this file lies on; None on a disk of the machine's own, and
    where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    folder = file.resolve().parent
    under = [it for it in map(_mount, lines) if folder.is_relative_to(it[0])]
    # The longest is the nearest; of two in one place the later one lies on top.
    kind = max(enumerate(under), key=lambda it: (len(it[1][0].parts), it[0]), default=None)
    return kind[1][1] if kind and SHARES.fullmatch(kind[1][1]) else None


def _mount(line: str) -> tuple[Path, str]:
    """Where something is mounted, and of what kind it is."""
    before, _, after = line.partition(" - ")
    place = before.split(" ")[4]
    return Path(_ESCAPED.sub(lambda it: chr(int(it[1], 8)), place)), after.split(" ")[0]
