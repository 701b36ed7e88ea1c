//! What is read is what was stored.

use entitle::TenantId;
use entitle::record::Beginning;

use super::world::{Begun, World, entry, entry_of_many, made, random_text, require, same, tenant};
use super::{Case, CaseError};
use crate::random::{record_id, request_id};
use crate::store::{Change, Page, Position};

pub(super) const CASES: &[Case] = &[
    Case { claim: "the first beginning of a record stays", show: the_first_beginning_stays },
    Case { claim: "a record is not begun by asking for it", show: asking_begins_nothing },
    Case { claim: "tenants are listed once each, in the order of their ids", show: tenants_are_listed },
    Case { claim: "entries are read as they were stored, page by page", show: entries_are_read_in_pages },
    Case { claim: "the records of tenants are apart, whatever their ids", show: tenants_are_apart },
    Case { claim: "long texts and texts in any script are stored as they are", show: texts_are_stored_as_they_are },
    Case { claim: "a head that is not in the record is a fork", show: a_foreign_head_is_a_fork },
    Case { claim: "what changed is found by head", show: what_changed_is_found },
    Case { claim: "a request is found where it is stored", show: a_request_is_found },
    Case { claim: "the latest snapshot is kept", show: the_latest_snapshot_is_kept },
];

fn the_first_beginning_stays(world: &World<'_>) -> Result<(), CaseError> {
    let begun = world.begin()?;
    let second = Beginning::new(begun.id().clone(), record_id()?);
    let stored = world.other.begin(&second)?;
    same("the beginning", &stored.head(), &begun.tenant.head())?;
    begun.require(world.other, stored.head(), &[])
}

fn asking_begins_nothing(world: &World<'_>) -> Result<(), CaseError> {
    let (id, begun) = (made(random_text()?.parse())?, world.begin()?);
    for store in [world.one, world.other, world.one] {
        same("the beginning of a record that was not begun", &store.beginning(&id)?, &None)?;
        let stored = store.beginning(begun.id())?.map(|beginning| beginning.head());
        same("the beginning of a record", &stored, &Some(begun.tenant.head()))?;
    }
    Ok(())
}

fn tenants_are_listed(world: &World<'_>) -> Result<(), CaseError> {
    let random = random_text()?;
    let mut ids: Vec<TenantId> = Vec::new();
    for id in ["b", "A", "a", "a.b", "a/b", "a b", "ä", "雪", &"x".repeat(250)] {
        let mut begun = world.begin_as(&format!("{random} {id}"))?;
        // A long record has its tenant once, too.
        let entries = begun.entries(3)?;
        begun.append(world.one, &entries)?;
        ids.push(begun.id().clone());
    }
    ids.sort_unstable();
    let Some((before, rest)) = ids.split_first() else { return Ok(()) };
    for store in [world.one, world.other] {
        for max in [1, 2, 3, 8] {
            // Others may have been begun before the first of these, and after the last.
            let (mut found, mut after) = (Vec::new(), before.clone());
            while found.len() < rest.len() {
                let page = store.tenants(Some(&after), max)?;
                require(!page.is_empty() && page.len() <= max, &page)?;
                after = page.last().cloned().unwrap_or(after);
                found.extend(page);
            }
            found.truncate(rest.len());
            same("the tenants after one", &found, &rest.to_vec())?;
        }
        let all = store.tenants(None, usize::MAX)?;
        require(all.is_sorted_by(|one, other| one < other) && ids.iter().all(|id| all.contains(id)), &all)?;
    }
    Ok(())
}

fn entries_are_read_in_pages(world: &World<'_>) -> Result<(), CaseError> {
    let mut begun = world.begin()?;
    let (beginning, entries) = (begun.position(), begun.entries(7)?);
    let (first, rest) = entries.split_at(3);
    begun.append(world.one, first)?;
    let middle = begun.position();
    begun.append(world.one, rest)?;
    for store in [world.one, world.other] {
        for max in [1, 2, 3, 7, 100] {
            same("what is read from the beginning", &begun.read(store, beginning, max)?, &entries)?;
            same("what is read from a later head", &begun.read(store, middle, max)?, &rest.to_vec())?;
        }
        same("what is read at the end", &begun.read(store, begun.position(), 1)?, &Vec::new())?;
    }
    Ok(())
}

fn tenants_are_apart(world: &World<'_>) -> Result<(), CaseError> {
    let random = random_text()?;
    let ids =
        ["contoso", "Contoso", "../x", "a/b", "a\\b", "a%2Fb", "con", "a.", "ä", "a'b\"c", "x y", &"x".repeat(260)];
    let mut records = Vec::new();
    for id in ids {
        let mut begun = world.begin_as(&format!("{id} {random}"))?;
        let (beginning, entries) = (begun.tenant.head(), begun.entries(1)?);
        begun.append(world.one, &entries)?;
        records.push((begun, beginning, entries));
    }
    records.iter().try_for_each(|(begun, beginning, entries)| begun.require(world.other, *beginning, entries))
}

fn texts_are_stored_as_they_are(world: &World<'_>) -> Result<(), CaseError> {
    let mut begun = world.begin()?;
    let beginning = begun.tenant.head();
    let mut stored = Vec::new();
    for user in ["a'b\"c\\d%_;--", "雪 \u{e9}e\u{301} 𝄞", &"x".repeat(300)] {
        let entry = entry(&begun.tenant, request_id()?, user)?;
        begun.append(world.one, core::slice::from_ref(&entry))?;
        stored.push(entry);
    }
    // One of some hundred kilobytes, as a document can make it.
    let many: Vec<String> = (0..1_000).map(|number| format!("{number:0>290}")).collect();
    let long = entry_of_many(&begun.tenant, request_id()?, &many)?;
    begun.append(world.one, core::slice::from_ref(&long))?;
    stored.push(long);
    begun.require(world.other, beginning, &stored)
}

fn a_foreign_head_is_a_fork(world: &World<'_>) -> Result<(), CaseError> {
    let mut begun = world.begin()?;
    let (ours, other) = (begun.entries(2)?, begun.entries(3)?);
    begun.append(world.one, &ours)?;
    for foreign in &other {
        let found = world.one.read(begun.id(), Position::of(foreign.head()), 10)?;
        require(found == Page::Forked, &found)?;
    }
    // A record that was never begun contains no head.
    let never = tenant(&Beginning::new(made(random_text()?.parse())?, record_id()?))?;
    let found = world.one.read(never.id(), Position::of(never.head()), 10)?;
    require(found == Page::Forked, &found)
}

fn what_changed_is_found(world: &World<'_>) -> Result<(), CaseError> {
    let mut known = Vec::new();
    let mut expected = Vec::new();
    for number in 0..12_usize {
        let mut begun: Begun = world.begin()?;
        let (ours, other) = (begun.entries(2)?, begun.entries(1)?);
        let head = begun.tenant.head();
        match number.checked_rem(3) {
            // The head that is known is the record's.
            Some(0) => {
                begun.append(world.one, &ours)?;
                known.push((begun.id().clone(), begun.tenant.head()));
            }
            Some(1) => {
                begun.append(world.one, &ours)?;
                known.push((begun.id().clone(), head));
                expected.push((begun.id().clone(), Change::Longer));
            }
            _ => {
                begun.append(world.one, &ours)?;
                let foreign = other.first().map_or(head, entitle::Entry::head);
                known.push((begun.id().clone(), foreign));
                expected.push((begun.id().clone(), Change::Forked));
            }
        }
    }
    let mut found = world.other.changed(&known)?;
    found.sort_by(|one, other| one.0.as_str().cmp(other.0.as_str()));
    expected.sort_by(|one, other| one.0.as_str().cmp(other.0.as_str()));
    same("what changed", &found, &expected)?;
    same("what changed of no records", &world.other.changed(&[])?, &Vec::new())
}

fn a_request_is_found(world: &World<'_>) -> Result<(), CaseError> {
    let (mut begun, other) = (world.begin()?, world.begin()?);
    let entries = begun.entries(3)?;
    begun.append(world.one, &entries)?;
    for entry in &entries {
        let found = world.other.find(begun.id(), entry.request())?;
        same("the number of a request", &found, &Some(entry.number()))?;
        let elsewhere = world.other.find(other.id(), entry.request())?;
        same("the number of another tenant's request", &elsewhere, &None)?;
    }
    same("the number of an unknown request", &world.other.find(begun.id(), request_id()?)?, &None)
}

fn the_latest_snapshot_is_kept(world: &World<'_>) -> Result<(), CaseError> {
    let mut begun = world.begin()?;
    same("the snapshot of a new record", &world.one.load_snapshot(begun.id())?, &None)?;
    let early = begun.tenant.head();
    world.one.save_snapshot(begun.id(), early, b"early")?;
    let entries = begun.entries(2)?;
    begun.append(world.one, &entries)?;
    let late = begun.tenant.head();
    world.one.save_snapshot(begun.id(), late, &[0, 255, 10, 0])?;
    world.other.save_snapshot(begun.id(), early, b"early")?;
    let found = world.other.load_snapshot(begun.id())?;
    same("the snapshot", &found, &Some(vec![0, 255, 10, 0]))
}
