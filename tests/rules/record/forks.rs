//! X7: entries of two histories never mix, whatever a host does wrong.

use entitle::record::{ApplyError, Beginning, Ledger, LedgerFault, first_difference};
use entitle::{Actor, Command, Entry, Event, RecordId, RequestId, Role, Tenant};

use super::{answers, ours, record};
use crate::support::{Scenario, Vendor, admin, assign, day, days, forged, join, ledger, paid, request, unassign, user};

/// Two processes that do the same in the same second make different entries, and each knows its own again.
#[test]
fn x7_an_entry_carries_the_request_that_it_answers() {
    let (_, tenant) = record(&Vendor::fabrikam());
    let commands = [Command::RecordTime];
    let host = Actor::new(user("app")).with(Role::Host);
    let decide = |request: u8| tenant.decide(&host, &commands, RequestId::from_random([request; 16]), day(20)).unwrap();
    let (one, other) = (decide(1), decide(2));
    assert_eq!((one.event(), one.previous()), (other.event(), other.previous()));
    assert_ne!(one.head(), other.head());
    assert_eq!(Entry::read(one.text()).unwrap().request(), RequestId::from_random([1; 16]));
    assert_eq!(one.text(), decide(1).text(), "the same request decides the same entry");
}

/// A host that applies before it stores: another process stored another entry meanwhile.
#[test]
fn x7_an_entry_applied_before_it_was_stored_forks_and_is_noticed() {
    let vendor = Vendor::fabrikam();
    let stored = vendor.contoso([paid("gold", 2, days(0, 100))]);
    let (mut hasty, mut other) = (stored.clone(), stored);
    let lost = hasty.run(1, [assign("ada", "gold")]).unwrap();
    let won = other.run(1, [assign("bo", "gold")]).unwrap();
    // The hasty host has applied what the store never took; what the store has does not continue it.
    let next = other.run(1, [assign("cy", "gold")]).unwrap();
    let before = answers(&hasty);
    let error = hasty.apply(&next).unwrap_err();
    assert_eq!(error, ApplyError::Forked { found: 3, previous: won.head().hash(), head: lost.head() });
    assert_eq!((hasty.head(), answers(&hasty)), (lost.head(), before), "nothing has changed");
    assert_eq!(first_difference([lost.head()], [won.head(), next.head()]), Some(2));
    assert_eq!(first_difference([won.head()], [won.head(), next.head()]), None);
}

/// A host that gives a stale decision the next number: the number is in the text that is hashed.
#[test]
fn x7_a_stale_decision_cannot_be_renumbered() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let stale = tenant.decide(&admin(), &[assign("ada", "gold")], request(), day(1)).unwrap();
    tenant.run(1, [assign("bo", "gold")]).unwrap();
    assert!(matches!(tenant.apply(&stale), Err(ApplyError::OutOfSequence { found: 2, head }) if head.number() == 2));
    let renumbered = Entry::read(stale.text().replacen(r#""number":2"#, r#""number":3"#, 1)).unwrap();
    let refused = tenant.apply(&renumbered).unwrap_err();
    assert_eq!(refused, ApplyError::Forked { found: 3, previous: stale.previous(), head: tenant.head() });
    assert_eq!(tenant.queue(&"gold".parse().unwrap()).count(), 1, "one seat was sold");
}

/// A host whose database was restored to before its snapshot: other entries were written since.
#[test]
fn x7_a_snapshot_ahead_of_a_restored_record_is_noticed() {
    let vendor = Vendor::fabrikam();
    let (entries, tenant) = record(&vendor);
    let ahead =
        Tenant::restore(&vendor.catalog, &vendor.ring(), tenant.id().clone(), &tenant.snapshot().unwrap()).unwrap();
    assert_eq!(ahead.head(), tenant.head());
    // The backup has four of six entries, and two others follow it.
    let mut restored = vendor.tenant("contoso");
    for entry in &entries[..4] {
        restored.apply(entry).unwrap();
    }
    let mut kept = entries[..4].to_vec();
    kept.extend([restored.run(20, [join("dee", "staff")]).unwrap(), restored.run(21, [join("eve", "staff")]).unwrap()]);
    let text = ledger(&ours(), &kept);
    let ledger = Ledger::read(tenant.id(), &text).unwrap();
    let error = ledger.entries_after(ahead.head()).unwrap_err();
    assert_eq!((error.line, error.fault), (7, LedgerFault::LacksHead { head: tenant.head() }));
    let later = restored.run(22, [join("fay", "staff")]).unwrap();
    assert_eq!(ahead.clone().apply(&later).unwrap_err().code(), "apply.forked");
    let heads = |entries: &[Entry]| entries.iter().map(Entry::head).collect::<Vec<_>>();
    assert_eq!(first_difference(heads(&entries), heads(&kept)), Some(5));
}

/// Two histories of one record never mix: a host that merges two stores.
#[test]
fn x7_two_histories_of_one_record_do_not_mix() {
    let vendor = Vendor::fabrikam();
    let start = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let (mut one, mut other) = (start.clone(), start.clone());
    let one = [one.run(1, [assign("ada", "gold")]).unwrap(), one.run(2, [unassign("ada", "gold")]).unwrap()];
    let other = [other.run(1, [assign("bo", "gold")]).unwrap(), other.run(2, [join("bo", "staff")]).unwrap()];
    for (first, second) in [(&one[0], &other[1]), (&other[0], &one[1])] {
        let mut mixed = start.clone();
        mixed.apply(first).unwrap();
        assert_eq!(mixed.apply(second).unwrap_err().code(), "apply.forked");
        assert_eq!(mixed.head(), first.head());
    }
    // Nor of two records of the same tenant with the same events.
    let elsewhere = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([2; 16]));
    let mut elsewhere = Tenant::new(&vendor.catalog, &vendor.ring(), &elsewhere);
    let first = forged(&vendor.tenant("contoso"), Event::new(1, day(0), admin(), vec![Command::RecordTime]));
    assert_eq!(elsewhere.apply(&first).unwrap_err().code(), "apply.forked");
}
