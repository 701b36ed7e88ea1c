//! Notices that another connection wrote to the database: SQLite counts it, and asking takes some
//! microseconds.

use core::time::Duration;
use std::thread;
use std::time::Instant;

use rusqlite::Connection;

use super::failure::store_error;
use crate::store::{Hint, Hints, StoreError};

/// How often it is asked.
const EVERY: Duration = Duration::from_millis(5);

/// A connection that only asks.
pub(super) struct Watch {
    connection: Connection,
    data_version: Option<i64>,
}

impl Watch {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, data_version: None }
    }
}

impl Hints for Watch {
    fn wait(&mut self, timeout: Duration) -> Result<Hint, StoreError> {
        let began = Instant::now();
        loop {
            let version = self.connection.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0));
            let version = version.map_err(|error| store_error(&error))?;
            if self.data_version.replace(version) != Some(version) {
                return Ok(Hint::Some);
            }
            let left = timeout.saturating_sub(began.elapsed());
            if left.is_zero() {
                return Ok(Hint::Nothing);
            }
            thread::sleep(left.min(EVERY));
        }
    }
}
