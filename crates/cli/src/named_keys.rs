//! The keys of `--trust`, with their purposes and the texts that name them.

use entitle::token::KeyPurpose;
use entitle::{KeyRing, PublicKey};

use crate::exit::Failure;
use crate::trust::{self, Trusted};

/// Trusted keys, and the texts that named them.
#[derive(Debug, Default)]
pub(crate) struct NamedKeys {
    keys: Vec<(String, Trusted)>,
}

impl NamedKeys {
    /// Reads the values of `--trust`.
    pub(crate) fn read(named: &[String]) -> Result<Self, Failure> {
        let keys = trust::read(named)?;
        Ok(Self { keys: named.iter().cloned().zip(keys).collect() })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns a ring that trusts each key for its purposes.
    pub(crate) fn ring(&self) -> KeyRing {
        let keys: Vec<Trusted> = self.keys.iter().map(|(_, key)| key.clone()).collect();
        trust::ring(&keys)
    }

    /// Returns the file of the key of this id, if it was named by a file.
    pub(crate) fn file(&self, id: &str) -> Option<&str> {
        let (name, _) = self.keys.iter().find(|(_, key)| key.key().id().to_string() == id)?;
        Some(trust::without_purposes(name)).filter(|name| !name.starts_with("k4."))
    }

    /// Returns the options that trust a key for a purpose: in place of the one that named it, or as well.
    pub(crate) fn trusting(&self, key: &PublicKey, purpose: KeyPurpose) -> String {
        let also = trust::name(purpose);
        match self.keys.iter().find(|(_, named)| named.key() == key) {
            Some((text, named)) => {
                let before = named.purposes();
                let name = trust::without_purposes(text);
                format!("`--trust {name}={before},{also}` in place of `--trust {text}`")
            }
            None => format!("`--trust {key}={also}` as well"),
        }
    }
}
