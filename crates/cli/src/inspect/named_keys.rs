//! The keys of `--trust`, with their purposes and the texts that name them.

use entitle::KeyRing;

use crate::exit::Failure;
use crate::trust::{self, Trusted};

/// Trusted keys, and the texts that named them.
#[derive(Debug, Default)]
pub(super) struct NamedKeys {
    keys: Vec<(String, Trusted)>,
}

impl NamedKeys {
    /// Reads the values of `--trust`.
    pub(super) fn read(named: &[String]) -> Result<Self, Failure> {
        let keys = trust::read(named)?;
        Ok(Self { keys: named.iter().cloned().zip(keys).collect() })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns a ring that trusts each key for its purposes.
    pub(super) fn ring(&self) -> KeyRing {
        let keys: Vec<Trusted> = self.keys.iter().map(|(_, key)| key.clone()).collect();
        trust::ring(&keys)
    }

    /// Returns the file of the key of this id, if it was named by a file.
    pub(super) fn file(&self, id: &str) -> Option<&str> {
        let (name, _) = self.keys.iter().find(|(_, key)| key.key().id().to_string() == id)?;
        Some(trust::without_purposes(name)).filter(|name| !name.starts_with("k4."))
    }
}
