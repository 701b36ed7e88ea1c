//! Values without the commands and with them, at each instant.

use alloc::vec::Vec;

/// A value without the commands, and with them.
pub(super) type BeforeAfter<T> = [T; 2];

/// A value at each instant, without the commands and with them.
pub(super) type AtEach<T> = Vec<BeforeAfter<T>>;
