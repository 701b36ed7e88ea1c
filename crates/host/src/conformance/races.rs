//! Writers at the same time make one history.

use std::collections::BTreeSet;
use std::thread;

use entitle::record::Head;
use entitle::{Entry, RequestId};

use super::world::{Begun, World, entry, made, random_text, same};
use super::{Case, CaseError};
use crate::random::request_id;
use crate::store::{Appended, Cursor, Page, Position, Store};

/// How many entries each writer stores.
const EACH: usize = 12;

pub(super) const CASES: &[Case] =
    &[Case { claim: "writers at the same time make one history without a loss", show: writers_make_one_history }];

fn writers_make_one_history(world: &World<'_>) -> Result<(), CaseError> {
    let begun = world.begin()?;
    let beginning = begun.tenant.head();
    let write = |store| write_each(store, &begun);
    let stored = thread::scope(|scope| {
        let writers = [world.one, world.other, world.one, world.other].map(|store| scope.spawn(move || write(store)));
        let joined =
            writers.map(|writer| writer.join().unwrap_or_else(|_| Err(CaseError::Setup("a writer panicked".into()))));
        joined.into_iter().collect::<Result<Vec<Vec<RequestId>>, CaseError>>()
    })?;
    let acknowledged: BTreeSet<RequestId> = stored.into_iter().flatten().collect();
    let entries = begun.read(world.other, Position::of(beginning), 10)?;
    let mut head: Head = beginning;
    for entry in &entries {
        made(head.continued_by(entry))?;
        head = entry.head();
    }
    let found: BTreeSet<RequestId> = entries.iter().map(Entry::request).collect();
    same("the number of entries", &entries.len(), &acknowledged.len())?;
    same("the requests that are stored", &found, &acknowledged)
}

/// Stores entries, each decided on what is stored then. Returns their requests.
fn write_each(store: &dyn Store, begun: &Begun) -> Result<Vec<RequestId>, CaseError> {
    let mut ours = Begun { tenant: begun.tenant.clone(), cursor: Cursor::default() };
    let mut stored = Vec::new();
    while stored.len() < EACH {
        let request = request_id()?;
        let next = entry(&ours.tenant, request, &random_text()?)?;
        match store.append(ours.id(), ours.position(), core::slice::from_ref(&next)) {
            Appended::Stored(cursor) => {
                made(ours.tenant.apply(&next))?;
                ours.cursor = cursor;
                stored.push(request);
            }
            Appended::Conflict => match store.read(ours.id(), ours.position(), 100)? {
                Page::Entries { entries, position, .. } => {
                    entries.iter().try_for_each(|entry| made(ours.tenant.apply(entry)))?;
                    ours.cursor = position.cursor;
                }
                found => return Err(CaseError::Differs(format!("after a conflict: {found:?}"))),
            },
            Appended::NotStored(error) if error.is_temporary() => {}
            found => return Err(CaseError::Differs(format!("{found:?}"))),
        }
    }
    Ok(stored)
}
