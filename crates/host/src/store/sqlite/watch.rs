//! Notices that another connection wrote to the database: SQLite counts it, and asking takes some
//! microseconds.

use core::time::Duration;
use std::thread;
use std::time::Instant;

use rusqlite::Connection;

use super::failure::store_error;
use crate::store::{Hint, Hints, StoreError};

/// How often it is asked, also of a database that is written all the time: each answer has everybody read,
/// while others want to write.
const EVERY: Duration = Duration::from_millis(5);

/// A connection that only asks.
pub(super) struct Watch {
    connection: Connection,
    data_version: Option<i64>,
    asked: Option<Instant>,
}

impl Watch {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, data_version: None, asked: None }
    }

    /// Returns whether something was written since this was asked last.
    fn is_changed(&mut self) -> Result<bool, StoreError> {
        let version = self.connection.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0));
        let version = version.map_err(|error| store_error(&error))?;
        self.asked = Some(Instant::now());
        Ok(self.data_version.replace(version) != Some(version))
    }
}

impl Hints for Watch {
    fn wait(&mut self, timeout: Duration) -> Result<Hint, StoreError> {
        let began = Instant::now();
        loop {
            let left = timeout.saturating_sub(began.elapsed());
            let pause = self.asked.map_or(Duration::ZERO, |asked| EVERY.saturating_sub(asked.elapsed()));
            thread::sleep(pause.min(left));
            if pause > left {
                return Ok(Hint::Nothing);
            }
            if self.is_changed()? {
                return Ok(Hint::Some);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::time::Instant;

    use rusqlite::Connection;

    use super::{EVERY, Watch};
    use crate::store::{Hint, Hints as _};

    #[test]
    fn a_database_that_is_written_all_the_time_is_asked_now_and_then() {
        let path = std::env::temp_dir().join(format!("entitle-watch-{}.db", std::process::id()));
        let writer = Connection::open(&path).unwrap();
        writer.execute_batch("create table written (number)").unwrap();
        let mut watch = Watch::new(Connection::open(&path).unwrap());
        let began = Instant::now();
        for number in 0..4 {
            writer.execute("insert into written values (?1)", [number]).unwrap();
            assert_eq!(watch.wait(Duration::from_secs(60)), Ok(Hint::Some));
        }
        assert!(began.elapsed() >= EVERY.saturating_mul(3));
        // Nothing was written since.
        assert_eq!(watch.wait(EVERY.saturating_mul(2)), Ok(Hint::Nothing));
        std::fs::remove_file(&path).unwrap();
    }
}
