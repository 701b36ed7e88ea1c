//! What is stored continues the record, as a whole or not at all.

use super::world::{World, entry, made, random_text, require};
use super::{Case, CaseError};
use crate::random::request_id;
use crate::store::{Appended, Position};

pub(super) const CASES: &[Case] = &[
    Case { claim: "entries after a head that is not the last are not stored", show: a_stale_head_is_a_conflict },
    Case { claim: "a batch is stored as a whole or not at all", show: a_batch_is_whole },
    Case { claim: "entries after a head that is not in the record are not stored", show: a_foreign_head_is_a_fork },
    Case { claim: "the same entries are stored once", show: the_same_entries_are_stored_once },
    Case { claim: "a request is stored once", show: a_request_is_stored_once },
    Case { claim: "a stored request is recognised in a batch after an earlier head", show: a_request_is_recognised },
];

fn a_stale_head_is_a_conflict(world: &World<'_>) -> Result<(), CaseError> {
    let mut begun = world.begin()?;
    let (beginning, late, entries) = (begun.position(), begun.entries(1)?, begun.entries(1)?);
    begun.append(world.one, &entries)?;
    for store in [world.one, world.other] {
        let found = store.append(begun.id(), beginning, &late);
        require(matches!(found, Appended::Conflict), &found)?;
    }
    begun.require(world.other, beginning.head, &entries)
}

fn a_batch_is_whole(world: &World<'_>) -> Result<(), CaseError> {
    let mut begun = world.begin()?;
    let (beginning, late, first) = (begun.position(), begun.entries(5)?, begun.entries(2)?);
    begun.append(world.one, &first)?;
    // Its entries 3 to 5 have numbers that are free.
    let found = world.other.append(begun.id(), beginning, &late);
    require(matches!(found, Appended::Conflict), &found)?;
    begun.require(world.one, beginning.head, &first)?;
    let batch = begun.entries(64)?;
    begun.append(world.other, &batch)?;
    begun.require(world.one, beginning.head, &[first, batch].concat())
}

fn a_foreign_head_is_a_fork(world: &World<'_>) -> Result<(), CaseError> {
    let mut begun = world.begin()?;
    let (beginning, ours, other) = (begun.tenant.head(), begun.entries(1)?, begun.entries(3)?);
    begun.append(world.one, &ours)?;
    // Two histories of one record: after its entry 1, and after an entry that is not there yet.
    for (foreign, next) in other.iter().zip(other.iter().skip(1)) {
        let found = world.one.append(begun.id(), Position::of(foreign.head()), core::slice::from_ref(next));
        require(matches!(found, Appended::Forked), &found)?;
    }
    begun.require(world.other, beginning, &ours)
}

fn the_same_entries_are_stored_once(world: &World<'_>) -> Result<(), CaseError> {
    let mut begun = world.begin()?;
    let (beginning, entries) = (begun.position(), begun.entries(2)?);
    begun.append(world.one, &entries)?;
    // A store that remembers messages may say that they are stored: they are.
    let found = world.other.append(begun.id(), beginning, &entries);
    let is_right = matches!(found, Appended::Stored(_) | Appended::Conflict | Appended::AlreadyStored(_));
    require(is_right, &found)?;
    begun.require(world.one, beginning.head, &entries)?;
    let next = begun.entries(1)?;
    begun.append(world.one, &next)?;
    begun.require(world.other, beginning.head, &[entries, next].concat())
}

fn a_request_is_stored_once(world: &World<'_>) -> Result<(), CaseError> {
    let mut begun = world.begin()?;
    let (beginning, request) = (begun.tenant.head(), request_id()?);
    let first = entry(&begun.tenant, request, &random_text()?)?;
    begun.append(world.one, core::slice::from_ref(&first))?;
    let again = entry(&begun.tenant, request, &random_text()?)?;
    let found = world.other.append(begun.id(), begun.position(), core::slice::from_ref(&again));
    require(matches!(found, Appended::AlreadyStored(stored) if stored == request), &found)?;
    begun.require(world.one, beginning, core::slice::from_ref(&first))?;
    // Another tenant's requests are others.
    let mut other = world.begin()?;
    let same = entry(&other.tenant, request, &random_text()?)?;
    other.append(world.one, core::slice::from_ref(&same))
}

fn a_request_is_recognised(world: &World<'_>) -> Result<(), CaseError> {
    let mut begun = world.begin()?;
    let (beginning, request) = (begun.position(), request_id()?);
    // Decided before the request was stored, with another first.
    let mut before = begun.tenant.clone();
    let new = entry(&before, request_id()?, &random_text()?)?;
    made(before.apply(&new))?;
    let again = entry(&before, request, &random_text()?)?;
    let first = entry(&begun.tenant, request, &random_text()?)?;
    begun.append(world.one, core::slice::from_ref(&first))?;
    let found = world.other.append(begun.id(), beginning, &[new, again]);
    require(matches!(found, Appended::AlreadyStored(stored) if stored == request), &found)?;
    begun.require(world.one, beginning.head, core::slice::from_ref(&first))
}
