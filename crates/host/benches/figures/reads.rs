//! Checks through a host, starts, and readers beside a writer.

use core::hint::black_box;
use core::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use entitle::record::Beginning;
use entitle::{Command, RecordId, Tenant, UserId};
use entitle_host::store::{MemoryStore, Position, Store as _};
use entitle_host::{Host, clock};

use crate::support::{admin, catalog, join, license, now, ring};
use crate::{Goal, print};

fn nanos(times: u32, mut act: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..7 {
        let began = Instant::now();
        (0..times).for_each(|_| act());
        best = best.min(began.elapsed().as_secs_f64() * 1e9 / f64::from(times));
    }
    best
}

pub(crate) fn figures() {
    checks();
    starts();
    readers();
}

fn checks() {
    let host = Host::new(MemoryStore::new(), catalog(), ring()).start();
    for number in 0..1_000 {
        host.begin(&format!("tenant-{number}").parse().unwrap()).unwrap();
    }
    let tenant = host.begin(&"contoso".parse().unwrap()).unwrap();
    let commands: Vec<Command> =
        (0..100).map(|user| Command::assign(format!("user-{user}").parse().unwrap(), "pro".parse().unwrap())).collect();
    let install = vec![Command::Install(license("contoso", 1, 100))];
    tenant.submit(admin(), [install, commands].concat(), now()).unwrap();
    let export = catalog().app("export").unwrap();
    let (in_hand, user, at): (_, UserId, _) = (tenant.now(), "user-50".parse().unwrap(), now());
    assert!(in_hand.check(&user, &export, at).is_allowed());
    let direct = nanos(200_000, || _ = black_box(in_hand.check(black_box(&user), &export, black_box(at)).is_allowed()));
    let through = nanos(200_000, || {
        let tenant = host.now_of(black_box("contoso")).unwrap();
        let user: UserId = black_box("user-50").parse().unwrap();
        let clock = clock::now().min(at);
        black_box(tenant.check(&user, &export, clock).is_allowed());
    });
    let of_session = nanos(200_000, || {
        let clock = clock::now().min(at);
        black_box(tenant.now().check(black_box(&user), &export, clock).is_allowed());
    });
    let lookup = nanos(200_000, || drop(black_box(host.now_of(black_box("contoso")).unwrap())));
    let id = nanos(200_000, || drop(black_box(black_box("user-50").parse::<UserId>().unwrap())));
    let reading = nanos(200_000, || _ = black_box(clock::now()));
    println!("# of a check: finding the tenant {lookup:.0} ns, the user's id {id:.0} ns, the clock {reading:.0} ns");
    println!("# a check by a session, which has the user's id and the tenant: {of_session:.0} ns");
    println!("# a check: {direct:.0} ns; through a host, with its clock and ids: {through:.0} ns");
    print("check through Host / check on a tenant in hand", through / direct, &Goal::AtMost(3.0));
}

fn starts() {
    let (store, id) = (MemoryStore::new(), "contoso".parse().unwrap());
    let beginning = store.begin(&Beginning::new(id, RecordId::from_random([1; 16]))).unwrap();
    let mut tenant = Tenant::new(&catalog(), &ring(), &beginning);
    for number in 0..100_000_u32 {
        let request = entitle_host::random::request_id().unwrap();
        let entry = tenant.decide(&admin(), &[join(&format!("user-{number}"))], request, now()).unwrap();
        store.append(tenant.id(), Position::of(tenant.head()), core::slice::from_ref(&entry));
        tenant.apply(&entry).unwrap();
    }
    // The texts are read too, as from a disk.
    let texts: Vec<String> = match store.read(tenant.id(), Position::of(beginning.head()), usize::MAX).unwrap() {
        entitle_host::store::Page::Entries { entries, .. } => entries.iter().map(|it| it.text().to_string()).collect(),
        page => panic!("{page:?}"),
    };
    let began = Instant::now();
    let mut replayed = Tenant::new(&catalog(), &ring(), &beginning);
    for text in &texts {
        replayed.apply(&entitle::Entry::read(text.as_str()).unwrap()).unwrap();
    }
    let replay = began.elapsed().as_secs_f64();
    let snapshot = tenant.snapshot().unwrap();
    let began = Instant::now();
    let restored = Tenant::restore(&catalog(), &ring(), tenant.id().clone(), &snapshot).unwrap();
    let restore = began.elapsed().as_secs_f64();
    assert_eq!(restored.head(), replayed.head());
    println!("# a start with 100,000 entries: {:.0} ms by replay, {:.0} ms by snapshot", replay * 1e3, restore * 1e3);
    print("start with 100,000 entries: snapshot / replay", restore / replay, &Goal::AtMost(0.15));
}

fn readers() {
    let host = Host::new(MemoryStore::new(), catalog(), ring()).start();
    let tenant = host.begin(&"contoso".parse().unwrap()).unwrap();
    tenant.submit(admin(), vec![join("user-0")], now()).unwrap();
    let (export, user, at): (_, UserId, _) = (catalog().app("export").unwrap(), "user-0".parse().unwrap(), now());
    let p999 = || {
        let mut times: Vec<u64> = (0..300_000)
            .map(|_| {
                let began = Instant::now();
                black_box(tenant.now().check(&user, &export, at).is_allowed());
                began.elapsed().as_nanos() as u64
            })
            .collect();
        times.sort_unstable();
        times[times.len() * 999 / 1_000] as f64
    };
    let idle = p999();
    let is_over = AtomicBool::new(false);
    let busy = std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0_u64.. {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                let commands = (0..1_000).map(|user| join(&format!("user-{round}-{user}"))).collect();
                tenant.submit(admin(), commands, now()).unwrap();
            }
        });
        let busy = p999();
        is_over.store(true, Ordering::Relaxed);
        busy
    });
    println!("# readers' p99.9: {idle:.0} ns idle, {busy:.0} ns beside a writer");
    print("readers' p99.9: beside a writer of 1,000 commands / idle", busy / idle, &Goal::AtMost(2.0));
}
