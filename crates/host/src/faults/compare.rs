//! Compares every answer with the record.

use std::collections::BTreeMap;
use std::thread;
use std::time::Instant;

use core::time::Duration;
use entitle::{Entry, Tenant};

use super::error::FaultsError;
use super::report::{FaultsReport, Finding};
use super::scene::{SEATS, Scene};
use crate::store::{Page, Position, Store, StoreError};

/// How many acknowledgements there have to be, for the comparison to mean something.
pub(super) const ENOUGH: usize = 50;

/// How long a server may take until it answers again.
const PATIENCE: Duration = Duration::from_secs(60);

/// Compares answers with what is stored after the beginning.
pub(super) fn compare(
    scene: &Scene,
    store: &dyn Store,
    mut tenant: Tenant,
    answers: &[String],
) -> Result<FaultsReport, FaultsError> {
    let mut findings = Vec::new();
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    for entry in entries(scene, store, &tenant)? {
        let (request, number) = (entry.request().to_string(), entry.number());
        if let Err(error) = tenant.apply(&entry) {
            return Err(FaultsError::Setup { detail: format!("entry {number} is of another writer: {error}") });
        }
        let seats = scene.seated(&tenant);
        if seats > SEATS.into() {
            findings.push(Finding::TooManySeats { number, seats });
        }
        if numbers.insert(request.clone(), number).is_some() {
            findings.push(Finding::StoredTwice { request, number });
        }
    }
    let (mut acknowledged, mut denied, mut unknown) = (0_usize, 0_usize, 0_usize);
    for line in answers {
        // The last line of a process that was killed may be a part of one.
        let mut words = line.splitn(3, ' ');
        let (Some(word), Some(request), Some(answer)) = (words.next(), words.next(), words.next()) else {
            if let Some(seats) = line.strip_prefix("seated ") {
                findings.push(Finding::TooManySeatsSeen { seats: seats.to_string() });
            }
            continue;
        };
        let stored = numbers.get(request).copied();
        let answer = || format!("request {request}: {answer}");
        match (word, stored) {
            ("stored", Some(_)) => acknowledged = acknowledged.saturating_add(1),
            ("stored", None) => findings.push(Finding::Lost { answer: answer() }),
            ("denied", None) => denied = denied.saturating_add(1),
            ("denied", Some(number)) => findings.push(Finding::DeniedAndStored { answer: answer(), number }),
            ("unknown", _) => unknown = unknown.saturating_add(1),
            _ => {}
        }
    }
    if acknowledged < ENOUGH {
        findings.push(Finding::TooFew { acknowledged });
    }
    Ok(FaultsReport { kills: 0, entries: numbers.len(), acknowledged, denied, unknown, findings })
}

/// Returns everything that is stored after a tenant's head.
fn entries(scene: &Scene, store: &dyn Store, tenant: &Tenant) -> Result<Vec<Entry>, FaultsError> {
    let (began, mut after, mut read) = (Instant::now(), Position::of(tenant.head()), Vec::new());
    loop {
        match store.read(&scene.id, after, 1_000) {
            Ok(Page::Entries { entries, position, has_more }) => {
                read.extend(entries);
                after = position;
                if !has_more {
                    return Ok(read);
                }
            }
            Ok(page) => return Err(FaultsError::Setup { detail: format!("the record cannot be read on: {page:?}") }),
            Err(StoreError::Unavailable { .. }) if began.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(error.into()),
        }
    }
}
