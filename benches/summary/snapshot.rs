//! What a start from a snapshot costs, beside copying the ids and hashing each, which any table of them has to do.

use core::hash::BuildHasher;
use core::hint::black_box;
use core::time::Duration;

use entitle::Tenant;
use hashbrown::DefaultHashBuilder;

use crate::figures::{Goal, figure, ratio, time};
use crate::sizes::seated;
use crate::workload::{Workload, ring, tenant_id, user};

pub fn run(big: &Workload) {
    let users = big.users;
    let bytes = seated(big, users).snapshot().unwrap();
    let ids: Vec<String> = (0..users).map(|number| user(number).to_string()).collect();
    let (text, length) = (ids.concat(), ids[0].len());
    drop(ids);
    let ours = || -> Duration {
        let mut back = None;
        let took = time(|| back = Some(Tenant::restore(&big.catalog, &ring(), tenant_id(), &bytes).unwrap()));
        drop(back);
        took
    };
    let hasher = DefaultHashBuilder::default();
    let theirs = || -> Duration {
        time(|| {
            let copy = black_box(&text).clone();
            let ids = copy.as_bytes().chunks(length);
            ids.map(|id| hasher.hash_one(id)).fold(0, u64::wrapping_add)
        })
    };
    let name = format!("load a snapshot of {users} seats / copy and hash the ids");
    figure(&name, ratio(9, ours, theirs), "", Goal::AtMost(6.0));
    figure("a snapshot, a seat", bytes.len() as f64 / users as f64, " B", Goal::Report);
    let write = time(|| black_box(big.tenant.snapshot().unwrap()));
    figure(&format!("write a snapshot, {users} users"), write.as_secs_f64() * 1e3, " ms", Goal::Report);
}
