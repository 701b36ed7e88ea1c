//! Runs a fuzz target's body over the inputs that are kept for it.

use std::fs;
use std::path::Path;

/// Runs `body` over each file of `tests/fuzz/corpus/{target}` of the package that is tested.
pub(crate) fn replay(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut replayed = 0_usize;
    for file in fs::read_dir(folder).unwrap() {
        body(&fs::read(file.unwrap().path()).unwrap());
        replayed = replayed.saturating_add(1);
    }
    assert!(replayed >= 5, "{target}: only {replayed} inputs are kept");
}
