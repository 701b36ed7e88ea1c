//! What the files of this release say: every kind of grant, licensee and command that it has.

use core::num::NonZeroU32;

use entitle::capacity::Consumption;
use entitle::command::{SignUpPolicy, TrialName};
use entitle::license::{
    Extension, Extensions, Freshness, FreshnessLimit, GrantKind, Licensee, Revocation, RevocationListDraft, RevokedKey,
    RevokedLicense, Termination, TimeTicketDraft,
};
use entitle::quantity::{Amount, QuotaAmount};
use entitle::record::Beginning;
use entitle::time::{Days, Length};
use entitle::token::{CertifiedPurpose, KeyCertificateDraft, KeyConstraint};
use entitle::{
    Actor, Command, Deal, Event, Grant, LicenseId, RecordId, Role, SecretKey, Tenant, Term, TicketId, Units, Zeroizing,
};

use crate::support::{
    Scenario, Vendor, admin, assign, assign_group, day, days, forged, group, join, leave, paid, request, unassign,
    unassign_group, units, user, window,
};

/// A license, its revision, and one for anyone.
pub(crate) fn deals(vendor: &Vendor) -> [Deal; 3] {
    let gold = Grant::paid("gold".parse().unwrap(), Units::Unlimited, Term::perpetual(day(0)));
    let withdrawn = paid("silver", 7, days(0, 50)).ending(Termination::Withdrawn(day(9)));
    let cancelled = paid("silver", 7, days(0, 50)).ending(Termination::Cancelled(day(9))).with_grace(Days::NONE);
    let first = vendor.deal_for("contoso").with(gold.clone()).with(
        paid("bronze", 9, days(0, 365))
            .with_fallback(day(100))
            .unwrap()
            .with_amount("projects".parse().unwrap(), QuotaAmount::Unlimited),
    );
    let first = first.with_reference("PO-4711".parse().unwrap());
    let tolerant = paid("bronze", 1, days(0, 365)).tolerating(units(2), day(90));
    let mut revised = first.revise(day(2)).unwrap().with(gold).with(tolerant).with(withdrawn).with(cancelled);
    revised.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(90), Days::new(120)));
    let mut trial = Grant::trial("silver".parse().unwrap(), units(3), window(0, 60), Length::days(30).unwrap());
    if let GrantKind::Trial(trial) = &mut trial.kind {
        let twice = Extension::new(NonZeroU32::new(2).unwrap(), Length::days(7).unwrap());
        trial.extensions = Extensions::UpTo(twice);
    }
    [first, revised, vendor.deal(2, Licensee::Anyone).with(trial.with_grace(Days::new(3)))]
}

/// A certificate of another key, with a purpose and a constraint of each form that go together.
pub(crate) fn certificate() -> KeyCertificateDraft {
    let key = SecretKey::from_seed(&Zeroizing::new([9; 32])).public();
    let lists = CertifiedPurpose::Revocations(7.try_into().unwrap());
    KeyCertificateDraft::new("fabrikam".parse().unwrap(), key, CertifiedPurpose::Licenses, window(0, 365), day(0))
        .and(lists)
        .within(KeyConstraint::Offers(vec!["f365".parse().unwrap()]))
        .within(KeyConstraint::IssuedBefore(day(100)))
}

/// A list that ends another license and another key.
pub(crate) fn list() -> RevocationListDraft {
    let license = RevokedLicense::new(LicenseId::from_random([9; 16]), NonZeroU32::MIN, day(30));
    let key = RevokedKey::new(SecretKey::from_seed(&Zeroizing::new([9; 32])).public().id(), day(31));
    RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(35))
        .with(Revocation::License(license))
        .with(Revocation::Key(key))
}

/// A ticket that sets the time of Contoso's record right.
pub(crate) fn ticket(vendor: &Vendor) -> TimeTicketDraft {
    let id = TicketId::from_random([7; 16]);
    TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(40))
}

/// The record as lines, and where it leads.
pub(crate) fn record(vendor: &Vendor) -> (Vec<String>, Tenant) {
    let [first, revised, anyone] = deals(vendor).map(|deal| Command::Install(vendor.seal(&deal)));
    let trial = || TrialName::new(LicenseId::from_random([2; 16]), "silver".parse().unwrap());
    let off = Command::assign_except(
        user("ada").into(),
        "gold".parse().unwrap(),
        vec!["f365/audit".parse().unwrap(), "f365/forecasts".parse().unwrap()],
    );
    let host = Actor::new(user("app")).with(Role::Host);
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([5; 16]));
    let mut tenant = Tenant::new(&vendor.catalog, &vendor.ring(), &beginning);
    let mut lines = vec![format!("{}\n", beginning.text())];
    for (on, actor, commands) in [
        (0, admin(), vec![first]),
        (0, admin(), vec![anyone, off, assign("bo", "bronze")]),
        (1, admin(), vec![assign_group("staff", "bronze"), join("cy", "staff"), join("bo", "staff")]),
        (1, admin(), vec![join("eve", "staff"), unassign("bo", "bronze")]),
        (2, admin(), vec![join("dee", "staff")]),
        (3, admin(), vec![revised]),
        (4, admin(), vec![Command::RemoveUser(user("bo"))]),
        (20, admin(), vec![Command::StartTrial(trial()), assign_group("staff", "silver")]),
        (30, admin(), vec![Command::ExtendTrial(trial())]),
        (31, admin(), vec![join("ü@contoso.example", "night"), assign_group("night", "silver")]),
        (32, admin(), vec![unassign_group("night", "silver"), Command::RemoveGroup(group("night"))]),
        (36, host.clone(), vec![Command::InstallRevocationList(vendor.secret.seal_list(&list()).unwrap())]),
        (40, host.clone(), vec![Command::RecordTime]),
        // A clock that was once far ahead.
        (400, host.clone(), vec![Command::RecordTime]),
        (40, host, vec![Command::CorrectTime(vendor.secret.seal_ticket(&ticket(vendor)).unwrap())]),
    ] {
        let entry = tenant.decide(&actor, &commands, request(), day(on)).unwrap();
        lines.push(format!("{}\n", entry.text()));
        tenant.apply(&entry).unwrap();
    }
    // A plan that this catalog does not know is kept with what was consumed of it (C11).
    let consumed = Consumption::new(
        "sessions".parse().unwrap(),
        "draw-1".parse().unwrap(),
        "bot-1".parse().unwrap(),
        "2026-04".parse().unwrap(),
        Amount::millionths(1_500_000).unwrap(),
    );
    for (actor, command) in [
        (admin(), Command::SetSignUps(SignUpPolicy::Off)),
        (admin(), Command::SetSignUps(SignUpPolicy::Allowed)),
        (Actor::new(user("flo")), Command::SignUp(trial())),
        (Actor::new(user("app")).with(Role::Host), Command::Consume(consumed)),
    ] {
        let event = Event::new(tenant.position().checked_add(1).unwrap(), day(41), actor, vec![command]);
        let entry = forged(&tenant, event);
        lines.push(format!("{}\n", entry.text()));
        tenant.apply(&entry).unwrap();
    }
    let left = tenant.clone().run(41, [leave("dee", "staff")]).unwrap();
    assert_eq!(left.number(), 20);
    (lines, tenant)
}
