"""A SQLite file on a network share is refused before anything is written there."""

from pathlib import Path

import pytest

from domain.faults import StoreDown
from store import disks
from store.engine import opened

OWN = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw"


def mounted(tmp_path, *lines):
    file = tmp_path / "mountinfo"
    file.write_text("\n".join([OWN, *lines]) + "\n")
    return file


def at(place, kind):
    return f"31 22 0:44 / {place} rw,relatime shared:9 master:1 - {kind} //files/share rw"


@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "cifs", "smb3", "ceph", "fuse.blobfuse2", "fuse.sshfs"]
)
def test_a_share_is_known_by_its_kind(tmp_path, kind):
    assert disks.share(Path("/data/console.db"), mounted(tmp_path, at("/data", kind))) == kind


@pytest.mark.parametrize("kind", ["ext4", "xfs", "overlay", "tmpfs", "fuse.lxcfs", "9p"])
def test_a_disk_of_its_own_is_not_one(tmp_path, kind):
    assert disks.share(Path("/data/console.db"), mounted(tmp_path, at("/data", kind))) is None


def test_the_nearest_mount_counts(tmp_path):
    inner = mounted(tmp_path, at("/data", "nfs4"), at("/data/disk", "ext4"))
    assert disks.share(Path("/data/disk/console.db"), inner) is None
    assert disks.share(Path("/data/console.db"), inner) == "nfs4"
    assert disks.share(Path("/database/console.db"), inner) is None
    over = mounted(tmp_path, at("/data", "ext4"), at("/data", "cifs"))
    assert disks.share(Path("/data/console.db"), over) == "cifs"


def test_a_blank_in_a_place_is_read(tmp_path):
    mounts = mounted(tmp_path, at(r"/our\040data", "cifs"))
    assert disks.share(Path("/our data/console.db"), mounts) == "cifs"


def test_a_link_onto_a_share_is_followed(tmp_path):
    (tmp_path / "share").mkdir()
    (tmp_path / "here").symlink_to(tmp_path / "share")
    mounts = mounted(tmp_path, at(tmp_path / "share", "nfs"))
    assert disks.share(tmp_path / "here" / "console.db", mounts) == "nfs"


def test_a_system_that_does_not_tell_is_believed(tmp_path):
    assert disks.share(Path("/data/console.db"), tmp_path / "nowhere") is None


def test_a_store_on_a_share_is_refused_and_nothing_is_left_there(tmp_path, monkeypatch):
    monkeypatch.setattr(disks.share, "__defaults__", (mounted(tmp_path, at(tmp_path, "nfs4")),))
    with pytest.raises(StoreDown, match=r"on a network share \(nfs4\)") as told:
        opened(f"sqlite:///{tmp_path}/console.db")
    assert "use PostgreSQL" in told.value.words
    assert not (tmp_path / "console.db").exists()
