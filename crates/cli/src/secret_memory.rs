//! Tests that no copy of a secret stays in memory.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail by panicking"
)]

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::files::read_any;
use crate::key;

/// Held by each test: while one looks through the memory, its buffer has a copy of what the others have.
static ALONE: Mutex<()> = Mutex::new(());

/// Returns whether a text is anywhere in the writable memory of this process: used, freed, or on a
/// stack. It is given in reverse, so that the argument itself is not found.
fn is_in_memory(backwards: &[u8]) -> bool {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut page = entitle::Zeroizing::new(vec![0; 1 << 16]);
    maps.lines().any(|line| {
        let (range, rest) = line.split_once(' ').unwrap();
        let (from, to) = range.split_once('-').unwrap();
        let number = |text| u64::from_str_radix(text, 16).unwrap();
        let (mut from, to) = (number(from), number(to));
        while rest.starts_with("rw") && from < to && memory.seek(SeekFrom::Start(from)).is_ok() {
            let wanted = page.len().min(usize::try_from(to - from).unwrap());
            let Ok(read @ 1..) = memory.read(&mut page[..wanted]) else { break };
            let last = backwards[0];
            let ends = (0..read).filter(|&at| page[at] == last && at + 1 >= backwards.len());
            if ends.into_iter().any(|at| page[..=at].iter().rev().zip(backwards).all(|(one, other)| one == other)) {
                return true;
            }
            // Windows overlap, so that a text across two of them is found.
            let step = if read > backwards.len() { read - backwards.len() + 1 } else { read };
            from += u64::try_from(step).unwrap();
        }
        false
    })
}

/// A folder that is removed on drop.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("entitle-bin-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns sixteen characters that no other test uses, in reverse, made without the text itself.
fn backwards(seed: u8) -> Vec<u8> {
    let mut random = [0; 16];
    crate::random::fill(&mut random).unwrap();
    random.iter().map(|byte| b'A' + (byte ^ seed) % 26).collect()
}

/// Writes `length` bytes and the text among them, which is nowhere in memory as a whole.
fn written(to: &mut File, length: usize, backwards: &[u8]) {
    for _ in 0..length / 2 {
        to.write_all(b"x").unwrap();
    }
    for byte in backwards.iter().rev() {
        to.write_all(&[*byte]).unwrap();
    }
    for _ in 0..length / 2 {
        to.write_all(b"x").unwrap();
    }
}

/// Short and long texts, of files and of pipes, and bytes that are not text.
#[test]
fn what_was_read_is_nowhere_when_it_is_dropped() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Folder::new("read");
    for length in [100, 40_000] {
        let (path, pipe) = (folder.0.join(format!("file-{length}")), folder.0.join(format!("pipe-{length}")));
        let text = backwards(1);
        written(&mut File::create(&path).unwrap(), length, &text);
        assert!(!is_in_memory(&text), "where it was written");
        let read = read_any(&path).unwrap();
        assert!(is_in_memory(&text), "it is found where it is");
        drop(read);
        assert!(!is_in_memory(&text), "a file of {length}");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::thread::scope(|scope| {
            scope.spawn(|| written(&mut File::options().write(true).open(&pipe).unwrap(), length, &text));
            drop(read_any(&pipe).unwrap());
        });
        assert!(!is_in_memory(&text), "a pipe of {length}");
        File::options().append(true).open(&path).unwrap().write_all(&[0xff]).unwrap();
        assert!(read_any(&path).is_err());
        assert!(!is_in_memory(&text), "no text, of {length}");
    }
}

/// After a key is made, shown or read to sign, its text is in the file only.
#[test]
fn no_text_of_a_secret_key_stays_in_memory() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Folder::new("key");
    let file = folder.0.join("a.key");
    key::new(&file, None).unwrap();
    // The half of the text that is the seed, without its prefix.
    let text = read_any(&file).unwrap();
    let backwards: Vec<u8> = text.as_bytes()[10..96].iter().rev().copied().collect();
    drop(text);
    // A part of freed memory is overwritten soon.
    let is_in_memory = |text: &[u8]| text.chunks_exact(28).any(is_in_memory);
    assert!(!is_in_memory(&backwards), "made");
    key::show(&file).unwrap();
    assert!(!is_in_memory(&backwards), "shown");
    drop(key::secret(&file).unwrap());
    assert!(!is_in_memory(&backwards), "read");
}
