//! The words within other messages: kinds of texts and documents, phases, roles, keys, lists and lengths.

use core::num::NonZeroU32;

use entitle::command::{RefusalReason, TrialName};
use entitle::id::Label;
use entitle::license::{
    Extension, Extensions, Freshness, FreshnessLimit, GrantKind, Revocation, RevocationListDraft, RevokedLicense,
    Termination, TimeTicketDraft,
};
use entitle::time::{Days, Length};
use entitle::token::{KeyConstraint, KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Command, ConsumerId, ConsumptionId, Deal, Grant, KeyRing, LicenseId, OfferId, PublisherId, RecordId,
    RequestId, Role, Tenant, TenantId, TicketId, Token,
};

use crate::support::{
    Scenario, Vendor, admin, assign_group, day, days, join, paid, request, unassign, units, user, window,
};
use crate::{Row, row};

/// Texts that are not of their kind.
fn kinds_of_texts() -> Vec<Row> {
    vec![
        row!("text.empty", "publisher id is empty: at least one character is needed", {
            "".parse::<PublisherId>().unwrap_err()
        }),
        row!("text.empty", "offer id is empty: at least one character is needed", {
            "".parse::<OfferId>().unwrap_err()
        }),
        row!("text.padded", "tenant id ` a` begins or ends with white space", " a".parse::<TenantId>().unwrap_err()),
        row!("text.padded", "consumer id `a ` begins or ends with white space", {
            "a ".parse::<ConsumerId>().unwrap_err()
        }),
        row!("text.empty", "consumption id is empty: at least one character is needed", {
            "".parse::<ConsumptionId>().unwrap_err()
        }),
        row!("text.empty", "label is empty: at least one character is needed", "".parse::<Label>().unwrap_err()),
        row!("text.not-hexadecimal", "ticket id `7` is not 32 lower-case hexadecimal digits", {
            "7".parse::<TicketId>().unwrap_err()
        }),
        row!("text.not-hexadecimal", "record id `7` is not 32 lower-case hexadecimal digits", {
            "7".parse::<RecordId>().unwrap_err()
        }),
        row!("text.not-hexadecimal", "request id `7` is not 32 lower-case hexadecimal digits", {
            "7".parse::<RequestId>().unwrap_err()
        }),
    ]
}

/// Why the application may not give a command to a tenant on day 1.
fn refused(tenant: &Tenant, command: Command) -> RefusalReason {
    let host = Actor::new(user("app")).with(Role::Host);
    tenant.decide(&host, &[command], request(), day(1)).unwrap_err().reason
}

fn list() -> RevocationListDraft {
    RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(9))
}

fn ticket(tenant: &str) -> Command {
    let vendor = Vendor::fabrikam();
    let id = TicketId::from_random([7; 16]);
    let ticket = TimeTicketDraft::new(id, vendor.catalog.offer(), tenant.parse().unwrap(), day(0));
    Command::CorrectTime(vendor.secret.seal_ticket(&ticket).unwrap())
}

/// Documents that are not for this tenant or not yet.
fn kinds_of_documents() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.tenant("contoso");
    vec![
        row!("install.other-tenant", "this document (time ticket) is for the tenant `northwind`, this is `contoso`", {
            refused(&tenant, ticket("northwind"))
        }),
        row!(
            "install.dated-ahead",
            "this document (revocation list) is dated 2026-03-10T00:00:00Z, which is in the future: the clock here says \
             2026-03-02T00:00:00Z. Correct the clock, or ask who issued it",
            refused(&tenant, Command::InstallRevocationList(vendor.secret.seal_list(&list()).unwrap()))
        ),
        row!(
            "token.not-base64",
            "a part of this token is not base64url without padding (signed part): check whether it was cut or wrapped",
            "v4.public.A=.AAAA".parse::<Token>().unwrap_err()
        ),
    ]
}

/// Documents of a key that is trusted for something else, or for less.
fn keys() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let key = vendor.secret.public().id();
    let ring = |permissions| KeyRing::new().trust(vendor.secret.public(), permissions).unwrap();
    let license = vendor.seal(&vendor.deal_for("contoso"));
    let only = |permissions| ring(permissions).verify(&license).unwrap_err();
    let within = |limit| only(KeyPermissions::new(KeyPurpose::Licenses).within(limit));
    let offers = ["f366", "f367"].map(|offer| offer.parse().unwrap()).to_vec();
    vec![
        row!(
            "token.not-trusted",
            format!("the key `{key}` is not trusted for licenses: update the application, or contact the issuer"),
            { only(KeyPermissions::new(KeyPurpose::Revocations)) }
        ),
        row!(
            "token.not-trusted",
            format!(
                "the key `{key}` is not trusted for revocation lists: update the application, or contact the issuer"
            ),
            {
                let licenses = ring(KeyPermissions::new(KeyPurpose::Licenses));
                licenses.verify_list(&vendor.secret.seal_list(&list()).unwrap()).unwrap_err()
            }
        ),
        row!("token.beyond-limit", format!("the key `{key}` is trusted only for documents for `f366` or `f367`"), {
            within(KeyConstraint::Offers(offers))
        }),
        row!(
            "token.beyond-limit",
            format!("the key `{key}` is trusted only for documents issued before 2025-11-21T00:00:00Z"),
            within(KeyConstraint::IssuedBefore(day(-100)))
        ),
    ]
}

/// Commands of somebody without their roles.
fn roles() -> Vec<Row> {
    let tenant = Vendor::fabrikam().tenant("contoso");
    let refused = |command| {
        let clerk = Actor::new(user("clerk"));
        tenant.decide(&clerk, &[command], request(), day(1)).unwrap_err().reason
    };
    vec![
        row!(
            "refusal.forbidden",
            "this takes the role host, which `clerk` does not have",
            refused(Command::RecordTime)
        ),
        row!(
            "refusal.forbidden",
            "this takes one of these roles, and `clerk` has none of them: billing administrator or global administrator",
            refused(Command::StartTrial(trial_name()))
        ),
        row!(
            "refusal.forbidden",
            "this takes one of these roles, and `clerk` has none of them: user administrator or global administrator",
            refused(join("ada", "staff"))
        ),
    ]
}

fn trial_name() -> TrialName {
    TrialName::new(LicenseId::from_random([1; 16]), "silver".parse().unwrap())
}

/// The license of a trial of 10 days, to be started from day 0 until day 9 and extended twice, with 5 days of grace.
fn trial() -> Deal {
    let grant = Grant::trial("silver".parse().unwrap(), units(1), window(0, 9), Length::days(10).unwrap());
    let mut grant = grant.with_grace(Days::new(5));
    if let GrantKind::Trial(trial) = &mut grant.kind {
        let twice = Extension::new(NonZeroU32::new(2).unwrap(), Length::days(1).unwrap());
        trial.extensions = Extensions::UpTo(twice);
    }
    Vendor::fabrikam().deal_for("contoso").with(grant)
}

/// Why the trial of a license is not extended on a day, after it was started on day 0.
fn not_extended(deal: &Deal, on: i64, revoked: Option<Revocation>) -> RefusalReason {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(deal)), Command::StartTrial(trial_name())]).unwrap();
    if let Some(revoked) = revoked {
        let mut list = list().with(revoked);
        list.issued = day(0);
        tenant.forge(0, [Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap())]);
    }
    tenant.decide(&admin(), &[Command::ExtendTrial(trial_name())], request(), day(on)).unwrap_err().reason
}

/// Trials that are not active.
fn phases_of_trials() -> Vec<Row> {
    let text = |phase: &str| format!("only an active trial is extended, that of `silver` is: {phase}");
    let mut stale = trial();
    stale.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(12)));
    let license = RevokedLicense::new(LicenseId::from_random([1; 16]), NonZeroU32::MIN, day(1));
    vec![
        row!("refusal.trial-not-active", text("in grace"), not_extended(&trial(), 11, None)),
        row!("refusal.trial-not-active", text("ended"), not_extended(&trial(), 15, None)),
        row!("refusal.trial-not-active", text("waiting for a revocation list"), not_extended(&stale, 3, None)),
        row!("refusal.trial-not-active", text("revoked"), {
            not_extended(&trial(), 3, Some(Revocation::License(license)))
        }),
    ]
}

/// What a purchase is called, from before its term until after it: one word for each phase.
fn phases_of_purchases() -> Vec<Row> {
    let phase = |grant: Grant, on: i64| {
        let tenant = Vendor::fabrikam().contoso([grant]);
        let status = tenant.grants(day(on)).next().unwrap();
        status.phase
    };
    let gold = || paid("gold", 1, days(5, 10));
    let withdrawn = gold().ending(Termination::Withdrawn(day(7)));
    vec![
        row!("phase.pending", "pending", phase(gold(), 4)),
        row!("phase.active", "active", phase(gold(), 9)),
        row!("phase.grace", "in grace", phase(gold(), 10)),
        row!("phase.suspended", "suspended", phase(gold(), 40)),
        row!("phase.release-not-covered", "release not covered", phase(gold().with_fallback(day(9)).unwrap(), 40)),
        row!("phase.ended", "ended", phase(gold(), 130)),
        row!("phase.ended", "ended", phase(withdrawn, 7)),
    ]
}

/// Lists of two and of three.
fn lists() -> Vec<Row> {
    let inherited = |groups: &[&str]| {
        let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 9, days(0, 100))]);
        for group in groups {
            tenant.run(0, [assign_group(group, "bronze"), join("ada", group)]).unwrap();
        }
        tenant.decide(&admin(), &[unassign("ada", "bronze")], request(), day(1)).unwrap_err().reason
    };
    vec![
        row!(
            "refusal.inherited",
            "`ada` has `bronze` from `crew` and `staff`: unassign the plan from the group, or remove the user from \
             the group",
            inherited(&["staff", "crew"])
        ),
        row!(
            "refusal.inherited",
            "`ada` has `bronze` from `crew`, `night` and `staff`: unassign the plan from the group, or remove the \
             user from the group",
            inherited(&["staff", "crew", "night"])
        ),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    let rows = [kinds_of_texts(), kinds_of_documents(), keys(), roles(), phases_of_trials(), phases_of_purchases()];
    rows.into_iter().flatten().chain(lists()).collect()
}
