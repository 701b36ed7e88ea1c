//! What the record says of one trial.

use alloc::vec::Vec;

use crate::tenant::state::timeline::Moment;

/// When a trial was started and extended, as recorded: at most [`MAX_EXTENSIONS`] extensions.
#[derive(Debug, Clone)]
pub(crate) struct RecordedTrial {
    pub(crate) started: RecordedAt,
    pub(crate) extended: Vec<RecordedAt>,
}

/// When something was recorded. An event recorded before the floor counts as recorded at the floor
/// (X6); both the floor and the corrections of tickets depend on which documents give something, so
/// the parts are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordedAt {
    pub(crate) moment: Moment,
    /// The number of documents in the record by then.
    pub(crate) documents: usize,
}
