//! K10: a record that is ahead of the clock is reported first, where correcting it may be all that is needed.

use entitle::chrono::TimeDelta;
use entitle::explain::{Audience, RecordAhead};
use entitle::license::TimeTicketDraft;
use entitle::record::{Anchor, Checkpoint, InclusionProver};
use entitle::remedy::{PurchaseKind, Remedy, Step};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Command, Decision, Denial, DenialExplanation, Entry, KeyRing, Role, Tenant, TicketId};

use crate::support::{Scenario, Vendor, assign, beginning, day, days, join, paid, request, unassign, user};

/// A tenant with the entries of its record, from which a checkpoint is proved.
struct Recorded {
    tenant: Tenant,
    entries: Vec<Entry>,
}

impl Recorded {
    fn run(&mut self, on: i64, commands: impl IntoIterator<Item = Command>) {
        self.entries.push(self.tenant.run(on, commands).unwrap());
    }

    /// The tenant with the publisher's ticket of a day for this checkpoint, installed by the host as the remedy says.
    fn with_ticket(&self, vendor: &Vendor, on: i64, checkpoint: &Checkpoint) -> Tenant {
        let mut prover = InclusionProver::new(&beginning(self.tenant.id().clone()), [checkpoint]);
        self.entries.iter().for_each(|entry| prover.add(entry).unwrap());
        let mut tenant = self.tenant.with_proof(&prover.finish()).unwrap();
        let id = TicketId::from_random([9; 16]);
        let mut draft = TimeTicketDraft::new(id, vendor.catalog.offer(), tenant.id().clone(), day(on));
        draft.anchor = Anchor::Record(checkpoint.clone());
        let ticket = Command::CorrectTime(vendor.secret.seal_ticket(&draft).unwrap());
        let host = Actor::new(user("app")).with(Role::Host);
        let entry = tenant.decide(&host, &[ticket], request(), day(on)).unwrap();
        tenant.apply(&entry).unwrap();
        tenant
    }
}

/// Contoso with a purchase of bronze until day 100, grace and suspension included until day 220, whose clock was on day 2000
/// once, when somebody joined a group.
fn poisoned(vendor: &Vendor) -> Recorded {
    let mut record = Recorded { tenant: vendor.tenant("contoso"), entries: Vec::new() };
    let deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    record.run(0, [Command::Install(vendor.seal(&deal))]);
    record.run(1, [assign("ada", "bronze")]);
    record.run(2000, [join("bo", "staff")]);
    record
}

/// The explanation of a denial, for [`ask`].
fn explain(denial: &Denial<'_>) -> DenialExplanation {
    denial.explain()
}

fn ask<T>(tenant: &Tenant, name: &str, on: i64, see: impl FnOnce(&Denial<'_>) -> T) -> T {
    tenant.see(name, "f365/orders", day(on), |decision| match decision {
        Decision::Deny(denial) => see(&denial),
        Decision::Allow(_) => panic!("{name} may open it on day {on}"),
    })
}

fn first_remedy(tenant: &Tenant, name: &str, on: i64) -> Remedy {
    ask(tenant, name, on, |denial| denial.remedies().next().unwrap())
}

#[test]
fn k10_no_renewal_is_asked_for_where_the_record_was_once_ahead() {
    let vendor = Vendor::fabrikam();
    let record = poisoned(&vendor);
    let tenant = &record.tenant;
    let explanation = ask(tenant, "ada", 10, explain);
    let ahead = explanation.record_ahead().unwrap();
    assert_eq!((ahead.floor, ahead.now), (day(2000), day(10)));
    assert_eq!(
        explanation.to_string(),
        "The clock of the machine that checks the license shows 2026-03-11T00:00:00Z, but the license record was \
         last written at 2031-08-22T00:00:00Z, so `f365/orders` is closed. Ask an administrator to compare the clock \
         first: if it is right, nothing needs to be bought. If it is wrong, this may apply once it is corrected: The \
         license of your organisation for F365 Bronze, which opens `f365/orders`, has ended. Contact an administrator \
         for a license: F365 Bronze (https://fabrikam.example/f365/bronze), F365 Silver \
         (https://fabrikam.example/f365/silver) or F365 Gold (https://fabrikam.example/f365/gold)."
    );
    assert_eq!(explanation.misses()[0].reason.code(), "reason.ended", "which holds if the clock is wrong");
    let first = first_remedy(tenant, "ada", 10);
    let [Step::CompareClock { now, floor, checkpoint }] = first.steps() else { panic!("{first}") };
    assert_eq!((*now, *floor, checkpoint), (day(10), day(2000), &tenant.checkpoint()));
    // The ticket is all that is needed.
    let corrected = record.with_ticket(&vendor, 10, checkpoint);
    assert!(corrected.opens("ada", "f365/orders", 10));
    // No purchase comes ahead of it, and what the record says comes after.
    let second = ask(tenant, "ada", 10, |denial| denial.remedies().nth(1).unwrap());
    assert!(matches!(second.steps(), [Step::Buy { kind: PurchaseKind::Renewal, .. }]), "{second}");
}

#[test]
fn k10_steps_without_a_purchase_follow_the_ticket() {
    let vendor = Vendor::fabrikam();
    let mut record = poisoned(&vendor);
    record.run(2000, [unassign("ada", "bronze")]);
    let first = first_remedy(&record.tenant, "ada", 10);
    let [Step::CompareClock { checkpoint, .. }, Step::Do(then)] = first.steps() else { panic!("{first}") };
    assert_eq!(*then, assign("ada", "bronze"));
    let mut corrected = record.with_ticket(&vendor, 10, checkpoint);
    corrected.run(10, [then.clone()]).unwrap();
    assert!(corrected.opens("ada", "f365/orders", 10));
}

/// A remedy is what helps: an application that takes no tickets cannot be helped by one.
#[test]
fn k10_no_ticket_is_asked_for_that_the_ring_would_not_accept() {
    let vendor = Vendor::fabrikam();
    let record = poisoned(&vendor);
    let trusting = |purposes: &[KeyPurpose]| {
        let permissions = purposes.iter().fold(KeyPermissions::new(KeyPurpose::Licenses), |all, &one| all.and(one));
        KeyRing::new().trust(vendor.secret.public(), permissions).unwrap()
    };
    let asks_for_a_ticket = |purposes: &[KeyPurpose]| {
        let tenant = record.tenant.rebase(&vendor.catalog, &trusting(purposes));
        matches!(first_remedy(&tenant, "ada", 10).steps(), [Step::CompareClock { .. }])
    };
    assert!(!asks_for_a_ticket(&[]));
    assert!(!asks_for_a_ticket(&[KeyPurpose::Revocations]));
    assert!(asks_for_a_ticket(&[KeyPurpose::TimeTickets]));
    // A certificate may admit a key for it.
    assert!(asks_for_a_ticket(&[KeyPurpose::Certificates]));
    assert!(!trusting(&[]).accepts(KeyPurpose::TimeTickets) && trusting(&[]).accepts(KeyPurpose::Licenses));
    assert!(!KeyRing::new().accepts(KeyPurpose::Licenses));
}

#[test]
fn k10_the_clock_is_not_reported_where_only_a_purchase_helps() {
    let tenant = poisoned(&Vendor::fabrikam()).tenant;
    // By day 300 the purchase is over whatever the clock was; nobody ever bought gold.
    assert_eq!(ask(&tenant, "ada", 300, explain).record_ahead(), None);
    let first = first_remedy(&tenant, "ada", 300);
    assert!(matches!(first.steps(), [Step::Buy { kind: PurchaseKind::Renewal, .. }]), "{first}");
    let audit = tenant.see("ada", "f365/audit", day(10), |decision| decision.allowed().unwrap_err());
    assert_eq!(audit.record_ahead(), None);
}

#[test]
fn k10_what_a_plan_requires_must_open_without_a_purchase_as_well() {
    let requiring = |need: &str| {
        include_str!("../../examples/fabrikam.json").replacen(
            r#""name": "F365 Bronze","#,
            &format!(r#""name": "F365 Bronze", "requires": [{need}],"#),
            1,
        )
    };
    // Silver was bought until day 100 as well, gold never.
    for (need, is_reported) in [(r#"["silver"]"#, true), (r#"["gold"]"#, false), (r#"["gold", "silver"]"#, true)] {
        let vendor = Vendor::of(&requiring(need));
        let mut tenant = vendor.contoso([paid("bronze", 1, days(0, 100))]);
        let other = vendor.deal(2, vendor.deal_for("contoso").licensee).with(paid("silver", 1, days(0, 100)));
        tenant.run(1, [Command::Install(vendor.seal(&other))]).unwrap();
        tenant.run(2000, [join("bo", "staff")]).unwrap();
        let explanation = ask(&tenant, "ada", 10, explain);
        // Silver opens the app by itself too, so bronze is asked alone.
        let bronze =
            Vendor::of(&requiring(need).replacen(r#"["f365/orders", "f365/forecasts"]"#, r#"["f365/forecasts"]"#, 1));
        let alone = ask(&tenant.rebase(&bronze.catalog, &bronze.ring()), "ada", 10, explain);
        assert!(explanation.record_ahead().is_some());
        assert_eq!(alone.record_ahead().is_some(), is_reported, "{need}");
    }
}

#[test]
fn k10_it_is_reported_only_beyond_the_tolerance_of_the_catalog() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 1, days(0, 100))]);
    tenant.run(1, [assign("ada", "bronze")]).unwrap();
    // Grace and suspension end on day 220, the record says that it is day 221.
    tenant.run(221, [join("bo", "staff")]).unwrap();
    // A day is tolerated; on day 129 the purchase is in its grace.
    assert!(ask(&tenant, "ada", 129, explain).record_ahead().is_some());
    let mut offer = vendor.catalog.offer().clone();
    offer.clock_tolerance = entitle::time::Days::new(92);
    let tolerant = tenant.rebase(&entitle::Catalog::new(offer).unwrap(), &vendor.ring());
    assert_eq!(ask(&tolerant, "ada", 129, explain).record_ahead(), None, "92 days are tolerated");
    let second = TimeDelta::seconds(1);
    let denial = tolerant.see("ada", "f365/orders", day(129) - second, |decision| decision.allowed().unwrap_err());
    assert_eq!(denial.record_ahead().map(|ahead| ahead.now), Some(day(129) - second));
}

#[test]
fn k10_the_answer_itself_depends_on_the_reading_alone() {
    let tenant = poisoned(&Vendor::fabrikam()).tenant;
    // K1, K5: the same reading, the same verdict, reasons and end, whatever the clock shows.
    let [ahead, honest] = [10, 2000].map(|on| ask(&tenant, "ada", on, explain));
    assert_eq!((ahead.at, ahead.until, &ahead.cause), (honest.at, honest.until, &honest.cause));
    assert_eq!((ahead.record_ahead().is_some(), honest.record_ahead()), (true, None));
}

#[test]
fn k10_every_audience_reads_of_the_clock_first() {
    let tenant = poisoned(&Vendor::fabrikam()).tenant;
    let text = |audience| ask(&tenant, "ada", 10, |denial| denial.text(audience).to_string());
    let shows = "The clock of the machine that checks the license shows 2026-03-11T00:00:00Z, but the license record \
                 was last \
                 written at 2031-08-22T00:00:00Z";
    let checkpoint = tenant.checkpoint();
    let administrator = format!(
        "{shows}, so this is denied: at least one of them is wrong. Compare the clock with another one before you buy anything.\n\
         If the clock is right, nothing needs to be bought. This would help:\n\
         - ask the publisher for a time ticket with the anchor {checkpoint}, and install it: from then on the \
         license is checked by the time that the clock shows\n\
         If the clock is wrong, correct it, and check again. If the right time is 2031-08-22T00:00:00Z or later, this \
         applies:\n"
    );
    // The support desk is at the publisher, who issues the ticket.
    let support = format!(
        "{shows}: at least one of them is wrong. Have the customer compare the clock with another one before anything is bought.\n\
         If the clock is right, nothing needs to be bought. This would help:\n\
         - issue a time ticket with the anchor {checkpoint}, and have the customer install it: from then on the \
         license is checked by the time that the clock shows\n\
         If the clock is wrong, have it corrected, and check again. If the right time is 2031-08-22T00:00:00Z or later, \
         this applies:\n"
    );
    for (audience, clock) in [(Audience::Administrator, administrator), (Audience::SupportDesk, support)] {
        let text = text(audience);
        let (before, after) = text.split_once(&clock).unwrap_or_else(|| panic!("{text}"));
        assert!(!before.contains("Bronze") && after.contains("F365 Bronze"), "{text}");
        assert!(after.lines().any(|line| line.starts_with("- renew")), "{text}");
        assert_eq!(text.matches("2031-08-22").count(), text.matches("as of 2031-08-22").count() + 2, "{text}");
    }
    let user = text(Audience::User);
    let first = user.lines().next().unwrap();
    assert!(first.starts_with(&format!("{shows}, so ")), "{user}");
    assert!(
        first.ends_with("compare the clock first: if it is right, nothing needs to be bought. If it is wrong, this may apply once it \
             is corrected:"),
        "{user}"
    );
}

#[test]
fn k10_the_explanation_is_data() {
    let explanation = ask(&poisoned(&Vendor::fabrikam()).tenant, "ada", 10, explain);
    let json = serde_json::to_value(&explanation).unwrap();
    assert_eq!(json["check_first"][0]["record_ahead"]["now"], "2026-03-11T00:00:00Z");
    let read: entitle::DenialExplanation = serde_json::from_value(json).unwrap();
    let ahead: RecordAhead = read.record_ahead().unwrap();
    assert_eq!(ahead.floor, day(2000));
    assert_eq!(read, explanation);
}
