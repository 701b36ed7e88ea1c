//! The messages of the audit.

use core::num::NonZeroU32;
use std::collections::BTreeSet;

use entitle::audit::{AuditEntry, TenantChange};
use entitle::capacity::Consumption;
use entitle::command::{ClaimPolicy, SignUpPolicy, TrialName};
use entitle::language::Message;
use entitle::license::{
    Extension, Extensions, Freshness, FreshnessLimit, GrantKind, Licensee, RevocationListDraft, Termination,
    TimeTicketDraft,
};
use entitle::quantity::{Amount, Quantity, QuotaAmount};
use entitle::record::{Anchor, Beginning};
use entitle::time::{Days, Length};
use entitle::token::{CertifiedPurpose, KeyCertificateDraft, KeyConstraint, KeyPermissions, KeyPurpose, Kind};
use entitle::{
    Actor, Command, Event, Grant, KeyRing, LicenseId, RecordId, SecretKey, Tenant, Term, TicketId, Zeroizing,
};

use crate::support::{
    Vendor, admin, assign, assign_group, beginning, day, days, forged, group, join, leave, paid, unassign,
    unassign_group, units, user, window,
};
use crate::wordings::in_words_row;
use crate::{Row, row, wordings_in};

/// The documents of a record, which together have all that documents have.
fn documents(vendor: &Vendor) -> Vec<Command> {
    let two = NonZeroU32::new(2).unwrap();
    let trial = Grant::trial("gold".parse().unwrap(), units(2), window(0, 30), Length::days(14).unwrap());
    let mut other = trial.clone();
    other.plan = "silver".parse().unwrap();
    if let GrantKind::Trial(terms) = &mut other.kind {
        terms.extensions = Extensions::UpTo(Extension::new(two, Length::days(7).unwrap()));
    }
    let mut gold = paid("gold", 3, days(0, 9)).with_grace(Days::new(1)).tolerating(units(4), day(5));
    if let GrantKind::Paid(terms) = &mut gold.kind {
        terms.suspended = Days::new(2);
    }
    let gold = gold.ending(Termination::Cancelled(day(8)));
    let perpetual = Grant::paid("gold".parse().unwrap(), units(5), Term::perpetual(day(0)));
    let gold = gold.with_fallback(day(6)).unwrap();
    let gold = gold.with_amount("projects".parse().unwrap(), QuotaAmount::limited(50).unwrap());
    let deal = vendor.deal_for("contoso").with_reference("PO-4711".parse().unwrap()).with(gold).with(trial).with(other);
    let mut deal = deal.with(perpetual.ending(Termination::Withdrawn(day(7))));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(7), Days::new(14)));
    deal.anchor = Anchor::Record(beginning("contoso".parse().unwrap()).checkpoint());
    let nothing = vendor.deal(2, Licensee::Anyone);
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), two, day(-1));
    let id = TicketId::from_random([7; 16]);
    let ticket = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(2));
    let stranger = SecretKey::from_seed(&Zeroizing::new([9; 32]));
    vec![
        Command::Install(vendor.seal(&deal)),
        Command::Install(vendor.seal(&nothing)),
        Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap()),
        Command::CorrectTime(vendor.secret.seal_ticket(&ticket).unwrap()),
        Command::Install(stranger.seal(&nothing).unwrap()),
    ]
}

fn commands() -> Vec<Command> {
    let trial = || TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    let off = || vec!["f365/audit".parse().unwrap()];
    let (id, bot, month) = ("m-1".parse().unwrap(), "bot".parse().unwrap(), "2026-03".parse().unwrap());
    vec![
        assign("bo", "gold"),
        Command::assign_except(user("bo").into(), "gold".parse().unwrap(), off()),
        assign_group("staff", "gold"),
        Command::assign_except(group("staff").into(), "gold".parse().unwrap(), off()),
        unassign("bo", "gold"),
        unassign_group("staff", "gold"),
        join("bo", "staff"),
        leave("bo", "staff"),
        Command::RemoveUser(user("bo")),
        Command::RemoveGroup(group("staff")),
        Command::StartTrial(trial()),
        Command::ExtendTrial(trial()),
        Command::SignUp(trial()),
        Command::SetSignUps(SignUpPolicy::Allowed),
        Command::SetSignUps(SignUpPolicy::Off),
        Command::ClaimSeat("gold".parse().unwrap()),
        Command::set_claim_on_first_use("gold".parse().unwrap(), ClaimPolicy::Allowed),
        Command::set_claim_on_first_use("gold".parse().unwrap(), ClaimPolicy::Off),
        Command::Consume(Consumption::new("gold".parse().unwrap(), id, bot, month, Amount::UNIT)),
        Command::RecordTime,
    ]
}

/// Changes that no command makes, or only several.
fn changes(vendor: &Vendor) -> Vec<TenantChange> {
    let trial = || TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    let consumed = |before, after| TenantChange::Consumed {
        plan: "gold".parse().unwrap(),
        month: "2026-03".parse().unwrap(),
        consumer: "bot".parse().unwrap(),
        before: Quantity::of_millionths(before),
        after: Quantity::of_millionths(after),
    };
    vec![
        TenantChange::DocumentMissing { kind: Kind::License, token: vendor.seal(&vendor.deal_for("contoso")) },
        TenantChange::TrialNotStarted(trial()),
        TenantChange::TrialExtended { trial: trial(), before: 3, after: 1 },
        TenantChange::TrialExtended { trial: trial(), before: 0, after: 1 },
        consumed(1_000_000, 3_500_000),
        consumed(3_500_000, 1_000_000),
    ]
}

/// The audit of a certificate, of a stranger's key.
fn certified(vendor: &Vendor) -> AuditEntry {
    let (publisher, stranger) = ("fabrikam".parse().unwrap(), SecretKey::from_seed(&Zeroizing::new([9; 32])));
    let purpose = CertifiedPurpose::Licenses;
    let certificate = KeyCertificateDraft::new(publisher, stranger.public(), purpose, window(0, 9), day(-1));
    let certificate = certificate.within(KeyConstraint::Offers(vec!["f365".parse().unwrap()]));
    let issuer = KeyPermissions::new(KeyPurpose::Certificates).and(KeyPurpose::Licenses);
    let ring = KeyRing::new().trust(vendor.secret.public(), issuer).unwrap();
    let tenant = vendor.tenant("contoso").rebase(&vendor.catalog, &ring);
    let commands = vec![Command::InstallCertificate(vendor.secret.seal_certificate(&certificate).unwrap())];
    tenant.audit(&forged(&tenant, Event::new(1, day(0), admin(), commands)))
}

/// All messages that an audit can have.
fn messages() -> Vec<Message> {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.tenant("contoso");
    let commands = documents(&vendor).into_iter().chain(commands()).collect();
    let audit = |actor, commands| tenant.audit(&forged(&tenant, Event::new(1, day(0), actor, commands)));
    let audits = [audit(admin(), commands), audit(Actor::new(user("eve")), Vec::new()), certified(&vendor)];
    let lines =
        |audit: AuditEntry| audit.lines.into_iter().flat_map(|line| [vec![line.message], line.details].concat());
    let messages = audits.into_iter().flat_map(|audit| [audit.message.clone()].into_iter().chain(lines(audit)));
    messages.chain(changes(&vendor).iter().map(|change| change.message(&tenant))).collect()
}

pub(crate) fn rows() -> Vec<Row> {
    let license = "01010101010101010101010101010101";
    let (start, end) = ("2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z");
    let checkpoint = beginning("contoso".parse().unwrap()).checkpoint();
    let key = SecretKey::from_seed(&Zeroizing::new([9; 32])).public().id();
    let unknown = entitle::token::TokenError::UnknownKey { key };
    let texts = [
        ("audit.entry", format!("entry 1 of {start}, by `admin` (global administrator)")),
        ("audit.entry-without-role", format!("entry 1 of {start}, by `eve`, who has no role")),
        ("audit.license", format!("installed revision 1 of license {license}, issued 2026-02-19T00:00:00Z")),
        (
            "audit.revocation-list",
            "installed revocation list 2 of `fabrikam`, issued 2026-02-28T00:00:00Z, entries: 0".to_string(),
        ),
        (
            "audit.time-ticket",
            "installed time ticket 07070707070707070707070707070707, issued 2026-03-03T00:00:00Z".into(),
        ),
        ("audit.certificate", format!("installed the certificate of the key {key}, issued 2026-02-28T00:00:00Z")),
        ("audit.certified", format!("for licenses, dated from {start} until 2026-03-10T00:00:00Z")),
        ("audit.constraint", "only documents for `f365`".into()),
        ("audit.unverified", format!("installed a document that does not verify (license): {unknown}")),
        (
            "audit.gives-nothing",
            format!(
                "gives nothing here: it counts only on a record that contains the checkpoint `{checkpoint}`, and this \
                 record was not shown to contain it"
            ),
        ),
        ("audit.customer", "for Contoso Ltd (`contoso`), DE".into()),
        ("audit.anyone", "for anyone".into()),
        ("audit.reference", "reference of the publisher: PO-4711".into()),
        ("audit.no-grants", "grants nothing".into()),
        ("audit.paid", format!("F365 Gold (`gold`): paid, units: 3, from {start} until 2026-03-10T00:00:00Z")),
        ("audit.perpetual", format!("F365 Gold (`gold`): paid, units: 5, from {start}, perpetual")),
        (
            "audit.trial",
            format!("F365 Gold (`gold`): trial of 14 days, units: 2, can be started from {start} until {end}"),
        ),
        ("audit.extensions", "extensions of the trial: 2, of 7 days each".into()),
        ("audit.no-extensions", "extensions of the trial: none".into()),
        ("audit.fallback", "without an end in releases from before 2026-03-07T00:00:00Z".into()),
        ("audit.grace", "grace after the end: 1 day".into()),
        ("audit.suspension", "suspended after grace: 2 days".into()),
        ("audit.amount", "amount of the quota `projects`: 50".into()),
        ("audit.cancelled", "cancelled from 2026-03-09T00:00:00Z on".into()),
        ("audit.withdrawn", "withdrawn from 2026-03-08T00:00:00Z on".into()),
        ("audit.tolerance", "seats tolerated: 4, until 2026-03-06T00:00:00Z".into()),
        (
            "audit.freshness",
            "asks for a recent revocation list: warns after 7 days, gives nothing after 14 days".into(),
        ),
        ("audit.anchor", format!("counts only on a record that contains the checkpoint `{checkpoint}`")),
        ("audit.no-anchor", "counts without an anchor".into()),
        ("audit.assigned", "assigned F365 Gold (`gold`) to `bo`".into()),
        ("audit.assigned-except", "assigned F365 Gold (`gold`) to `bo` without `f365/audit`".into()),
        ("audit.group-assigned", "assigned F365 Gold (`gold`) to the group `staff`".into()),
        ("audit.group-assigned-except", "assigned F365 Gold (`gold`) to the group `staff` without `f365/audit`".into()),
        ("audit.unassigned", "unassigned F365 Gold (`gold`) from `bo`".into()),
        ("audit.group-unassigned", "unassigned F365 Gold (`gold`) from the group `staff`".into()),
        ("audit.joined", "added `bo` to the group `staff`".into()),
        ("audit.left", "removed `bo` from the group `staff`".into()),
        ("audit.user-removed", "removed the user `bo` from all plans and groups".into()),
        ("audit.group-removed", "removed the group `staff`".into()),
        ("audit.trial-started", format!("started the trial of F365 Gold (`gold`) in license {license}")),
        ("audit.trial-extended", format!("extended the trial of F365 Gold (`gold`) in license {license}")),
        ("audit.signed-up", format!("`admin` signed up for the trial of F365 Gold (`gold`) in license {license}")),
        ("audit.sign-ups-allowed", "allowed users to sign up for trials by themselves".into()),
        ("audit.sign-ups-off", "no longer allowed users to sign up for trials by themselves".into()),
        ("audit.seat-claimed", "`admin` claimed a free seat of F365 Gold (`gold`)".into()),
        ("audit.claims-allowed", "allowed users to claim free seats of F365 Gold (`gold`) by themselves".into()),
        ("audit.claims-off", "no longer allowed users to claim free seats of F365 Gold (`gold`) by themselves".into()),
        ("audit.consumed", "consumed 1 of F365 Gold (`gold`), consumer `bot`, month 2026-03, id `m-1`".into()),
        ("audit.time-recorded", "recorded the time".into()),
        ("audit.document-missing", "a document is no longer in the record (license)".into()),
        (
            "audit.trial-not-started",
            format!("the trial of F365 Gold (`gold`) in license {license} is no longer started"),
        ),
        (
            "audit.trial-extensions",
            format!("extensions of the trial of F365 Gold (`gold`) in license {license}: 1, before: 3"),
        ),
        ("audit.consumption-added", "consumed 2.5 of F365 Gold (`gold`), consumer `bot`, month 2026-03".into()),
        (
            "audit.consumption-missing",
            "consumption of F365 Gold (`gold`) is 2.5 less, consumer `bot`, month 2026-03".into(),
        ),
    ];
    let messages = messages();
    let names = |message: &Message| message.values().map(|(name, _)| name.to_string()).collect::<BTreeSet<_>>();
    for message in &messages {
        let first = messages.iter().find(|it| it.code() == message.code()).unwrap();
        assert_eq!(names(message), names(first), "{} has always the same values", message.code());
    }
    let row = |(code, text): (&'static str, String)| {
        let message = messages.iter().find(|message| message.code() == code).unwrap_or_else(|| panic!("no {code}"));
        Row { code, text, actual: (message.code().to_string(), message.to_string()), wordings: wordings_in(message) }
    };
    texts.into_iter().map(row).chain(values(&messages)).chain(errors()).collect()
}

/// The values that the English wordings do not show.
fn values(messages: &[Message]) -> Vec<Row> {
    let of_gold = messages.iter().filter(|message| message.to_string().contains("F365 Gold (`gold`)"));
    let mut rows: Vec<Row> = of_gold.map(|message| in_words_row(message.code(), "{plan}", "`gold`", message)).collect();
    assert!(rows.len() > 20, "{rows:?}");
    for (code, text) in [("audit.consumption-added", "1 to 3.5"), ("audit.consumption-missing", "3.5 to 1")] {
        let message = messages.iter().find(|message| message.code() == code).unwrap();
        rows.push(in_words_row(code, "{before} to {after}", text, message));
    }
    rows
}

fn errors() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.tenant("contoso");
    let second = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([2; 16]));
    let second = Tenant::new(&vendor.catalog, &vendor.ring(), &second);
    vec![
        row!(
            "compare.other-tenant",
            "the values are of two tenants, `other` and `contoso`: compare values of one",
            tenant.changes_since(&vendor.tenant("other")).unwrap_err()
        ),
        row!(
            "compare.other-record",
            "the values are of two records, 02020202020202020202020202020202 and \
             01010101010101010101010101010101: compare values of one",
            tenant.changes_since(&second).unwrap_err()
        ),
    ]
}
