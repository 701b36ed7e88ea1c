//! X6: what a time ticket corrects, and which one counts.

use entitle::command::{RefusalReason, RefusedPart, TrialName};
use entitle::license::{Extension, Extensions, GrantKind};
use entitle::query::{DocumentIssue, DocumentStatus};
use entitle::time::Length;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Command, KeyRing, Role, TicketId};

use super::{as_host, correction, poisoned, ticket};
use crate::support::{Scenario, Vendor, admin, assign, day, request, units, window};

#[test]
fn x6_a_time_ticket_corrects_a_record_that_a_clock_has_poisoned() {
    let vendor = Vendor::fabrikam();
    let mut tenant = poisoned(&vendor);
    assert_eq!(tenant.reading(day(10)), day(5000));
    assert!(!tenant.opens("ada", "f365/orders", 10));
    as_host(&mut tenant, 11, Command::CorrectTime(ticket(&vendor, 1, 10))).unwrap();
    // What was recorded later than the ticket's issue counts as recorded at it; what was before stays.
    assert_eq!(tenant.reading(day(0)), day(10));
    assert_eq!(tenant.reading(day(11)), day(11));
    assert!(tenant.opens("ada", "f365/orders", 11));
    assert!(!tenant.opens("ada", "f365/orders", 300));
    assert!(matches!(tenant.documents().last().unwrap().status, DocumentStatus::Corrects(_)));
}

#[test]
fn x6_a_ticket_is_used_once() {
    let vendor = Vendor::fabrikam();
    let mut tenant = poisoned(&vendor);
    let token = ticket(&vendor, 1, 10);
    as_host(&mut tenant, 10, Command::CorrectTime(token.clone())).unwrap();
    as_host(&mut tenant, 99, Command::RecordTime).unwrap();
    let used = DocumentIssue::TicketUsed { ticket: TicketId::from_random([1; 16]) };
    assert_eq!(as_host(&mut tenant, 99, Command::CorrectTime(token.clone())), Err(RefusalReason::Unusable(used)));
    // A record that holds it twice is corrected once.
    tenant.forge(99, [Command::CorrectTime(token)]);
    assert_eq!(tenant.reading(day(0)), day(99));
    // Another ticket is another.
    as_host(&mut tenant, 99, Command::CorrectTime(ticket(&vendor, 2, 50))).unwrap();
    assert_eq!(tenant.reading(day(0)), day(50));
}

#[test]
fn x6_a_ticket_for_another_tenant_or_product_or_by_another_key_does_nothing() {
    let vendor = Vendor::fabrikam();
    let tenant = poisoned(&vendor);
    let mut others = correction(&vendor, 1, 10);
    others.tenant = "northwind".parse().unwrap();
    let mut product = correction(&vendor, 1, 10);
    product.offer = "f366".parse().unwrap();
    let licenses_only =
        KeyRing::new().trust(vendor.secret.public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    for (tenant, draft, code) in [
        (&tenant, &others, "install.other-tenant"),
        (&tenant, &product, "install.other-offer"),
        (&tenant.rebase(&vendor.catalog, &licenses_only), &correction(&vendor, 1, 10), "token.not-trusted"),
    ] {
        let mut tenant = tenant.clone();
        let command = Command::CorrectTime(vendor.secret.seal_ticket(draft).unwrap());
        assert_eq!(as_host(&mut tenant, 10, command.clone()).unwrap_err().code(), code);
        tenant.forge(10, [command]);
        assert_eq!(tenant.reading(day(10)), day(5000), "{code}");
    }
}

#[test]
fn x6_events_that_a_ticket_corrects_keep_their_order() {
    let vendor = Vendor::fabrikam();
    let mut trial = entitle::Grant::trial("gold".parse().unwrap(), units(5), window(0, 60), Length::days(20).unwrap());
    if let GrantKind::Trial(trial) = &mut trial.kind {
        let once = Extension::new(core::num::NonZeroU32::MIN, Length::days(10).unwrap());
        trial.extensions = Extensions::UpTo(once);
    }
    let mut tenant = vendor.contoso([trial]);
    let name = || TrialName::new(entitle::LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    as_host(&mut tenant, 40, Command::RecordTime).unwrap();
    // The clock says day 40 and it is day 5: the trial starts, and is extended, on what will count as day 5.
    tenant.run(40, [Command::StartTrial(name()), assign("ada", "gold")]).unwrap();
    tenant.run(45, [Command::ExtendTrial(name())]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 69) && !tenant.opens("ada", "f365/orders", 70));
    as_host(&mut tenant, 5, Command::CorrectTime(ticket(&vendor, 1, 5))).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 34) && !tenant.opens("ada", "f365/orders", 35));
}

/// Beside a ticket other commands would be judged by its issue date, at which they alone might be refused.
#[test]
fn x6_a_ticket_is_a_list_of_its_own() {
    let vendor = Vendor::fabrikam();
    let trial = entitle::Grant::trial("gold".parse().unwrap(), units(5), window(0, 60), Length::days(20).unwrap());
    let mut tenant = vendor.contoso([trial]);
    let name = TrialName::new(entitle::LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    as_host(&mut tenant, 5000, Command::RecordTime).unwrap();
    let (correct, start) = (Command::CorrectTime(ticket(&vendor, 1, 10)), Command::StartTrial(name));
    let actor = admin().with(Role::Host);
    let lists = [
        ([correct.clone(), start.clone()], 0),
        ([Command::RecordTime, correct.clone()], 1),
        ([correct.clone(), correct.clone()], 0),
    ];
    for (list, index) in lists {
        let refusal = tenant.decide(&actor, &list, request(), day(300)).unwrap_err();
        assert_eq!((refusal.code(), refusal.part), ("refusal.ticket-not-alone", RefusedPart::Command(index)));
    }
    as_host(&mut tenant, 300, correct).unwrap();
    let refusal = tenant.decide(&actor, &[start], request(), day(300)).unwrap_err();
    assert_eq!(refusal.code(), "refusal.outside-the-window");
}
