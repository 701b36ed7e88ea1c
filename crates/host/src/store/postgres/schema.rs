//! The tables of a database, made by itself and never those of another application.

use super::connection::Connection;
use super::failure::{CallError, value};
use crate::store::StoreError;

/// A number of this library's own, under which one process at a time makes the tables.
const LOCK: i64 = 0x656E_746C_0001;

/// What makes each version of the schema from the one before, in order. The first is made in a
/// database without tables of this library, whose version is 0. A release adds to the end and
/// changes none.
///
/// Ids are compared byte for byte, whatever the collation of the database; the request is unique in a
/// record, so that a retry is recognised.
const MIGRATIONS: &[&str] = &[r#"
create table entitle_entries (
    tenant text collate "C" not null, number bigint not null, hash bytea not null, request bytea, entry text not null,
    constraint entitle_entries_number primary key (tenant, number),
    constraint entitle_entries_request unique (tenant, request)
);
create table entitle_snapshots (
    tenant text collate "C" not null primary key, number bigint not null, snapshot bytea not null
);
"#];

/// Makes the schema of this release, from nothing or from that of an older release, in one
/// transaction.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    let (known, lock) = (latest(), [&LOCK as _]);
    connection.batch("begin")?;
    connection.query_text("select pg_advisory_xact_lock($1)", &lock)?;
    let found = if let Some(found) = version(connection)? {
        found
    } else {
        let make = "create table entitle_schema (version integer not null); insert into entitle_schema values (0)";
        connection.batch(make)?;
        0
    };
    let Some(missing) = usize::try_from(found).ok().and_then(|found| MIGRATIONS.get(found..)) else {
        return Err(StoreError::NewerSchema { found: found.into(), known: known.into() });
    };
    for migration in missing {
        connection.batch(migration).map_err(not_ours)?;
    }
    if !missing.is_empty() {
        connection.execute_text("update entitle_schema set version = $1", &[&known])?;
    }
    // Whatever failed before, the connection is closed, and nothing has changed.
    Ok(connection.batch("commit")?)
}

/// Returns the latest version of the schema.
fn latest() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}

/// Returns the version of the schema in the database; `None` if there is none.
fn version(connection: &mut Connection) -> Result<Option<i32>, StoreError> {
    let rows = connection.query_text("select to_regclass('entitle_schema') is not null", &[])?;
    if !rows.first().map_or(Ok(false), |row| value(row, 0))? {
        return Ok(None);
    }
    let rows = connection.query_text("select version from entitle_schema", &[]).map_err(not_ours)?;
    let other = || not_a_version("it has not one row");
    match rows.as_slice() {
        [row] => value(row, 0).map(Some).map_err(|error| not_a_version(&error.to_string())),
        _ => Err(other()),
    }
}

fn not_a_version(detail: &str) -> StoreError {
    let detail = format!("the database has a table `entitle_schema` that is not this library's: {detail}");
    StoreError::OtherApplication { detail }
}

/// Returns the error of a table that has the name of one of this library's.
fn not_ours(error: CallError) -> StoreError {
    if error.is_about_tables() {
        let detail = match StoreError::from(error) {
            StoreError::Failed { detail } => detail,
            other => other.to_string(),
        };
        return StoreError::OtherApplication {
            detail: format!("another application has a table of this name: {detail}"),
        };
    }
    error.into()
}
