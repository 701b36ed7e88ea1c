//! The tables of a database, made by itself and never those of another application.

use postgres::Client;

use super::failure::store_error;
use crate::store::StoreError;

/// The latest version of the schema.
const VERSION: i32 = 1;

/// A number of this library's own, under which one process at a time makes the tables.
const LOCK: i64 = 0x656E_746C_0001;

/// The schema. Ids are compared byte for byte, whatever the collation of the database; the request
/// is unique in a record, so that a retry is recognised.
const TABLES: &str = r#"
create table entitle_schema (version integer not null);
insert into entitle_schema values (1);
create table entitle_entries (
    tenant text collate "C" not null, number bigint not null, hash bytea not null, request bytea, entry text not null,
    constraint entitle_entries_number primary key (tenant, number),
    constraint entitle_entries_request unique (tenant, request)
);
create table entitle_snapshots (
    tenant text collate "C" not null primary key, number bigint not null, snapshot bytea not null
);
"#;

/// Makes the tables if there are none, and checks the version of those that are there.
pub(super) fn prepare(client: &mut Client) -> Result<(), StoreError> {
    let failed = |error| store_error(&error);
    let mut transaction = client.transaction().map_err(failed)?;
    transaction.execute("select pg_advisory_xact_lock($1)", &[&LOCK]).map_err(failed)?;
    let exists = |table: &str| format!("select to_regclass('{table}') is not null");
    let is_ours: bool = transaction.query_one(&exists("entitle_schema"), &[]).map_err(failed)?.get(0);
    if !is_ours {
        let is_taken: bool = transaction.query_one(&exists("entitle_entries"), &[]).map_err(failed)?.get(0);
        if is_taken {
            let detail = "the database has a table `entitle_entries` of another application".to_string();
            return Err(StoreError::OtherApplication { detail });
        }
        transaction.batch_execute(TABLES).map_err(failed)?;
        return transaction.commit().map_err(failed);
    }
    let found: i32 = transaction.query_one("select version from entitle_schema", &[]).map_err(failed)?.get(0);
    if found > VERSION {
        return Err(StoreError::NewerSchema { found: found.into(), known: VERSION.into() });
    }
    Ok(())
}
