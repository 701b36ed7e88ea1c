//! Random bytes of the operating system.

use crate::exit::Failure;

/// Fills a buffer with random bytes.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|error| {
        Failure::unreadable("cli.no-randomness", format!("the operating system has no random bytes: {error}"))
    })
}

/// Returns 16 random bytes, for an id.
pub(crate) fn id() -> Result<[u8; 16], Failure> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(bytes)
}
