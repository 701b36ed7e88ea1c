//! What a user, an administrator and the support desk read in each situation that a check knows, and where a purchase
//! and a trial of one plan meet.
//!
//! `cargo run --example situations`

#![allow(clippy::arithmetic_side_effects, reason = "the instants of a fixture are far from the ends of time")]

use core::error::Error;

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::explain::Audience;
use entitle::license::{GrantKind, Termination};
use entitle::testing::fixture::{Fixture, Situation};
use entitle::time::{Length, Window};
use entitle::{Catalog, Decision, Grant, Term, Units};

const CATALOG: &str = r#"{
  "publisher": "fabrikam", "offer": "studio", "name": "Fabrikam Studio",
  "management": { "managed": "with_license" },
  "apps": [{ "id": "studio/edit", "name": "the Studio editor", "access": "licensed" }],
  "plans": [
    { "id": "pro", "scope": "user", "name": "Studio Pro", "apps": ["studio/edit"], "requires": [["site"]] },
    { "id": "site", "scope": "tenant", "name": "Studio Site" },
    { "id": "lite", "scope": "user", "name": "Studio Lite", "excludes": ["pro"] }
  ]
}"#;

type Result<T> = core::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let catalog = Catalog::from_json(CATALOG)?;
    let fixture = |situation| Fixture::new(&catalog, "studio/edit", situation);
    for &situation in Situation::ALL {
        show(&situation.to_string(), &fixture(situation)?);
    }
    show("a lapsed subscription beside a trial that was not started", &with_trial(fixture(Situation::Ended)?)?);
    show("a revoked license beside a trial that was not started", &with_trial(fixture(Situation::Revoked)?)?);
    show("a suspended license beside a trial that was not started", &with_trial(fixture(Situation::Suspended)?)?);
    show("a purchase that starts later beside a trial that runs", &pending(fixture(Situation::OnTrial)?)?);
    // The trial of 90 days, which began 30 days ago, is over by then.
    let refunded = refunded(fixture(Situation::OnTrial)?)?;
    show_at("a refund after a used trial", &refunded, refunded.now() + TimeDelta::days(70));
    show("a trial not started, with the clock behind the record", &with_trial(fixture(Situation::RecordAhead)?)?);
    show("a new seat for the user who waits", &bought(fixture(Situation::Waiting)?)?);
    Ok(())
}

/// Adds a trial of the plan that nobody has started.
fn with_trial(mut fixture: Fixture) -> Result<Fixture> {
    let window = Window::new(fixture.now(), fixture.now() + TimeDelta::days(30))?;
    let trial = Grant::trial(fixture.plan().clone(), Units::limited(5)?, window, Length::days(14)?);
    let deal = fixture.deal().with(trial);
    fixture.install(&deal)?;
    Ok(fixture)
}

/// Adds a purchase of the plan that starts in 90 days.
fn pending(mut fixture: Fixture) -> Result<Fixture> {
    let term = Term::new(fixture.now() + TimeDelta::days(90), fixture.now() + TimeDelta::days(455))?;
    let deal = fixture.deal().with(Grant::paid(fixture.plan().clone(), Units::limited(5)?, term));
    fixture.install(&deal)?;
    Ok(fixture)
}

/// Adds a purchase of the plan that its publisher has withdrawn.
fn refunded(mut fixture: Fixture) -> Result<Fixture> {
    let mut grant = Grant::paid(fixture.plan().clone(), Units::limited(5)?, Term::perpetual(fixture.now()));
    if let GrantKind::Paid(paid) = &mut grant.kind {
        paid.early = Termination::Withdrawn(fixture.now());
    }
    let deal = fixture.deal().with(grant);
    fixture.install(&deal)?;
    Ok(fixture)
}

/// Adds a seat of the plan.
fn bought(mut fixture: Fixture) -> Result<Fixture> {
    let seat = Grant::paid(fixture.plan().clone(), Units::limited(1)?, Term::perpetual(fixture.now()));
    let deal = fixture.deal().with(seat);
    fixture.install(&deal)?;
    Ok(fixture)
}

fn show(title: &str, fixture: &Fixture) {
    show_at(title, fixture, fixture.now());
}

fn show_at(title: &str, fixture: &Fixture, now: DateTime<Utc>) {
    println!("# {title}");
    for (reader, audience) in [
        ("the user", Audience::User),
        ("a person who is the whole tenant", Audience::Individual),
        ("the administrator", Audience::Administrator),
        ("the support desk", Audience::SupportDesk),
    ] {
        let text = match fixture.tenant().check(fixture.user(), fixture.app(), now) {
            Decision::Allow(allow) => allow.text(audience),
            Decision::Deny(denial) => denial.text(audience),
        };
        println!("## {reader}\n{text}");
    }
    println!();
}
