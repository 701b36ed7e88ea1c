//! Each store does what the others do, and says what it cannot do.

use std::fs;
use std::process::Stdio;

use entitle::record::Beginning;
use entitle::{Entry, RecordId, RequestId, Tenant, TenantId};
use entitle_host::conformance;
use entitle_host::store::{Appended, Change, FileStore, MemoryStore, Page, Position, SqliteStore, Store, StoreError};
use entitle_host::{Host, LoadError};

use crate::support::{Folder, admin, catalog, child, child_folder, is_member, join, now, open, ring, submit};

fn assert_conforms(one: &dyn Store, other: &dyn Store) {
    let failures = conformance::failures(one, other).unwrap();
    assert!(failures.is_empty(), "{failures:#?}");
}

/// A record that is begun in a store, and the entry by which a user joins.
fn begun(store: &dyn Store) -> (Tenant, Entry) {
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    let tenant = Tenant::new(&catalog(), &ring(), &store.begin(&beginning).unwrap());
    let entry = tenant.decide(&admin(), &[join("bo")], RequestId::from_random([2; 16]), now()).unwrap();
    (tenant, entry)
}

fn append(store: &dyn Store, tenant: &Tenant, entry: &Entry) -> Appended {
    store.append(tenant.id(), Position::of(tenant.head()), core::slice::from_ref(entry))
}

#[test]
fn records_in_memory_conform() {
    let store = MemoryStore::new();
    assert_conforms(&store, &store);
}

#[test]
fn records_in_files_conform() {
    let folder = Folder::new();
    let store = || FileStore::open(folder.path("")).unwrap();
    assert_conforms(&store(), &store());
}

#[test]
fn records_in_an_sqlite_database_conform() {
    let folder = Folder::new();
    let store = || SqliteStore::open(folder.path("records.db")).unwrap();
    assert_conforms(&store(), &store());
}

/// A store that does what the planted bug is about must not conform.
struct Planted(MemoryStore, Bug);

#[derive(Clone, Copy)]
enum Bug {
    BeginsByAsking,
    ForgetsTheFirstTenant,
    IgnoresWhereToGoOn,
    OverwritesByNumber,
    KeepsTheSecondBeginning,
    FindsNoRequest,
    TakesABatchWithAStoredRequestForAConflict,
    ReportsEverythingAsLonger,
    TakesAnOlderSnapshot,
}

impl Store for Planted {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        let stored = self.0.begin(beginning);
        if matches!(self.1, Bug::KeepsTheSecondBeginning) { Ok(beginning.clone()) } else { stored }
    }

    fn beginning(&self, tenant: &entitle::TenantId) -> Result<Option<Beginning>, StoreError> {
        match self.1 {
            Bug::BeginsByAsking => {
                let random = entitle_host::random::record_id().unwrap();
                self.0.begin(&Beginning::new(tenant.clone(), random)).map(Some)
            }
            _ => self.0.beginning(tenant),
        }
    }

    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError> {
        match self.1 {
            Bug::ForgetsTheFirstTenant => Ok(self.0.tenants(after, max)?.into_iter().skip(1).collect()),
            Bug::IgnoresWhereToGoOn => self.0.tenants(None, max),
            _ => self.0.tenants(after, max),
        }
    }

    fn read(&self, tenant: &entitle::TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        self.0.read(tenant, after, max)
    }

    fn append(&self, tenant: &entitle::TenantId, after: Position, entries: &[Entry]) -> Appended {
        match self.0.append(tenant, after, entries) {
            Appended::Conflict if matches!(self.1, Bug::OverwritesByNumber) => Appended::Stored(after.cursor),
            Appended::AlreadyStored(_)
                if entries.len() > 1 && matches!(self.1, Bug::TakesABatchWithAStoredRequestForAConflict) =>
            {
                Appended::Conflict
            }
            appended => appended,
        }
    }

    fn find(&self, tenant: &entitle::TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        if matches!(self.1, Bug::FindsNoRequest) { Ok(None) } else { self.0.find(tenant, request) }
    }

    fn changed(
        &self,
        known: &[(entitle::TenantId, entitle::record::Head)],
    ) -> Result<Vec<(entitle::TenantId, entitle_host::store::Change)>, StoreError> {
        if matches!(self.1, Bug::ReportsEverythingAsLonger) {
            return Ok(known.iter().map(|(tenant, _)| (tenant.clone(), entitle_host::store::Change::Longer)).collect());
        }
        self.0.changed(known)
    }

    fn load_snapshot(&self, tenant: &entitle::TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.load_snapshot(tenant)
    }

    fn save_snapshot(
        &self,
        tenant: &entitle::TenantId,
        head: entitle::record::Head,
        snapshot: &[u8],
    ) -> Result<(), StoreError> {
        let is_older = matches!(self.1, Bug::TakesAnOlderSnapshot);
        let head = if is_older { entitle::record::Head::new(u64::MAX, head.hash()) } else { head };
        self.0.save_snapshot(tenant, head, snapshot)
    }
}

#[test]
fn a_store_with_a_bug_does_not_conform() {
    use Bug::{
        BeginsByAsking, FindsNoRequest, ForgetsTheFirstTenant, IgnoresWhereToGoOn, KeepsTheSecondBeginning,
        OverwritesByNumber, ReportsEverythingAsLonger, TakesABatchWithAStoredRequestForAConflict, TakesAnOlderSnapshot,
    };
    for bug in [
        BeginsByAsking,
        ForgetsTheFirstTenant,
        IgnoresWhereToGoOn,
        OverwritesByNumber,
        KeepsTheSecondBeginning,
        FindsNoRequest,
        TakesABatchWithAStoredRequestForAConflict,
        ReportsEverythingAsLonger,
        TakesAnOlderSnapshot,
    ] {
        let store = Planted(MemoryStore::new(), bug);
        let failures = conformance::failures(&store, &store);
        assert!(!failures.unwrap().is_empty(), "bug {}", bug as u8);
    }
}

#[test]
fn a_record_of_the_file_store_is_a_record_as_a_desktop_has_it() {
    let folder = Folder::new();
    let store = FileStore::open(folder.path("")).unwrap();
    let (tenant, entry) = begun(&store);
    assert!(matches!(append(&store, &tenant, &entry), Appended::Stored(_)));
    let path = store.path(tenant.id());
    let mut local = open(&path).unwrap();
    assert!(is_member(local.tenant(), "bo"));
    submit(&mut local, "cy");
    let Ok(Page::Entries { entries, .. }) = store.read(tenant.id(), Position::of(entry.head()), 9) else {
        panic!("read on")
    };
    assert_eq!(entries.last().map(Entry::head), Some(local.tenant().head()));
    // Half a line of a process that was killed is removed by the next call.
    let whole = fs::read(&path).unwrap();
    fs::write(&path, [&whole[..], &b"{\"prev"[..]].concat()).unwrap();
    assert_eq!(store.changed(&[(tenant.id().clone(), local.tenant().head())]).unwrap(), []);
    assert_eq!(fs::read(&path).unwrap(), whole);
}

#[test]
fn an_entry_of_a_newer_release_is_unreadable_with_its_number() {
    let folder = Folder::new();
    let store = FileStore::open(folder.path("")).unwrap();
    let (tenant, entry) = begun(&store);
    assert!(matches!(append(&store, &tenant, &entry), Appended::Stored(_)));
    let path = store.path(tenant.id());
    let newer = fs::read_to_string(&path).unwrap() + "{\"previous\":\"of a newer release\"}\n";
    fs::write(&path, &newer).unwrap();
    let read = |after| store.read(tenant.id(), after, 9).unwrap();
    assert!(
        matches!(read(Position::of(tenant.head())), Page::Entries { entries, has_more: true, .. } if entries.len() == 1)
    );
    assert!(matches!(read(Position::of(entry.head())), Page::Unreadable { number: 2, .. }));
    let next = {
        let mut tenant = tenant.clone();
        tenant.apply(&entry).unwrap();
        tenant
    };
    let second = next.decide(&admin(), &[join("cy")], RequestId::from_random([3; 16]), now()).unwrap();
    assert!(matches!(append(&store, &next, &second), Appended::NotStored(StoreError::Damaged { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
    // Nor is anything removed because half a line follows.
    fs::write(&path, newer.clone() + "half").unwrap();
    assert!(matches!(read(Position::of(entry.head())), Page::Unreadable { number: 2, .. }));
    assert_eq!(fs::read_to_string(&path).unwrap(), newer + "half");
}

#[test]
fn a_restored_backup_is_a_fork_for_who_knows_more() {
    let folder = Folder::new();
    let store = FileStore::open(folder.path("")).unwrap();
    let (tenant, entry) = begun(&store);
    let backup = fs::read(store.path(tenant.id())).unwrap();
    assert!(matches!(append(&store, &tenant, &entry), Appended::Stored(_)));
    fs::write(store.path(tenant.id()), backup).unwrap();
    assert_eq!(store.read(tenant.id(), Position::of(entry.head()), 9), Ok(Page::Forked));
    assert!(matches!(append(&store, &tenant, &entry), Appended::Stored(_)), "the backup goes on");
}

#[test]
fn l1_the_record_of_another_tenant_is_not_opened() {
    let folder = Folder::new();
    let store = FileStore::open(folder.path("")).unwrap();
    let (ours, theirs): (TenantId, TenantId) = ("contoso".parse().unwrap(), "fabrikam".parse().unwrap());
    begun(&store);
    fs::rename(store.path(&ours), store.path(&theirs)).unwrap();
    let before = fs::read(store.path(&theirs)).unwrap();
    let error = StoreError::OtherTenant { found: ours.clone(), wanted: theirs.clone() };
    assert_eq!(store.begin(&Beginning::new(theirs.clone(), RecordId::from_random([2; 16]))), Err(error.clone()));
    assert_eq!(error.code(), "host.store.other-tenant");
    let host = Host::new(store, catalog(), ring()).start();
    assert_eq!(host.begin(&theirs).map(|_| ()), Err(LoadError::Store(error)));
    assert_eq!(fs::read(host.store().path(&theirs)).unwrap(), before);
}

#[test]
fn l1_a_host_notices_a_store_that_returns_the_record_of_another_tenant() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.path("records.db")).unwrap();
    begun(&store);
    let database = rusqlite::Connection::open(folder.path("records.db")).unwrap();
    database.execute("update entitle_entries set tenant = 'fabrikam'", []).unwrap();
    let (found, wanted): (TenantId, TenantId) = ("contoso".parse().unwrap(), "fabrikam".parse().unwrap());
    let loaded = Host::new(store, catalog(), ring()).start().begin(&wanted).map(|_| ());
    assert_eq!(loaded, Err(LoadError::Store(StoreError::OtherTenant { found, wanted })));
}

#[test]
fn a_file_that_cannot_be_read_hides_no_change_of_another() {
    let folder = Folder::new();
    let (store, other) = (FileStore::open(folder.path("")).unwrap(), FileStore::open(folder.path("")).unwrap());
    let (contoso, entry) = begun(&store);
    let fabrikam = Beginning::new("fabrikam".parse().unwrap(), RecordId::from_random([3; 16]));
    store.begin(&fabrikam).unwrap();
    let known = [(fabrikam.tenant().clone(), fabrikam.head()), (contoso.id().clone(), contoso.head())];
    assert_eq!(store.changed(&known), Ok(Vec::new()));
    append(&other, &contoso, &entry);
    fs::remove_file(store.path(fabrikam.tenant())).unwrap();
    fs::create_dir(store.path(fabrikam.tenant())).unwrap();
    assert_eq!(store.changed(&known), Ok(known.map(|(tenant, _)| (tenant, Change::Longer)).to_vec()));
    assert!(store.read(fabrikam.tenant(), Position::of(fabrikam.head()), 9).is_err());
}

#[test]
fn a_file_of_another_kind_is_no_store() {
    let folder = Folder::new();
    fs::write(folder.path("text"), "hello, this is not a database at all").unwrap();
    let error = SqliteStore::open(folder.path("text")).unwrap_err();
    assert!(matches!(error, StoreError::OtherApplication { .. }), "{error}");
    assert_eq!(fs::read(folder.path("text")).unwrap(), b"hello, this is not a database at all");
    // A folder where the record of a tenant belongs.
    let store = FileStore::open(folder.path("")).unwrap();
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    fs::create_dir(store.path(beginning.tenant())).unwrap();
    for error in [store.begin(&beginning).unwrap_err(), store.beginning(beginning.tenant()).unwrap_err()] {
        assert!(matches!(error, StoreError::OtherApplication { .. }), "{error}");
    }
}

/// A process that stores entries until it is killed, and acknowledges each.
#[test]
fn an_sqlite_database_keeps_what_a_killed_process_acknowledged() {
    if let Some(folder) = child_folder() {
        let store = SqliteStore::open(folder.join("records.db")).unwrap();
        let (mut tenant, _) = begun(&store);
        catch_up(&store, &mut tenant);
        loop {
            let request = entitle_host::random::request_id().unwrap();
            let entry = tenant.decide(&admin(), &[join(&request.to_string())], request, now()).unwrap();
            match append(&store, &tenant, &entry) {
                Appended::Stored(_) => println!("\nstored {request}"),
                found => panic!("{found:?}"),
            }
            tenant.apply(&entry).unwrap();
        }
    }
    let folder = Folder::new();
    let test = "stores::an_sqlite_database_keeps_what_a_killed_process_acknowledged";
    let mut acknowledged = Vec::new();
    for kill in 0..20 {
        let writer = child(test, &folder.path("")).stdout(Stdio::piped()).spawn().unwrap();
        acknowledged.extend(crate::crash::kill_after_first(writer, kill));
    }
    let store = SqliteStore::open(folder.path("records.db")).unwrap();
    let (mut tenant, _) = begun(&store);
    catch_up(&store, &mut tenant);
    let lost: Vec<_> = acknowledged.iter().filter(|user| !is_member(&tenant, user)).collect();
    assert!(acknowledged.len() >= 20 && lost.is_empty(), "acknowledged and lost: {lost:?}");
}

fn catch_up(store: &dyn Store, tenant: &mut Tenant) {
    while let Page::Entries { entries, has_more, .. } =
        store.read(tenant.id(), Position::of(tenant.head()), 1_000).unwrap()
    {
        for entry in &entries {
            tenant.apply(entry).unwrap();
        }
        if !has_more {
            return;
        }
    }
    panic!("the record cannot be read");
}

#[test]
fn the_folder_of_a_store_is_made_where_nothing_is() {
    let folder = Folder::new();
    let records = folder.path("records");
    drop(FileStore::open(&records).unwrap());
    assert!(records.is_dir() && FileStore::open(&records).is_ok());
    let error = FileStore::open(folder.path("none/records")).unwrap_err();
    assert!(error.to_string().contains("does not exist: create it"), "{error}");
    fs::write(folder.path("file"), "").unwrap();
    let error = FileStore::open(folder.path("file")).unwrap_err();
    assert!(error.to_string().contains("is not a folder"), "{error}");
    assert_eq!(error.code(), "host.store.other-application");
}

#[test]
fn a_first_line_whose_writing_was_interrupted_is_removed_before_a_record_is_begun() {
    let folder = Folder::new();
    let store = FileStore::open(folder.path("")).unwrap();
    fs::write(store.path(&"contoso".parse().unwrap()), "{\"ledger\":\"enti").unwrap();
    let (tenant, entry) = begun(&store);
    assert!(matches!(append(&store, &tenant, &entry), Appended::Stored(_)));
    assert_eq!(open(&store.path(tenant.id())).unwrap().tenant().position(), 1);
}

#[test]
fn a_snapshot_replaces_another_at_the_same_head() {
    let folder = Folder::new();
    let (files, database) = (FileStore::open(folder.path("")), SqliteStore::open(folder.path("records.db")));
    for store in [&files.unwrap() as &dyn Store, &database.unwrap(), &MemoryStore::new()] {
        let (tenant, _) = begun(store);
        for snapshot in [&b"damaged"[..], b"whole"] {
            store.save_snapshot(tenant.id(), tenant.head(), snapshot).unwrap();
        }
        assert_eq!(store.load_snapshot(tenant.id()), Ok(Some(b"whole".to_vec())));
    }
}

#[test]
fn what_cannot_be_read_in_a_database_begins_a_page_of_its_own() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.path("records.db")).unwrap();
    let (tenant, entry) = begun(&store);
    assert!(matches!(append(&store, &tenant, &entry), Appended::Stored(_)));
    let database = rusqlite::Connection::open(folder.path("records.db")).unwrap();
    let newer = "insert into entitle_entries values ('contoso', 2, x'00', x'07', '{\"previous\":\"newer\"}')";
    database.execute(newer, []).unwrap();
    let read = |after| store.read(tenant.id(), after, 9).unwrap();
    let first = read(Position::of(tenant.head()));
    assert!(matches!(&first, Page::Entries { entries, has_more: true, .. } if entries.len() == 1), "{first:?}");
    assert!(matches!(read(Position::of(entry.head())), Page::Unreadable { number: 2, .. }));
}
