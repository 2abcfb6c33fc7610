use super::*;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn secrets_are_closed_and_certificates_open() {
    let dir = tempfile::tempdir().unwrap();
    let mut set = WriteSet::new();
    set.add(dir.path().join("new/a.key"), Secrecy::Secret, Existing::Refuse, "k");
    set.add(dir.path().join("new/a.crt"), Secrecy::Public, Existing::Refuse, "c");
    set.add(dir.path().join("keys/deep/a.key"), Secrecy::Secret, Existing::Refuse, "k");
    assert_eq!(set.commit().unwrap(), Written::default());
    assert_eq!(mode(&dir.path().join("new/a.key")), 0o600);
    assert_eq!(mode(&dir.path().join("new/a.crt")), 0o644);
    assert_eq!(mode(&dir.path().join("new")), 0o755);
    assert_eq!(mode(&dir.path().join("keys/deep")), 0o700);
    assert_eq!(names(&dir.path().join("new")), ["a.crt", "a.key"]);
}

#[test]
fn one_refusal_leaves_everything_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("b"), "old").unwrap();
    let mut set = WriteSet::new();
    set.add(dir.path().join("sub/a"), Secrecy::Secret, Existing::Refuse, "new");
    set.add(dir.path().join("b"), Secrecy::Secret, Existing::Refuse, "new");
    let e = set.commit().unwrap_err();
    assert_eq!(e.kind, Kind::Output);
    assert!(e.what.ends_with("/b: exists already, and is left as it is"), "{e}");
    assert_eq!(fs::read(dir.path().join("b")).unwrap(), b"old");
    assert_eq!(names(dir.path()), ["b"]);
}

#[test]
fn replacing_can_keep_numbered_backups() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.p12");
    fs::write(&path, "1").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    for content in ["2", "3"] {
        let mut set = WriteSet::new();
        set.add(&path, Secrecy::Secret, Existing::Backup, content);
        assert_eq!(set.commit().unwrap().backups.len(), 1);
    }
    let mut set = WriteSet::new();
    set.add(&path, Secrecy::Secret, Existing::Replace, "4");
    set.commit().unwrap();
    assert_eq!(names(dir.path()), ["s.p12", "s.p12.bak", "s.p12.bak2"]);
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!((read("s.p12"), read("s.p12.bak"), read("s.p12.bak2")), ("4".into(), "1".into(), "2".into()));
    assert_eq!((mode(&path), mode(&dir.path().join("s.p12.bak"))), (0o640, 0o640));
}

#[test]
fn link_stays_a_link_and_its_target_is_written() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("real")).unwrap();
    fs::write(dir.path().join("real/a"), "old").unwrap();
    symlink("real/a", dir.path().join("a")).unwrap();
    symlink("real/b", dir.path().join("dangling")).unwrap();
    symlink("loop", dir.path().join("loop")).unwrap();
    let mut set = WriteSet::new();
    set.add(dir.path().join("a"), Secrecy::Public, Existing::Replace, "new");
    set.add(dir.path().join("dangling"), Secrecy::Public, Existing::Replace, "new");
    set.commit().unwrap();
    assert!(dir.path().join("a").is_symlink());
    assert_eq!(fs::read(dir.path().join("real/a")).unwrap(), b"new");
    assert_eq!(fs::read(dir.path().join("real/b")).unwrap(), b"new");
    let mut set = WriteSet::new();
    set.add(dir.path().join("loop"), Secrecy::Public, Existing::Replace, "new");
    assert!(set.commit().unwrap_err().what.contains("circle"));
}

#[test]
fn same_file_twice_is_refused_even_through_a_link() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "old").unwrap();
    symlink("a", dir.path().join("b")).unwrap();
    let mut set = WriteSet::new();
    set.add(dir.path().join("a"), Secrecy::Public, Existing::Replace, "1");
    set.add(dir.path().join("b"), Secrecy::Public, Existing::Replace, "2");
    assert_eq!(set.commit().unwrap_err().kind, Kind::Usage);
    assert_eq!(fs::read(dir.path().join("a")).unwrap(), b"old");
}

#[test]
fn devices_are_written_and_never_replaced() {
    let mut set = WriteSet::new();
    set.add("/dev/null", Secrecy::Secret, Existing::Refuse, "x");
    set.commit().unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    // the device that is always full stands for a disk that is
    let dir = tempfile::tempdir().unwrap();
    let mut set = WriteSet::new();
    set.add(dir.path().join("sub/a"), Secrecy::Secret, Existing::Refuse, "x");
    set.add("/dev/full", Secrecy::Secret, Existing::Refuse, "x");
    let e = set.commit().unwrap_err();
    assert_eq!(e.because, ["no space left on device"]);
    assert!(e.fix.starts_with("make room"), "{e}");
    assert_eq!(names(dir.path()), Vec::<String>::new());
}

#[test]
fn rename_that_fails_takes_the_earlier_ones_back() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "old").unwrap();
    let staged = |name: &str, is_new: bool, existing| {
        let mut content = NamedTempFile::new_in(dir.path()).unwrap();
        content.write_all(b"new").unwrap();
        Staged { content: content.into_temp_path(), target: dir.path().join(name), is_new, existing, remark: None }
    };
    let files = vec![
        staged("a", false, Existing::Replace),
        staged("b", true, Existing::Refuse),
        // planned as new, but someone else made it in between
        staged("a", true, Existing::Absent),
    ];
    let e = rename_all(files).unwrap_err();
    assert!(e.what.contains("was made by another program meanwhile") && e.fix == "run the same command again", "{e}");
    assert_eq!(fs::read(dir.path().join("a")).unwrap(), b"old");
    assert_eq!(names(dir.path()), ["a"]);
}

/// Runs only as the child of the test below, under a limit of 8 KiB a file.
#[test]
#[ignore = "the child process of the next test"]
fn child_that_writes_more_than_it_may() {
    let Some(dir) = std::env::var_os("MTLS_TEST_FULL_DISK").map(PathBuf::from) else { return };
    let mut set = WriteSet::new();
    set.add(dir.join("made/small"), Secrecy::Secret, Existing::Refuse, "x");
    set.add(dir.join("present"), Secrecy::Secret, Existing::Replace, "new");
    set.add(dir.join("large"), Secrecy::Secret, Existing::Refuse, vec![7; 100_000]);
    let e = set.commit().unwrap_err();
    assert!(e.what.ends_with("large: cannot be written, nothing was changed"), "{e}");
    assert!(e.because.iter().any(|c| c.contains("too large")), "{e}");
    fs::write(dir.join("witness"), "ran").unwrap();
}

#[test]
fn disk_that_fills_half_way_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("present"), "old").unwrap();
    // a limit on file sizes fails a write in the middle, as a full disk does; XFSZ ignored, it is an error and no signal
    let script =
        "trap '' XFSZ; ulimit -f 8; exec \"$0\" --exact files::write::tests::child_that_writes_more_than_it_may --ignored";
    let run = std::process::Command::new("bash")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env("MTLS_TEST_FULL_DISK", dir.path())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    assert_eq!(names(dir.path()), ["present", "witness"], "the child did not run, or left something behind");
    assert_eq!(fs::read(dir.path().join("present")).unwrap(), b"old");
}

fn replaced(mode: u32, secrecy: Secrecy) -> (u32, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    let mut set = WriteSet::new();
    set.add(&path, secrecy, Existing::Replace, "new");
    let written = set.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    (fs::metadata(&path).unwrap().mode() & 0o777, written.remarks)
}

#[test]
fn a_replaced_file_keeps_its_mode_and_a_secret_is_closed_to_others() {
    assert_eq!(replaced(0o640, Secrecy::Secret), (0o640, vec![]));
    assert_eq!(replaced(0o400, Secrecy::Secret), (0o400, vec![]));
    assert_eq!(replaced(0o600, Secrecy::Public), (0o600, vec![]));
    assert_eq!(replaced(0o664, Secrecy::Public), (0o664, vec![]));
    let (mode, remarks) = replaced(0o644, Secrecy::Secret);
    assert_eq!(mode, 0o640);
    assert!(remarks[0].ends_with("its mode is 0640 now, and was 0644: it holds private keys"), "{remarks:?}");
}

#[test]
fn a_replaced_file_keeps_owner_and_group_where_we_may_give_it_away() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.p12");
    fs::write(&path, "old").unwrap();
    if std::os::unix::fs::chown(&path, Some(65534), Some(65534)).is_err() {
        return; // only root can make the case
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let mut set = WriteSet::new();
    set.add(&path, Secrecy::Secret, Existing::Replace, "new");
    assert_eq!(set.commit().unwrap().remarks, Vec::<String>::new());
    let facts = fs::metadata(&path).unwrap();
    assert_eq!((facts.uid(), facts.gid(), facts.mode() & 0o777), (65534, 65534, 0o640));
}

#[test]
fn writers_of_one_file_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("list");
    std::thread::scope(|threads| {
        for n in 0..8 {
            let path = &path;
            threads.spawn(move || {
                let lock = Lock::beside(path).unwrap();
                let before = fs::read_to_string(path).unwrap_or_default();
                let mut set = WriteSet::new();
                set.add(path, Secrecy::Public, Existing::Replace, format!("{before}{n}\n"));
                set.commit_under(&lock).unwrap();
            });
        }
    });
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 8);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_change_by_another_program_is_seen_before_it_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.p12");
    for (before, after) in [(Some("1"), "2"), (None, "3")] {
        let _ = fs::remove_file(&path);
        before.into_iter().for_each(|text| fs::write(&path, text).unwrap());
        let lock = Lock::beside(&path).unwrap();
        fs::write(&path, after).unwrap();
        let mut set = WriteSet::new();
        set.add(&path, Secrecy::Secret, Existing::Replace, "ours");
        let e = set.commit_under(&lock).err().unwrap();
        assert!(e.what.contains("changed by another program"), "{e}");
        assert_eq!(fs::read_to_string(&path).unwrap(), after);
    }
}
