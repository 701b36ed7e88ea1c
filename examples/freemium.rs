//! Freemium from end to end: three projects are free, Studio Pro has a trial of 14 days, and a purchase is a year of
//! updates with a perpetual fallback to the release that was bought. Each step shows the status line in two languages.
//!
//! `cargo run --example freemium`

#[path = "german/language.rs"]
mod language;

use core::error::Error;

use entitle::catalog::Release;
use entitle::chrono::{DateTime, Utc};
use entitle::command::TrialName;
use entitle::explain::{AppAccess, Audience, OpenAccess};
use entitle::language::Language;
use entitle::license::{Customer, Fallback, Licensee};
use entitle::quota::QuotaDecision;
use entitle::record::Beginning;
use entitle::time::{Length, Window};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Decision, Grant, KeyRing, LicenseId, RecordId, RequestId, Role, SecretKey, Tenant,
    Term, Units, Zeroizing,
};

use crate::language::GERMAN;

/// The user's own computer: one person is the whole tenant.
struct Studio {
    tenant: Tenant,
    me: Actor,
}

impl Studio {
    /// Decides and applies; a real host stores the entry before it applies it.
    fn run(&mut self, command: Command, now: DateTime<Utc>) -> Result<(), Box<dyn Error>> {
        let entry = self.tenant.decide(&self.me, &[command], RequestId::from_random([1; 16]), now)?;
        self.tenant.apply(&entry)?;
        Ok(())
    }

    /// What the status bar shows of batch export, and whether one more project may be made.
    fn show(&self, title: &str, projects: u64, now: DateTime<Utc>) -> Result<(), Box<dyn Error>> {
        let (batch, quota) =
            (self.tenant.catalog().app("studio/batch")?, self.tenant.catalog().tenant_quota("projects")?);
        println!("=== {title}");
        for (name, language, words) in [
            ("en", Language::ENGLISH, ["days left", "for good: releases from before"]),
            ("de", GERMAN, ["Tage übrig", "unbefristet: Versionen von vor dem"]),
        ] {
            let status = self.tenant.status(&self.me.user, &batch, now);
            let text = match (&status.access, self.tenant.check(&self.me.user, &batch, now)) {
                (AppAccess::Open(open), _) => line(open, status.at, &language, words),
                (_, Decision::Deny(denial)) => denial.text(Audience::Individual).in_language(&language),
                (_, Decision::Allow(_)) => String::new(),
            };
            println!("{name}: {text}");
            match self.tenant.check_tenant_quota(&quota, projects, now) {
                QuotaDecision::Within(_) => println!("{name}: project {projects} is made"),
                QuotaDecision::Over(over) => {
                    println!("{name}: {}", over.text(Audience::Individual).in_language(&language));
                }
            }
        }
        Ok(())
    }
}

/// The status line of an open app: basis, days left of it, and which releases can be used without an end.
fn line(open: &OpenAccess, at: DateTime<Utc>, language: &Language<'_>, [days, good]: [&str; 2]) -> String {
    let basis = open.basis.message().in_language(language);
    let left = open.plan.as_ref().and_then(|plan| plan.days_left(at));
    let left = left.map(|left| format!("{} {days}", left.get()));
    let covered = open.plan.as_ref().and_then(|plan| match plan.fallback {
        Fallback::Before(before) => Some(format!("{good} {}", before.format("%Y-%m-%d"))),
        Fallback::None => None,
    });
    [Some(basis), left, covered].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn main() -> Result<(), Box<dyn Error>> {
    let day = |text: &str| format!("{text}T00:00:00Z").parse::<DateTime<Utc>>();
    let catalog = Catalog::from_json(include_str!("studio.json"))?;
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let powers = KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone);
    let ring = KeyRing::new().trust(secret.public(), powers)?;
    let beginning = Beginning::new("ada".parse()?, RecordId::from_random([5; 16]));
    let me = Actor::new("ada".parse()?).with(Role::GlobalAdministrator).with(Role::Host);
    let mut studio = Studio { tenant: Tenant::new(&catalog, &ring, &beginning), me };

    studio.show("The free tier, project 4", 4, day("2026-03-01")?)?;

    // The trial comes with the application, for anyone.
    let (trial, window) = (LicenseId::from_random([1; 16]), Window::new(day("2026-01-01")?, day("2027-01-01")?)?);
    let grant = Grant::trial("pro".parse()?, Units::limited(1)?, window, Length::days(14)?);
    let deal = Deal::new(trial, catalog.offer(), Licensee::Anyone, day("2026-01-01")?).with(grant);
    studio.run(Command::Install(secret.seal(&deal)?), day("2026-03-02")?)?;
    studio.run(Command::StartTrial(TrialName::new(trial, "pro".parse()?)), day("2026-03-02")?)?;
    studio.show("On trial", 4, day("2026-03-10")?)?;
    studio.show("After the trial", 4, day("2026-03-16")?)?;

    // A year of Pro; the releases of before the purchase stay for good.
    let bought = day("2026-03-20")?;
    let ada = Licensee::Tenant(Customer::new("ada".parse()?, "Ada Lovelace".parse()?, "GB".parse()?));
    let grant = Grant::paid("pro".parse()?, Units::limited(1)?, Term::new(bought, day("2027-03-20")?)?);
    let deal = Deal::new(LicenseId::from_random([2; 16]), catalog.offer(), ada, bought);
    let deal = deal.with_reference("order 4711".parse()?).with(grant.with_fallback(bought)?);
    studio.run(Command::Install(secret.seal(&deal)?), bought)?;
    studio.show("Bought, on the release of then", 400, day("2026-04-01")?)?;
    studio.show("Three years later, on the same release", 400, day("2029-04-01")?)?;
    studio.tenant = studio.tenant.in_release(Release::of(day("2028-06-01")?));
    studio.show("Three years later, on a new release", 400, day("2029-04-01")?)
}
