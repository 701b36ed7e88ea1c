//! Values that a command line may give once only.

use core::fmt::Display;
use std::collections::BTreeSet;

use super::words::id;
use crate::exit::Failure;

/// Fails if a value is given twice: one of the two was meant to be another.
pub(super) fn require_once<T: Ord + Display>(what: &str, values: &[T]) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    match values.iter().find(|value| !seen.insert(*value)) {
        Some(twice) => Err(Failure::usage("cli.twice", format!("the {what} {} is given twice", id(twice)))
            .help("give it once; nothing was done")),
        None => Ok(()),
    }
}
