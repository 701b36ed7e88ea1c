//! The performance figures, each a ratio to a yardstick of the same run, one line each: `cargo bench --bench summary`.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a program to be run by hand, which may stop at what does not fit"
)]

mod answers;
mod check;
mod figures;
mod growth;
mod host;
mod hostile;
mod reports;
mod sizes;
mod snapshot;
mod tenants;
mod threads;
mod tokens;
mod workload;
mod writes;

use core::cell::LazyCell;

use workload::{Kind, Workload};

fn main() {
    entitle::seed_hashes(hostile::SEED).unwrap();
    let mut arguments = std::env::args().skip(1);
    if let (Some(growth::COUNTED), Some(snapshot), Some(users), Some(what)) =
        (arguments.next().as_deref(), arguments.next(), arguments.next(), arguments.next())
    {
        return growth::counted(snapshot.as_ref(), users.parse().unwrap(), &what);
    }
    // `cargo bench --bench summary -- check writes`: these parts alone.
    let parts: Vec<String> = std::env::args().skip(1).filter(|part| !part.starts_with("--")).collect();
    let is_wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    // Made when the small ones are done, which so have a heap for themselves, as in a host of their size.
    let big = LazyCell::new(|| Workload::new(Kind::Plain, 1_000_000));
    let all: [(&str, &dyn Fn()); 14] = [
        ("check", &check::small),
        ("writes", &writes::small),
        ("hostile", &hostile::run),
        ("threads", &threads::run),
        ("tokens", &tokens::run),
        ("reports", &reports::run),
        ("check", &|| check::big(&big)),
        ("writes", &|| writes::big(&big)),
        ("answers", &|| answers::run(&big)),
        ("snapshot", &|| snapshot::run(&big)),
        ("sizes", &|| sizes::run(&big)),
        ("tenants", &tenants::run),
        ("growth", &|| growth::run(&big)),
        ("host", &host::run),
    ];
    all.into_iter().filter(|(part, _)| is_wanted(part)).for_each(|(_, run)| run());
}
