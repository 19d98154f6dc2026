//! Whatever was done in the folder: it goes, and nothing else does.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use rustix::fs::mkdirat;

use super::*;

fn folder() -> WorkFolder {
    WorkFolder::new().unwrap()
}

#[test]
fn what_was_made_in_it_goes_whatever_its_permissions() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("a/b/c")).unwrap();
    fs::write(at("a/b/c/file"), "x").unwrap();
    fs::write(at("locked"), "x").unwrap();
    for (name, mode) in [
        ("locked", 0o000),
        ("a/b/c", 0o500),
        ("a/b", 0o000),
        ("a", 0o500),
    ] {
        fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    let path = folder.path().to_owned();
    assert_eq!(folder.remove(), []);
    assert!(!path.exists());
}

#[test]
fn what_links_lead_to_stays() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("kept"), "x").unwrap();
    let folder = folder();
    fs::create_dir(folder.path().join("inner")).unwrap();
    symlink(outside.path(), folder.path().join("link")).unwrap();
    symlink(outside.path(), folder.path().join("inner/link")).unwrap();
    assert_eq!(folder.remove(), []);
    assert!(outside.path().join("kept").exists());
}

#[test]
fn folders_lie_in_each_other_as_deep_as_they_may() {
    let folder = folder();
    let mut at = handle_of(folder.path()).unwrap();
    for _ in 0..20_000 {
        mkdirat(&at, "d", Mode::RWXU).unwrap();
        at = openat(&at, "d", OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
    }
    drop(at);
    let path = folder.path().to_owned();
    assert_eq!(folder.remove(), []);
    assert!(!path.exists());
}

#[test]
fn a_name_like_ours_is_no_obstacle_and_neither_are_many_names() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("a/b/c")).unwrap();
    fs::create_dir_all(at(".repro-removed-1/x/y")).unwrap();
    fs::write(at(".repro-removed-2"), "x").unwrap();
    for number in 0..12_000 {
        fs::write(at(&number.to_string()), "").unwrap();
    }
    let path = folder.path().to_owned();
    assert_eq!(folder.remove(), []);
    assert!(!path.exists());
}

#[test]
fn a_folder_that_was_moved_goes_and_what_took_its_place_is_named() {
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("moved");
    let folder = folder();
    let path = folder.path().to_owned();
    fs::write(path.join("file"), "x").unwrap();
    fs::rename(&path, &moved).unwrap();
    symlink(elsewhere.path(), &path).unwrap();
    let left = folder.remove();
    assert!(!moved.exists());
    assert!(elsewhere.path().exists());
    let replaced = Left {
        path: path.clone(),
        why: WhyLeft::Replaced,
    };
    assert_eq!(left, [replaced]);
    fs::remove_file(&path).unwrap();
}

#[test]
fn a_folder_that_is_gone_already_is_no_error() {
    let folder = folder();
    fs::remove_dir(folder.path()).unwrap();
    let path = folder.path().to_owned();
    assert_eq!(folder.remove(), []);
    assert!(remove_folder(&path).is_ok());
}

#[cfg(target_os = "linux")]
mod linux {
    use rustix::fs::{IFlags, ioctl_setflags};
    use rustix::mount::{UnmountFlags, mount_bind, unmount};

    use super::super::removal;
    use super::*;

    #[test]
    fn a_folder_that_is_mounted_within_it_keeps_what_is_in_it() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("kept"), "x").unwrap();
        let folder = folder();
        let inner = folder.path().join("a/inner");
        fs::create_dir_all(&inner).unwrap();
        if mount_bind(outside.path(), &inner).is_err() {
            return crate::left_out::left_out("mounting a folder");
        }
        // Whoever may mount may also take it away again; the removal itself must not rely on that.
        let handle = handle_of(folder.path()).unwrap();
        let left = removal::remove_what_is_not_mounted(&handle, folder.path());
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].why, WhyLeft::Mounted);
        assert!(outside.path().join("kept").exists());
        let path = folder.path().to_owned();
        assert_eq!(folder.remove(), []);
        assert!(!path.exists());
        assert!(outside.path().join("kept").exists());
    }

    #[test]
    fn files_that_refuse_to_be_changed_go_where_that_can_be_undone() {
        let folder = folder();
        let file = folder.path().join("a/fixed");
        fs::create_dir(folder.path().join("a")).unwrap();
        fs::write(&file, "x").unwrap();
        let opened = fs::File::open(&file).unwrap();
        if ioctl_setflags(&opened, IFlags::IMMUTABLE).is_err() {
            return crate::left_out::left_out("making a file immutable");
        }
        let path = folder.path().to_owned();
        assert_eq!(folder.remove(), []);
        assert!(!path.exists());
    }

    #[test]
    fn something_mounted_on_the_folder_itself_is_taken_away_first() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("kept"), "x").unwrap();
        let folder = folder();
        if mount_bind(outside.path(), folder.path()).is_err() {
            return crate::left_out::left_out("mounting a folder");
        }
        let path = folder.path().to_owned();
        assert_eq!(folder.remove(), []);
        assert!(!path.exists());
        assert!(outside.path().join("kept").exists());
        assert!(unmount(&path, UnmountFlags::empty()).is_err());
    }
}
