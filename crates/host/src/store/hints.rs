//! What tells a process that others may have stored something.

use core::time::Duration;

use entitle::TenantId;

use super::StoreError;

/// A hint that records changed. It may be missing or wrong: records are compared anyway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// Nothing changed in the time that was waited.
    Nothing,
    /// These records may have entries up to these numbers.
    Records(Vec<(TenantId, u64)>),
    /// Some records may go on.
    Some,
}

/// The hints of a store, for one thread that waits for them.
pub trait Hints: Send {
    /// Waits for a hint, at most for `timeout`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] for a store that gives no hints now; the next call tries again.
    fn wait(&mut self, timeout: Duration) -> Result<Hint, StoreError>;
}
