//! The tables of a database, made by itself and never those of another application.

use rusqlite::{Connection, Transaction};

use super::failure::store_error;
use crate::store::StoreError;

/// What a database of records has as its application id: `entl`.
pub(super) const APPLICATION: i64 = 0x656E_746C;

/// What makes each version of the schema from the one before, in order. The first is made in a
/// database of this library without tables, whose version is 0. A release adds to the end and changes
/// none.
///
/// The text of an entry is what the hash is of; the bytes of the request are unique in a record, so
/// that a retry is recognised.
pub(super) const MIGRATIONS: &[&str] = &["
create table entitle_entries (
    tenant text not null, number integer not null, hash blob not null, request blob, entry text not null,
    primary key (tenant, number), unique (tenant, request)
) strict;
create table entitle_snapshots (
    tenant text not null primary key, number integer not null, snapshot blob not null
) strict;
"];

/// Makes the schema of this release, from nothing or from that of an older release, in one
/// transaction, and checks that the database is one of records.
pub(super) fn prepare(connection: &mut Connection, migrations: &[&str]) -> Result<(), StoreError> {
    if connection.is_readonly("main").map_err(|error| store_error(&error))? {
        return Err(StoreError::ReadOnly { detail: "the database may not be written".to_string() });
    }
    // Another process may prepare the same database now.
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate);
    let transaction = transaction.map_err(|error| store_error(&error))?;
    let (found, known) = (version(&transaction)?, i64::try_from(migrations.len()).unwrap_or(i64::MAX));
    let Some(missing) = usize::try_from(found).ok().and_then(|found| migrations.get(found..)) else {
        return Err(StoreError::NewerSchema { found, known });
    };
    if missing.is_empty() {
        return Ok(());
    }
    let made = missing.iter().try_for_each(|migration| transaction.execute_batch(migration));
    let made = made.and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION));
    let made = made.and_then(|()| transaction.pragma_update(None, "user_version", known));
    made.and_then(|()| transaction.commit()).map_err(|error| store_error(&error))
}

/// Returns the version of the schema; 0 for a database without tables.
fn version(transaction: &Transaction<'_>) -> Result<i64, StoreError> {
    let number = |pragma: &str| transaction.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id"), number("user_version"));
    let tables = transaction.query_row("select count(*) from sqlite_schema", [], |row| row.get::<_, i64>(0));
    let failed = |error| store_error(&error);
    match (application.map_err(failed)?, version.map_err(failed)?, tables.map_err(failed)?) {
        (APPLICATION, version, _) | (0, version @ 0, 0) => Ok(version),
        _ => {
            let detail = "the database belongs to another application".to_string();
            Err(StoreError::OtherApplication { detail })
        }
    }
}
