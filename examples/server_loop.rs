//! Two servers of one tenant over one database: many threads check without a lock while two writers race for seats.
//!
//! `cargo run --example server_loop`

use core::error::Error;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::collections::BTreeMap;
use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::thread;

use arc_swap::ArcSwap;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, Licensee};
use entitle::record::{ApplyError, Beginning};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Entry, Grant, KeyRing, LicenseId, PlanId, RecordId, RequestId, Role, SecretKey,
    Tenant, Term, Units, UserId, Zeroizing,
};

/// In place of a table `entries (tenant, number, hash, request, entry)` with the primary key `(tenant, number)`.
struct Database {
    entries: Mutex<BTreeMap<u64, Entry>>,
    race: Barrier,
    retries: AtomicUsize,
}

impl Database {
    /// `insert into entries …`: false if there is an entry of that number.
    fn insert(&self, entry: &Entry) -> bool {
        if entry.number() == 2 {
            self.race.wait(); // only so that you see it each time: both have decided on entry 2 before either stores it
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        !entries.contains_key(&entry.number()) && entries.insert(entry.number(), entry.clone()).is_none()
    }

    /// `select entry from entries where tenant = … and number > … order by number`.
    fn after(&self, position: u64) -> Vec<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.range(position.saturating_add(1)..).map(|(_, entry)| entry.clone()).collect()
    }
}

struct Server<'a> {
    database: &'a Database,
    published: ArcSwap<Tenant>,
}

impl Server<'_> {
    /// No lock: a check runs on a value that nobody changes any more; so ask for it at each request.
    fn current(&self) -> Arc<Tenant> {
        self.published.load_full()
    }

    /// Costs little at any size: a clone shares what it does not change.
    fn publish(&self, tenant: &Tenant) {
        self.published.store(Arc::new(tenant.clone()));
    }

    /// Applies what other servers wrote; an entry of another history is an error, never a wrong seat. Let the writing thread do so every second or so even when it has nothing to
    /// write; from another thread it could publish an older value over a newer one.
    fn catch_up(&self) -> Result<Tenant, ApplyError> {
        let mut tenant = Tenant::clone(&self.current());
        self.database.after(tenant.position()).iter().try_for_each(|entry| tenant.apply(entry))?;
        self.publish(&tenant);
        Ok(tenant)
    }

    /// One thread a server writes.
    fn write(
        &self,
        actor: &Actor,
        commands: &[Command],
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<(), ApplyError> {
        loop {
            let mut tenant = self.catch_up()?;
            // A refusal (here: no seat is free) leaves no trace. A real server answers the request with it.
            let Ok(entry) = tenant.decide(actor, commands, request, now) else { return Ok(()) };
            if self.database.insert(&entry) {
                tenant.apply(&entry)?;
                self.publish(&tenant);
                return Ok(());
            }
            self.database.retries.fetch_add(1, Relaxed); // another server was faster: start over, on what it wrote
        }
    }
}

/// 16 random bytes of the operating system.
fn random() -> Result<[u8; 16], getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map(|()| bytes)
}

fn main() -> Result<(), Box<dyn Error>> {
    // Contoso has 20 bronze seats and 30 people. Entry 1 installs the license; both servers start from there.
    let now: DateTime<Utc> = "2026-03-02T08:00:00Z".parse()?;
    let catalog = Catalog::from_json(include_str!("fabrikam.json"))?;
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let contoso = Licensee::Tenant(Customer::new("contoso".parse()?, "Contoso Ltd".parse()?, "DE".parse()?));
    let deal = Deal::new(LicenseId::from_random([42; 16]), catalog.offer(), contoso, now).with(Grant::paid(
        "bronze".parse()?,
        Units::limited(20)?,
        Term::perpetual(now),
    ));
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
    let mut tenant = Tenant::new(&catalog, &ring, &Beginning::new("contoso".parse()?, RecordId::from_random([1; 16])));
    let admin = &Actor::new("ada@contoso.example".parse()?).with(Role::GlobalAdministrator);
    let installed =
        tenant.decide(admin, &[Command::Install(secret.seal(&deal)?)], RequestId::from_random([1; 16]), now)?;
    tenant.apply(&installed)?;
    let database = Database {
        entries: Mutex::new(BTreeMap::from([(1, installed)])),
        race: Barrier::new(2),
        retries: AtomicUsize::new(0),
    };
    let servers = [(); 2].map(|()| Server { database: &database, published: ArcSwap::from_pointee(tenant.clone()) });
    let people = (1..=30).map(|number| format!("user-{number:02}@contoso.example").parse());
    let people = &people.collect::<Result<Vec<UserId>, _>>()?;
    let (bronze, orders, done) = (&"bronze".parse::<PlanId>()?, &catalog.app("f365/orders")?, &AtomicBool::new(false));
    let (checks, most) = (&AtomicUsize::new(0), &AtomicUsize::new(0));

    let outcomes: Vec<_> = thread::scope(|scope| {
        // Three readers on each server check everyone, over and over.
        for server in servers.iter().cycle().take(6) {
            scope.spawn(move || {
                let mut last = false;
                while !last {
                    last = done.load(Relaxed);
                    let tenant = server.current();
                    let open = people.iter().filter(|user| tenant.check(user, orders, now).is_allowed()).count();
                    checks.fetch_add(people.len(), Relaxed);
                    most.fetch_max(open, Relaxed);
                }
            });
        }
        // One writer on each server assigns bronze to half of the people.
        let assign = |user: &UserId| [Command::assign(user.clone(), bronze.clone())];
        let writers = servers.iter().zip(people.chunks(15)).map(|(server, half)| {
            scope.spawn(move || {
                half.iter().try_for_each(|user| {
                    let request = RequestId::from_random(random().map_err(|error| error.to_string())?);
                    server.write(admin, &assign(user), request, now).map_err(|error| error.to_string())
                })
            })
        });
        let writers: Vec<_> = writers.collect(); // both are started before either is waited for
        let outcomes = writers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        done.store(true, Relaxed);
        outcomes
    });
    for outcome in outcomes {
        outcome.map_err(|_| "a writer panicked")??;
    }

    let (checks, most, retries) = (checks.load(Relaxed), most.load(Relaxed), database.retries.load(Relaxed));
    println!("{checks} checks answered by 6 threads: never more than {most} people in.");
    println!("30 seats asked for: {} entries stored, {retries} times started over.", database.after(1).len());
    for server in &servers {
        let tenant = server.catch_up()?;
        println!("A server at event {}: {} of 20 seats held.", tenant.position(), tenant.pool(bronze, now).seated);
    }
    if (most, database.after(1).len()) != (20, 20) || retries == 0 {
        return Err("seats and units do not agree, or nobody had to start over".into());
    }
    Ok(())
}
