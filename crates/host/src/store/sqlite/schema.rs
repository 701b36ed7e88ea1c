//! The tables of a database, made by itself and never those of another application.

use rusqlite::Connection;

use super::failure::store_error;
use crate::store::StoreError;

/// What a database of records has as its application id: `entl`.
pub(super) const APPLICATION: i64 = 0x656E_746C;

/// The latest version of the schema.
pub(super) const VERSION: i64 = 1;

/// The schema. The text is what the hash is of; the bytes of the request are unique in a record, so
/// that a retry is recognised.
const TABLES: &str = "
create table entitle_entries (
    tenant text not null, number integer not null, hash blob not null, request blob, entry text not null,
    primary key (tenant, number), unique (tenant, request)
) strict;
create table entitle_snapshots (
    tenant text not null primary key, number integer not null, snapshot blob not null
) strict;
";

/// Makes the tables of a new database, and checks those of another.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    if connection.is_readonly("main").map_err(|error| store_error(&error))? {
        return Err(StoreError::ReadOnly { detail: "the database may not be written".to_string() });
    }
    // Another process may prepare the same database now.
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate);
    let transaction = transaction.map_err(|error| store_error(&error))?;
    let number = |pragma: &str| transaction.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let tables = || transaction.query_row("select count(*) from sqlite_schema", [], |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id"), number("user_version"));
    match (application.map_err(|error| store_error(&error))?, version.map_err(|error| store_error(&error))?) {
        (APPLICATION, VERSION) => return Ok(()),
        (APPLICATION, found) => return Err(StoreError::NewerSchema { found, known: VERSION }),
        (0, 0) if tables().map_err(|error| store_error(&error))? == 0 => {}
        _ => {
            let detail = "the database belongs to another application".to_string();
            return Err(StoreError::OtherApplication { detail });
        }
    }
    let made = transaction.execute_batch(TABLES);
    let made = made.and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION));
    let made = made.and_then(|()| transaction.pragma_update(None, "user_version", VERSION));
    made.and_then(|()| transaction.commit()).map_err(|error| store_error(&error))
}
