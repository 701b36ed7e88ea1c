//! The operating system's randomness.

use crate::exit::Failure;

/// Fills bytes with it.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|error| Failure::unreadable("cli.no-randomness", format!("no randomness: {error}")))
}

/// 16 bytes of it, for an id.
pub(crate) fn id() -> Result<[u8; 16], Failure> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(bytes)
}
