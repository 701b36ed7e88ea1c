//! Trusted keys and their purposes, in --trust and in the settings file: `KEY` or `KEY=PURPOSES`.

use core::fmt;

use entitle::token::{KeyPermissions, KeyPurpose, TokenError};
use entitle::{KeyRing, PublicKey};

use crate::exit::Failure;
use crate::key;

/// The purposes of keys, by name.
const PURPOSES: [(&str, KeyPurpose); 5] = [
    ("licenses", KeyPurpose::Licenses),
    ("anyone", KeyPurpose::LicensesForAnyone),
    ("lists", KeyPurpose::Revocations),
    ("tickets", KeyPurpose::TimeTickets),
    ("certificates", KeyPurpose::Certificates),
];

/// The default purposes: to sign licenses. Revocation takes another key, so that a stolen license
/// key cannot sign revocation lists.
const DEFAULT_PURPOSES: [KeyPurpose; 2] = [KeyPurpose::Licenses, KeyPurpose::LicensesForAnyone];

/// A public key and its purposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trusted {
    key: PublicKey,
    /// At least one, each once.
    purposes: Vec<KeyPurpose>,
}

/// Returns the trusted keys, each once.
pub(crate) fn read(named: &[String]) -> Result<Vec<Trusted>, Failure> {
    let mut keys: Vec<Trusted> = Vec::new();
    for named in named {
        let trusted = Trusted::read(named)?;
        if keys.iter().any(|other| other.key == trusted.key) {
            let message = format!("the key `{}` is named twice", trusted.key.id());
            return Err(Failure::usage("cli.key-twice", message).help("give all its purposes in one --trust"));
        }
        keys.push(trusted);
    }
    Ok(keys)
}

/// Returns a ring of the keys with their purposes.
pub(crate) fn ring(keys: &[Trusted]) -> KeyRing {
    let add = |ring: KeyRing, Trusted { key, purposes }: &Trusted| {
        let mut purposes = purposes.iter().copied();
        let Some(first) = purposes.next() else { return Ok(ring) };
        ring.trust(*key, purposes.fold(KeyPermissions::new(first), KeyPermissions::and))
    };
    // A key without constraints is never refused.
    keys.iter().try_fold(KeyRing::new(), add).unwrap_or_default()
}

/// Returns the key and its purposes, if a text names both.
fn split(named: &str) -> Option<(&str, &str)> {
    // A path may contain `=` too; purposes contain no dot and no slash.
    let is_purposes = |text: &str| !text.contains(['.', '/', '\\']);
    named.rsplit_once('=').filter(|(_, behind)| is_purposes(behind))
}

/// Returns the text that names a key, without its purposes.
pub(crate) fn without_purposes(named: &str) -> &str {
    split(named).map_or(named, |(key, _)| key)
}

/// Returns what to give where a key is not trusted for what it signed; nothing for another error.
pub(crate) fn hint(error: &TokenError) -> Option<String> {
    let TokenError::NotTrusted { purpose, .. } = error else { return None };
    let (name, _) = PURPOSES.iter().find(|(_, known)| known == purpose)?;
    Some(format!("if the application trusts it for that, give `--trust KEY={name}`, with its other purposes"))
}

impl Trusted {
    /// Returns the key.
    pub(crate) fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Returns the names of its purposes, separated by commas.
    pub(crate) fn purposes(&self) -> String {
        let names = PURPOSES.iter().filter(|(_, purpose)| self.purposes.contains(purpose)).map(|(name, _)| *name);
        names.collect::<Vec<_>>().join(",")
    }

    fn read(named: &str) -> Result<Self, Failure> {
        let (key, purposes) = match split(named) {
            Some((key, list)) => (key, list.split(',').map(purpose).collect::<Result<Vec<_>, _>>()?),
            None => (named, DEFAULT_PURPOSES.to_vec()),
        };
        let mut once = Vec::with_capacity(purposes.len());
        for purpose in purposes {
            if !once.contains(&purpose) {
                once.push(purpose);
            }
        }
        Ok(Self { key: key::public(key)?, purposes: once })
    }

    /// Returns a warning if no revocation list can revoke the key although it signs licenses.
    pub(crate) fn warning(&self) -> Option<String> {
        let is_for = |purpose| self.purposes.contains(&purpose);
        let is_of_both = is_for(KeyPurpose::Revocations) && DEFAULT_PURPOSES.into_iter().any(is_for);
        let id = self.key.id();
        is_of_both.then(|| {
            format!("the key `{id}` is trusted for lists and for licenses: if it is stolen, no list can revoke it")
        })
    }
}

impl fmt::Display for Trusted {
    /// Formats the key as in the settings file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, self.purposes())
    }
}

/// Returns the name of a purpose.
pub(crate) fn name(purpose: KeyPurpose) -> &'static str {
    PURPOSES.iter().find(|(_, known)| *known == purpose).map_or("", |(name, _)| name)
}

/// Returns the purpose of a name.
pub(crate) fn purpose(name: &str) -> Result<KeyPurpose, Failure> {
    PURPOSES.iter().find(|(known, _)| *known == name).map(|(_, purpose)| *purpose).ok_or_else(|| {
        let known: Vec<String> = PURPOSES.iter().map(|(name, _)| format!("`{name}`")).collect();
        Failure::usage("cli.unknown-purpose", format!("`{name}` is not a purpose of a key")).help(format_args!(
            "the purposes are {}; write several with commas, as in `lists,tickets`",
            known.join(", ")
        ))
    })
}
