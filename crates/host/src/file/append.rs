//! Appends lines that are on disk before they count.

use std::io::{self, ErrorKind};

use super::disk::Disk;

/// What became of lines that were to be appended.
#[derive(Debug)]
pub(crate) enum Appended {
    /// They are on disk.
    Stored,
    /// They are not in the file.
    NotStored(io::Error),
    /// They could neither be stored nor removed again: the next reading shows which of them are
    /// there.
    Unknown(io::Error),
}

/// Appends lines to a file of this length with a single write, and returns when they are on disk.
pub(crate) fn append(disk: &mut impl Disk, length: u64, lines: &str) -> Appended {
    let written = match disk.append(lines.as_bytes()) {
        Ok(written) if written == lines.len() => disk.sync(),
        Ok(_) => Err(ErrorKind::StorageFull.into()),
        Err(error) => Err(error),
    };
    let Err(error) = written else { return Appended::Stored };
    match disk.cut(length).and_then(|()| disk.sync()) {
        Ok(()) => Appended::NotStored(error),
        Err(_) => Appended::Unknown(error),
    }
}

#[cfg(test)]
mod tests {
    use core::ops::Range;
    use std::io::{self, ErrorKind};

    use super::{Appended, Disk, append};

    /// Records each call, and fails in a range of calls.
    #[derive(Default)]
    struct RecordingDisk {
        calls: Vec<String>,
        fails: Range<usize>,
        takes: Option<usize>,
    }

    impl RecordingDisk {
        fn note(&mut self, call: String) -> io::Result<()> {
            self.calls.push(call);
            if self.fails.contains(&self.calls.len()) { Err(ErrorKind::Other.into()) } else { Ok(()) }
        }
    }

    impl Disk for RecordingDisk {
        fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.note(format!("append {}", String::from_utf8_lossy(bytes).trim_end()))?;
            Ok(self.takes.unwrap_or(bytes.len()))
        }

        fn sync(&mut self) -> io::Result<()> {
            self.note("sync".to_string())
        }

        fn cut(&mut self, length: u64) -> io::Result<()> {
            self.note(format!("cut {length}"))
        }
    }

    fn tried(fails: Range<usize>, takes: Option<usize>) -> (Vec<String>, Appended) {
        let mut disk = RecordingDisk { fails, takes, ..RecordingDisk::default() };
        let appended = append(&mut disk, 7, "line\n");
        (disk.calls, appended)
    }

    #[test]
    fn lines_are_one_write_and_on_disk_before_they_count() {
        let (calls, appended) = tried(0..0, None);
        assert_eq!(calls, ["append line", "sync"]);
        assert!(matches!(appended, Appended::Stored));
    }

    #[test]
    fn what_did_not_reach_the_disk_is_removed() {
        for (fails, takes, expected) in [
            (2..3, None, &["append line", "sync", "cut 7", "sync"][..]),
            (0..0, Some(3), &["append line", "cut 7", "sync"]),
            (1..2, None, &["append line", "cut 7", "sync"]),
        ] {
            let (calls, appended) = tried(fails, takes);
            assert_eq!(calls, expected);
            assert!(matches!(appended, Appended::NotStored(_)));
        }
        let (_, appended) = tried(2..4, None);
        assert!(matches!(appended, Appended::Unknown(_)), "it could not be removed either");
    }
}
