//! Licenses of many grants, and many licenses.

use chrono::TimeDelta;
use entitle::{Catalog, Command, Grant, LicenseId, Term, Token, Units};

use crate::events::{ledger, load};
use crate::growth::{growth, take};
use crate::workload::{Kind, deal, now, offer, plan, secret};

/// A license of grants of the first plans, each of which begins at another time.
fn license(number: usize, grants: usize) -> Token {
    let offer = offer(Kind::Plain);
    let grant = |nth: usize| {
        let starts = now() - TimeDelta::days(i64::try_from(1_000 * number + nth).unwrap() % 3_000);
        Grant::paid(
            plan(nth % 20),
            Units::limited(3).unwrap(),
            Term::new(starts, starts + TimeDelta::days(5_000)).unwrap(),
        )
    };
    let mut deal = deal(&offer, (0..grants).map(grant));
    let mut id = [3; 16];
    id[..8].copy_from_slice(&number.to_le_bytes());
    deal.id = LicenseId::from_random(id);
    secret().seal(&deal).unwrap()
}

pub fn run() {
    let catalog = Catalog::new(offer(Kind::Plain)).unwrap();
    growth("a license of many grants", [100, 400], |count| {
        let text = ledger(&[Command::Install(license(0, count))], 1);
        take(text.len(), || load(&catalog, &text))
    });
    growth("many licenses of one grant, one a line", [250, 1_000], |count| {
        let text = ledger(&(0..count).map(|number| Command::Install(license(number, 1))).collect::<Vec<_>>(), 1);
        take(text.len(), || load(&catalog, &text))
    });
    growth("many licenses of 40 grants, one a line", [50, 200], |count| {
        let text = ledger(&(0..count).map(|number| Command::Install(license(number, 40))).collect::<Vec<_>>(), 1);
        take(text.len(), || load(&catalog, &text))
    });
}
