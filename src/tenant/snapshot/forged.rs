//! Snapshots that no release writes, with a right checksum.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use alloc::string::ToString;
use alloc::vec::Vec;

use super::read::opened;
use super::{Body, RELEASE, SnapshotError, checksum};
use crate::amount::Amount;
use crate::catalog::Catalog;
use crate::grant::MAX_EXTENSIONS;
use crate::month::Month;
use crate::role::Actor;
use crate::tenant::Tenant;
use crate::tenant::command::{Command, Event, TrialName};
use crate::tenant::consumption::Consumption;
use crate::tenant::documents::Installed;
use crate::tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
use crate::tenant::snapshot::{AssignedRow, DocumentRow, LineRow, StampRow, TrialRow};
use crate::token::ring::KeyRing;
use chrono::DateTime;

/// What is said of a snapshot that was forged so.
type Row = (&'static str, fn(&mut Body<'_>));
/// A token of the right form.
const TOKEN: &str = include_str!("../../../tests/golden/0.1/tenant.token");

fn document(position: u64, text: &str) -> DocumentRow {
    DocumentRow(Installed::License, position, text.trim_end().into())
}

type LinesRow = (&'static str, fn(&mut Vec<LineRow<'_>>));

fn catalog() -> Catalog {
    Catalog::from_json(include_str!("../../../examples/fabrikam.json")).unwrap()
}

/// A tenant with something of everything: `a` and `b` claim silver, `b` and `c` gold through a group.
fn tenant() -> Tenant {
    let mut tenant = Tenant::new(&catalog(), &KeyRing::new(), "contoso".parse().unwrap());
    let (at, license) =
        (DateTime::from_timestamp(1_790_000_000, 0).unwrap(), crate::id::LicenseId::from_random([1; 16]));
    let (one, stranger) = (Amount::UNIT, "stranger".parse().unwrap());
    let draw =
        Consumption::new("gold".parse().unwrap(), "d".parse().unwrap(), "bot".parse().unwrap(), Month::of(at), one);
    let commands = alloc::vec![
        Command::assign("a".parse().unwrap(), "silver".parse().unwrap()),
        Command::assign("b".parse().unwrap(), "silver".parse().unwrap()),
        Command::assign_group("staff".parse().unwrap(), "gold".parse().unwrap()),
        Command::assign_group("tour".parse().unwrap(), stranger),
        Command::join("b".parse().unwrap(), "staff".parse().unwrap()),
        Command::join("c".parse().unwrap(), "staff".parse().unwrap()),
        Command::StartTrial(TrialName::new(license, "gold".parse().unwrap())),
        Command::Draw(draw),
    ];
    tenant.apply(&Event::new(1, at, Actor::new("x".parse().unwrap()), commands)).unwrap();
    tenant
}

/// A snapshot of what no tenant says, with the right hash.
fn forged(forge: impl FnOnce(&mut Body<'_>)) -> Vec<u8> {
    let good = tenant().snapshot().unwrap();
    let mut body = postcard::from_bytes(opened(&good).unwrap()).unwrap();
    forge(&mut body);
    sealed(&postcard::to_allocvec(&body).unwrap())
}

fn sealed(body: &[u8]) -> Vec<u8> {
    [RELEASE.as_bytes(), &checksum(body), body].concat()
}

fn restored(bytes: &[u8]) -> Result<Tenant, SnapshotError> {
    Tenant::restore(&catalog(), &KeyRing::new(), "contoso".parse().unwrap(), bytes)
}

fn said(forge: impl FnOnce(&mut Body<'_>)) -> &'static str {
    match restored(&forged(forge)) {
        Err(SnapshotError::Malformed { what }) => what,
        Err(_) => "another error",
        Ok(_) => "read",
    }
}

#[test]
fn x8_a_snapshot_that_no_release_writes_is_refused() {
    assert_eq!(said(|_| {}), "read");
    let rows: [Row; 40] = [
        ("a time is none", |body| body.open = -1),
        ("a time is none", |body| body.open = i64::MAX),
        ("the times do not belong to its time tickets", |body| body.epochs.push(0)),
        ("a document is no token", |body| body.documents.push(document(1, "v4.public."))),
        ("the documents are out of order", |body| body.documents.push(document(0, TOKEN))),
        ("the documents are out of order", |body| body.documents.push(document(2, TOKEN))),
        ("its position is beyond the longest record", |body| body.position = u64::MAX),
        ("its position is beyond the longest record", |body| body.position = 1 << 53),
        ("the id of a plan is none", |body| body.strangers.push("")),
        ("a plan is there twice", |body| body.strangers.push("silver")),
        ("a plan is there twice", |body| body.strangers.push("stranger")),
        ("a trial was recorded where there is no record", |body| body.trials[0].started.0 = 1),
        ("a trial was recorded where there is no record", |body| body.trials[0].started.2 = 1),
        ("the id of a plan is none", |body| body.trials[0].plan = " "),
        ("a time is none", |body| body.trials[0].started.1 = -1),
        ("the id of a group is none", |body| body.groups[0].id = ""),
        ("the groups are out of order", |body| body.groups.swap(0, 1)),
        ("a group has nothing", |body| body.groups[1].plans.clear()),
        ("the assignments of somebody are out of order", |body| body.groups[0].plans[0].0 = 99),
        ("the assignments of somebody are out of order", |body| body.groups[0].plans[0].1 = alloc::vec!["x", "x"]),
        ("the id of an app is none", |body| body.groups[0].plans[0].1 = alloc::vec![""]),
        ("the id of a user is none", |body| body.users = "a\nc"),
        ("the id of a user is none", |body| body.lengths = [0, 0, 2, 0, 1, 0][..].into()),
        ("a user is there twice", |body| body.users = "aba"),
        ("the ids of the users are not as long as it says", |body| body.users = "ab"),
        ("the ids of the users are not as long as it says", |body| body.users = "abcd"),
        ("the ids of the users are not as long as it says", |body| body.users = "abé"),
        ("the ids of the users are not as long as it says", |body| body.lengths.to_mut().push(1)),
        ("the id of a user is none", |body| body.users = "a c"),
        ("the id of a user is none", |body| {
            (body.users, body.lengths) = (&*"a".repeat(303).leak(), [45, 1, 1, 0, 1, 0][..].into());
        }),
        ("read", |body| (body.users, body.lengths) = ("éb cd", [2, 0, 3, 0, 1, 0][..].into())),
        ("a user has nothing", |body| {
            (body.users, body.lengths) = ("abcd", [1, 0, 1, 0, 1, 0, 1, 0][..].into());
        }),
        ("the users are out of order", |body| body.others.swap(0, 1)),
        ("the groups of a user are out of order", |body| body.others[0].groups = alloc::vec![0, 0]),
        ("a user is in a group that is not there", |body| body.others[0].groups = alloc::vec![7]),
        ("the claims of a user are not those in the lines", |body| body.others[0].groups.clear()),
        ("the claims of a user are not those in the lines", |body| {
            let plan = body.lines[0].plan;
            body.others[1].direct = alloc::vec![AssignedRow(plan + 2, Vec::new())];
        }),
        ("a plan is not there", |body| body.draws[0].plan = 99),
        ("a time is none", |body| body.draws[0].month = -1),
        ("the id of a draw is none", |body| body.draws[0].ids[0] = ""),
    ];
    for (what, forge) in rows {
        assert_eq!(said(forge), what);
    }
    let again = |body: &mut Body<'_>| {
        let TrialRow { license, plan, .. } = body.trials[0];
        body.trials.push(TrialRow { license, plan, started: StampRow(0, 0, 0), extended: Vec::new() });
    };
    assert_eq!(said(again), "a trial is there twice");
    let groups = |body: &mut Body<'_>| body.others[0].groups = (0..=MAX_GROUPS).collect();
    assert_eq!(said(groups), "a user is in more groups than anybody can be");
    let plans = |body: &mut Body<'_>| {
        body.groups[0].plans = (0..=MAX_ASSIGNED).map(|plan| AssignedRow(plan, Vec::new())).collect();
    };
    assert_eq!(said(plans), "somebody has more plans than anybody can");
    let often = |body: &mut Body<'_>| {
        body.trials[0].extended = (0..=MAX_EXTENSIONS).map(|_| StampRow(0, 0, 0)).collect();
    };
    assert_eq!(said(often), "a trial was extended more often than any can be");
    assert_eq!(said(|body| body.draws[0].things[0].0 = "\n"), "the id of a thing is none");
}

#[test]
fn s10_a_snapshot_whose_lines_are_none_is_refused() {
    // In the first line, of silver, `a` and `b` come; in the second, of gold, `b` again, and then `c` comes.
    let lines: [LinesRow; 16] = [
        ("the lines are out of order", |lines| (lines[0].plan, lines[1].plan) = (lines[1].plan, lines[0].plan)),
        ("the lines are out of order", |lines| lines[1].plan = lines[0].plan),
        ("the lines are out of order", |lines| lines[1].plan = 99),
        ("the lines are out of order", |lines| lines[0].events.push((1, 1))),
        ("the lines are out of order", |lines| lines[1].runs.push((0, 1))),
        ("the lines are out of order", |lines| lines[1].again.to_mut().push(0)),
        ("the lines are out of order", |lines| lines[1].again.to_mut().clear()),
        ("the lines are out of order", |lines| lines[0].runs = alloc::vec![(u64::MAX, 0), (3, 0)]),
        ("a line has a claim that nobody made", |lines| lines[0].events[0].0 = 0),
        ("a line has a claim that nobody made", |lines| lines[0].events[0].0 = 2),
        ("a line has a claim that nobody made", |lines| lines[0].events = alloc::vec![(1, 1), (1, 1)]),
        ("a line has a claim that nobody made", |lines| {
            (lines[0].runs, lines[0].events) = (alloc::vec![(4, 0)], alloc::vec![(1, 4)]);
        }),
        ("a line has a claim that nobody made", |lines| {
            (lines[0].runs, lines[0].events) = (alloc::vec![(u64::MAX - 9, 0)], alloc::vec![(1, u64::MAX - 9)]);
        }),
        // `c` comes after this, and nobody at all has the last number.
        ("a line has a claim that nobody made", |lines| lines[1].again.to_mut()[0] = 2),
        ("a line has a claim that nobody made", |lines| lines[1].again = [u8::MAX; 4][..].to_vec().into()),
        ("a line has a user twice", |lines| {
            (lines[1].runs, lines[1].again) = (alloc::vec![(0, 2)], [1, 0, 0, 0, 1, 0, 0, 0][..].to_vec().into());
        }),
    ];
    for (what, forge) in lines {
        assert_eq!(said(|body| forge(&mut body.lines)), what);
    }
}

#[test]
fn x8_a_snapshot_ends_where_it_ends() {
    let good = tenant().snapshot().unwrap();
    let body = opened(&good).unwrap();
    let longer = sealed(&[body, b"x"].concat());
    let shorter = sealed(&body[..body.len() - 1]);
    let text = |bytes: &[u8]| restored(bytes).map(|_| ()).unwrap_err().to_string();
    assert_eq!(text(&longer), "the snapshot is none: something follows its end");
    assert_eq!(text(&shorter), "the snapshot is none: a field cannot be read");
    let back = restored(&good).unwrap();
    assert_eq!(back.snapshot().unwrap(), good);
}
