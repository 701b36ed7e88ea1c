//! Tests of snapshots that no release writes, with a valid checksum.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use alloc::string::ToString;
use alloc::vec::Vec;

use super::key::checksum;
use super::read::plain_body;
use super::{Body, PLAIN, PlanRow, SnapshotError};
use crate::catalog::Catalog;
use crate::id::RecordId;
use crate::license::grant::MAX_EXTENSIONS;
use crate::quantity::amount::Amount;
use crate::tenant::Tenant;
use crate::tenant::command::{Command, Event, TrialName};
use crate::tenant::consumption::Consumption;
use crate::tenant::entry::Beginning;
use crate::tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
use crate::tenant::role::Actor;
use crate::tenant::snapshot::{AssignedRow, DocumentRow, QueueRow, RecordedAtRow, TrialRow};
use crate::tenant::state::stored_document::Installed;
use crate::time::month::Month;
use crate::token::ring::KeyRing;
use chrono::DateTime;

/// The message for a snapshot that was forged in this way.
type Row = (&'static str, fn(&mut Body<'_>));
/// A token of the right form.
const TOKEN: &str = include_str!("../../../tests/golden/0.1/tenant.token");

fn document(position: u64, text: &str) -> DocumentRow {
    DocumentRow(Installed::License, position, text.trim_end().into())
}

type QueuesRow = (&'static str, fn(&mut Vec<QueueRow<'_>>));

fn catalog() -> Catalog {
    Catalog::from_json(include_str!("../../../examples/fabrikam.json")).unwrap()
}

/// Returns a tenant with something of everything: `a` and `b` claim silver, `b` and `c` gold
/// through a group.
fn tenant() -> Tenant {
    let mut tenant = Tenant::new(
        &catalog(),
        &KeyRing::new(),
        &Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16])),
    );
    let (at, license) =
        (DateTime::from_timestamp(1_790_000_000, 0).unwrap(), crate::id::LicenseId::from_random([1; 16]));
    let (one, stranger) = (Amount::UNIT, "stranger".parse().unwrap());
    let consumption =
        Consumption::new("gold".parse().unwrap(), "d".parse().unwrap(), "bot".parse().unwrap(), Month::of(at), one);
    let commands = alloc::vec![
        Command::assign("a".parse().unwrap(), "silver".parse().unwrap()),
        Command::assign("b".parse().unwrap(), "silver".parse().unwrap()),
        Command::assign_group("staff".parse().unwrap(), "gold".parse().unwrap()),
        Command::assign_group("tour".parse().unwrap(), stranger),
        Command::join("b".parse().unwrap(), "staff".parse().unwrap()),
        Command::join("c".parse().unwrap(), "staff".parse().unwrap()),
        Command::StartTrial(TrialName::new(license, "gold".parse().unwrap())),
        Command::Consume(consumption),
    ];
    tenant.perform(&Event::new(1, at, Actor::new("x".parse().unwrap()), commands));
    tenant
}

/// Returns a snapshot with forged content and a valid checksum.
fn forged(forge: impl FnOnce(&mut Body<'_>)) -> Vec<u8> {
    let good = tenant().snapshot().unwrap();
    let mut body = postcard::from_bytes(plain_body(&good).unwrap()).unwrap();
    forge(&mut body);
    sealed(&postcard::to_allocvec(&body).unwrap())
}

fn sealed(body: &[u8]) -> Vec<u8> {
    [PLAIN.as_bytes(), &checksum(body), body].concat()
}

fn restored(bytes: &[u8]) -> Result<Tenant, SnapshotError> {
    Tenant::restore(&catalog(), &KeyRing::new(), "contoso".parse().unwrap(), bytes)
}

fn message_for(forge: impl FnOnce(&mut Body<'_>)) -> &'static str {
    match restored(&forged(forge)) {
        Err(SnapshotError::Malformed { what }) => what,
        Err(_) => "another error",
        Ok(_) => "read",
    }
}

#[test]
fn x8_a_snapshot_that_no_release_writes_is_refused() {
    assert_eq!(message_for(|_| {}), "read");
    let rows: [Row; 40] = [
        ("invalid timestamp", |body| body.open = -1),
        ("invalid timestamp", |body| body.open = i64::MAX),
        ("the number of times differs from the number of time tickets", |body| body.epochs.push(0)),
        ("a document is not a token", |body| body.documents.push(document(1, "v4.public."))),
        ("the documents are out of order", |body| body.documents.push(document(0, TOKEN))),
        ("the documents are out of order", |body| body.documents.push(document(2, TOKEN))),
        ("the position is beyond the longest record", |body| body.position = u64::MAX),
        ("the position is beyond the longest record", |body| body.position = 1 << 53),
        ("invalid plan id", |body| body.plans.push("")),
        ("duplicate plan", |body| body.plans.push("silver")),
        ("duplicate plan", |body| body.plans.push("stranger")),
        ("a trial was recorded outside the record", |body| body.trials[0].started.0 = 1),
        ("a trial was recorded outside the record", |body| body.trials[0].started.2 = 1),
        ("invalid plan id", |body| body.trials[0].plan = " "),
        ("invalid timestamp", |body| body.trials[0].started.1 = -1),
        ("invalid group id", |body| body.groups[0].id = ""),
        ("the groups are out of order", |body| body.groups.swap(0, 1)),
        ("a group has neither members nor plans", |body| body.groups[1].plans.clear()),
        ("unknown plan", |body| body.groups[0].plans[0].0 = PlanRow(99)),
        ("the assignments of a user or group are out of order", |body| {
            body.groups[0].plans[0].1 = alloc::vec!["x", "x"];
        }),
        ("invalid app id", |body| body.groups[0].plans[0].1 = alloc::vec![""]),
        ("invalid user id", |body| body.users = "a\nc"),
        ("invalid user id", |body| body.lengths = [0, 0, 2, 0, 1, 0][..].into()),
        ("duplicate user", |body| body.users = "aba"),
        ("the lengths of the user ids do not match", |body| body.users = "ab"),
        ("the lengths of the user ids do not match", |body| body.users = "abcd"),
        ("the lengths of the user ids do not match", |body| body.users = "abé"),
        ("the lengths of the user ids do not match", |body| body.lengths.to_mut().push(1)),
        ("invalid user id", |body| body.users = "a c"),
        ("invalid user id", |body| {
            (body.users, body.lengths) = (&*"a".repeat(303).leak(), [45, 1, 1, 0, 1, 0][..].into());
        }),
        ("read", |body| (body.users, body.lengths) = ("éb cd", [2, 0, 3, 0, 1, 0][..].into())),
        ("a user has neither claims nor groups", |body| {
            (body.users, body.lengths) = ("abcd", [1, 0, 1, 0, 1, 0, 1, 0][..].into());
        }),
        ("the users are out of order", |body| body.extra_users.swap(0, 1)),
        ("the groups of a user are out of order", |body| body.extra_users[0].groups = [0, 0].into_iter().collect()),
        ("a user is in an unknown group", |body| body.extra_users[0].groups = [7].into_iter().collect()),
        ("the claims of a user differ from those in the queues", |body| body.extra_users[0].groups.clear()),
        ("the claims of a user differ from those in the queues", |body| {
            body.extra_users[1].direct = alloc::vec![AssignedRow(PlanRow(2), Vec::new())];
        }),
        ("unknown plan", |body| body.consumption[0].plan = PlanRow(99)),
        ("invalid timestamp", |body| body.consumption[0].month = -1),
        ("invalid consumption id", |body| body.consumption[0].ids[0] = ""),
    ];
    for (what, forge) in rows {
        assert_eq!(message_for(forge), what);
    }
    let duplicate = |body: &mut Body<'_>| {
        let TrialRow { license, plan, .. } = body.trials[0];
        body.trials.push(TrialRow { license, plan, started: RecordedAtRow(0, 0, 0), extended: Vec::new() });
    };
    assert_eq!(message_for(duplicate), "duplicate trial");
    let groups = |body: &mut Body<'_>| body.extra_users[0].groups = (0..=MAX_GROUPS).collect();
    assert_eq!(message_for(groups), "a user is in too many groups");
    let plans = |body: &mut Body<'_>| {
        body.groups[0].plans = (0..=MAX_ASSIGNED).map(|plan| AssignedRow(PlanRow(plan), Vec::new())).collect();
    };
    assert_eq!(message_for(plans), "a user or group has too many plans");
    let extensions = |body: &mut Body<'_>| {
        body.trials[0].extended = (0..=MAX_EXTENSIONS).map(|_| RecordedAtRow(0, 0, 0)).collect();
    };
    assert_eq!(message_for(extensions), "a trial has too many extensions");
    assert_eq!(message_for(|body| body.consumption[0].consumers[0].0 = "\n"), "invalid consumer id");
}

#[test]
fn s10_a_snapshot_whose_lines_are_none_is_refused() {
    // The first queue, of silver, has first claims of `a` and `b`; the second, of gold, another
    // claim of `b` and the first of `c`.
    let queues: [QueuesRow; 16] = [
        ("the queues are out of order or incomplete", |queues| {
            (queues[0].plan, queues[1].plan) = (queues[1].plan, queues[0].plan);
        }),
        ("the queues are out of order or incomplete", |queues| queues[1].plan = queues[0].plan),
        ("the queues are out of order or incomplete", |queues| queues[1].plan = PlanRow(99)),
        ("the queues are out of order or incomplete", |queues| queues[0].events.push((1, 1))),
        ("the queues are out of order or incomplete", |queues| queues[1].runs.push((0, 1))),
        ("the queues are out of order or incomplete", |queues| queues[1].later.to_mut().push(0)),
        ("the queues are out of order or incomplete", |queues| queues[1].later.to_mut().clear()),
        ("the queues are out of order or incomplete", |queues| queues[0].runs = alloc::vec![(u64::MAX, 0), (3, 0)]),
        ("a queue has a claim without an event or a user", |queues| queues[0].events[0].0 = 0),
        ("a queue has a claim without an event or a user", |queues| queues[0].events[0].0 = 2),
        ("a queue has a claim without an event or a user", |queues| queues[0].events = alloc::vec![(1, 1), (1, 1)]),
        ("a queue has a claim without an event or a user", |queues| {
            (queues[0].runs, queues[0].events) = (alloc::vec![(4, 0)], alloc::vec![(1, 4)]);
        }),
        ("a queue has a claim without an event or a user", |queues| {
            (queues[0].runs, queues[0].events) = (alloc::vec![(u64::MAX - 9, 0)], alloc::vec![(1, u64::MAX - 9)]);
        }),
        // The first claim of `c` is after this one, and no user has the last number.
        ("a queue has a claim without an event or a user", |queues| queues[1].later.to_mut()[0] = 2),
        ("a queue has a claim without an event or a user", |queues| queues[1].later = [u8::MAX; 4][..].to_vec().into()),
        ("a queue has a user twice", |queues| {
            (queues[1].runs, queues[1].later) = (alloc::vec![(0, 2)], [1, 0, 0, 0, 1, 0, 0, 0][..].to_vec().into());
        }),
    ];
    for (what, forge) in queues {
        assert_eq!(message_for(|body| forge(&mut body.queues)), what);
    }
}

#[test]
fn x8_a_snapshot_has_nothing_after_its_end() {
    let good = tenant().snapshot().unwrap();
    let body = plain_body(&good).unwrap();
    let longer = sealed(&[body, b"x"].concat());
    let shorter = sealed(&body[..body.len() - 1]);
    let text = |bytes: &[u8]| restored(bytes).map(|_| ()).unwrap_err().to_string();
    assert_eq!(text(&longer), "the snapshot is invalid: there are bytes after its end");
    assert_eq!(text(&shorter), "the snapshot is invalid: a field cannot be read");
    let back = restored(&good).unwrap();
    assert_eq!(back.snapshot().unwrap(), good);
}
