//! Durable writes to PostgreSQL, and how soon others see them.

use core::time::Duration;
use std::sync::Mutex;
use std::time::Instant;

use entitle::record::{Beginning, Head};
use entitle::{Entry, RequestId, TenantId};
use entitle_host::Host;
use entitle_host::store::{Appended, Change, Page, Position, PostgresStore, Store, StoreError};
use postgres::{Client, NoTls};

use crate::postgres_server::Server;
use crate::support::{admin, catalog, join, now, ring};
use crate::writes::entry_text;
use crate::{Goal, beside, median_ratio, print, rate_of};

const GUARDED: &str = "
insert into entitle_entries select $1, n, h, r, e
  from unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::text[]) u(n, h, r, e)
 where exists (select from entitle_entries where tenant = $1 and number = $6 and hash = $7)";

/// A client that makes the guarded insert alone.
struct Raw {
    client: Client,
    statement: postgres::Statement,
    tenant: String,
    text: String,
}

impl Raw {
    fn new(server: &Server, text: &str) -> Self {
        let mut client = Client::connect(&server.database(), NoTls).unwrap();
        let tenant = entitle_host::random::request_id().unwrap().to_string();
        let begin = "insert into entitle_entries values ($1, 0, $2, null, $3)";
        client.execute(begin, &[&tenant, &[1_u8; 32].as_slice(), &text]).unwrap();
        let statement = client.prepare(GUARDED).unwrap();
        Self { client, statement, tenant, text: text.to_string() }
    }

    fn insert(&mut self, time: u64) {
        let (before, hash) = (time as i64, [1_u8; 32]);
        let (numbers, hashes) = (vec![before + 1], vec![hash.as_slice()]);
        let request = u128::from(time).to_le_bytes();
        let (requests, texts) = (vec![request.as_slice()], vec![self.text.as_str()]);
        let values: [&(dyn postgres::types::ToSql + Sync); 7] =
            [&self.tenant, &numbers, &hashes, &requests, &texts, &before, &hash.as_slice()];
        assert_eq!(self.client.execute(&self.statement, &values).unwrap(), 1);
    }
}

fn host(server: &Server) -> Host<PostgresStore> {
    let store = PostgresStore::connect(&server.database()).unwrap();
    Host::new(store, catalog(), ring()).clock_tolerance(Duration::MAX).start()
}

fn new_tenant() -> TenantId {
    entitle_host::random::request_id().unwrap().to_string().parse().unwrap()
}

pub(crate) fn figures() {
    let (actor, at) = (admin(), now());
    let Some(server) = Server::start() else { return };
    let (text, host) = (entry_text(), host(&server));
    let (tenant, mut raw) = (host.begin(&new_tenant()).unwrap(), Raw::new(&server, &text));
    let submit = |time| _ = tenant.submit(actor.clone(), vec![join(&format!("user-{time}"))], at).unwrap();
    let ratio = beside(submit, |time| raw.insert(time));
    print("PostgreSQL, 1 client: Host / guarded insert", ratio, &Goal::AtLeast(0.85));

    let raw_eight = || {
        let raws: Vec<Mutex<Raw>> = (0..8).map(|_| Mutex::new(Raw::new(&server, &text))).collect();
        rate_of(8, |client, time| raws[client].lock().unwrap().insert(time))
    };
    let eight = || {
        let tenants: Vec<_> = (0..8).map(|_| host.begin(&new_tenant()).unwrap()).collect();
        let submit = |client: usize, time| tenants[client].submit(admin(), vec![join(&format!("user-{time}"))], now());
        rate_of(8, |client, time| drop(submit(client, time).unwrap()))
    };
    let ratio = median_ratio(|| (eight(), raw_eight()));
    print("PostgreSQL, 8 clients on 8 tenants: Host / 8 guarded inserts", ratio, &Goal::AtLeast(0.8));

    let many = || {
        let tenant = host.begin(&new_tenant()).unwrap();
        let submit = |client: usize, time| tenant.submit(admin(), vec![join(&format!("user-{client}-{time}"))], now());
        rate_of(64, |client, time| drop(submit(client, time).unwrap()))
    };
    let ratio = median_ratio(|| (many(), raw_eight()));
    print("PostgreSQL, 64 clients on 1 tenant: Host / 8 guarded inserts", ratio, &Goal::AtLeast(3.0));
    seen_elsewhere(&server);
}

/// How soon an entry that one process stored is seen by another.
fn seen_elsewhere(server: &Server) {
    let period = Duration::from_millis(200);
    let connect = || PostgresStore::connect(&server.database()).unwrap();
    let hinted = seen(|| {
        Host::new(connect(), catalog(), ring()).clock_tolerance(Duration::MAX).poll(Duration::from_secs(60)).start()
    });
    print("PostgreSQL, seen elsewhere by notification: median, ms", hinted[10] * 1e3, &Goal::AtMost(10.0));
    let polled =
        seen(|| Host::new(Unhinted(connect()), catalog(), ring()).clock_tolerance(Duration::MAX).poll(period).start());
    let longest = polled[20] / period.as_secs_f64();
    println!("# PostgreSQL, seen elsewhere by polling each 200 ms: median {:.0} ms", polled[10] * 1e3);
    print("PostgreSQL, seen elsewhere by polling alone: longest / period", longest, &Goal::AtMost(1.2));
}

/// Returns how long it took each time until another host saw what one stored, in seconds, sorted.
fn seen<S: Store + 'static>(start: impl Fn() -> Host<S>) -> Vec<f64> {
    let (one, other, id) = (start(), start(), new_tenant());
    let (ours, theirs) = (one.begin(&id).unwrap(), other.begin(&id).unwrap());
    let mut times: Vec<f64> = (0..21_u64)
        .map(|time| {
            // At different times of the period.
            std::thread::sleep(Duration::from_millis(time * 37 % 200));
            ours.submit(admin(), vec![join(&format!("user-{time}"))], now()).unwrap();
            let stored = Instant::now();
            while theirs.now().position() <= time {
                std::thread::sleep(Duration::from_micros(200));
            }
            stored.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

/// A store without its hints.
struct Unhinted(PostgresStore);

impl Store for Unhinted {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        self.0.begin(beginning)
    }

    fn beginning(&self, tenant: &TenantId) -> Result<Option<Beginning>, StoreError> {
        self.0.beginning(tenant)
    }

    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError> {
        self.0.tenants(after, max)
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        self.0.read(tenant, after, max)
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        self.0.append(tenant, after, entries)
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        self.0.find(tenant, request)
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        self.0.changed(known)
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.load_snapshot(tenant)
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        self.0.save_snapshot(tenant, head, snapshot)
    }
}
