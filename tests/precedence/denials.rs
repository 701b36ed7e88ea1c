//! The texts of denials: for a user, an individual, an administrator and the support desk.

use core::num::NonZeroU32;

use entitle::catalog::Release;
use entitle::command::ClaimPolicy;
use entitle::explain::{Audience, Text};
use entitle::license::{Freshness, FreshnessLimit, Revocation, RevocationListDraft, RevokedLicense, Termination};
use entitle::record::{Anchor, Checkpoint};
use entitle::time::{Days, Length};
use entitle::{
    Command, Decision, DenialExplanation, Grant, LicenseId, RecordId, SecretKey, Tenant, Term, Units, Zeroizing,
};

use crate::Row;
use crate::support::{
    Scenario, Vendor, assign, assign_group, beginning, day, days, group, join, paid, units, user, window,
};
use crate::wordings::{in_words_row, message_row, text_row};

pub(crate) const AUDIT: &str = "f365/audit";

const ASK_ADMINISTRATOR: &str =
    "Contact an administrator for a license: F365 Gold (https://fabrikam.example/f365/gold).";

const ABOUT_GOLD: &str = "Contact an administrator about F365 Gold.";

const ASK_VENDOR: &str = "Contact the vendor to buy or renew.";

const ASK_ABOUT_UNUSABLE: &str = "Your organisation has installed a license that gives nothing at present. Ask an \
                                  administrator to look into that first.";

const DENIED: &str = "`ada` may not open `f365/audit`.";

/// The text of a denial for ada.
pub(crate) fn text(tenant: &Tenant, app: &str, on: i64, audience: Audience) -> Text {
    tenant.see("ada", app, day(on), |decision| match decision {
        Decision::Deny(denial) => denial.text(audience),
        Decision::Allow(allow) => panic!("{allow:?}"),
    })
}

/// Why ada may not open the audit on day 10.
pub(crate) fn row(code: &'static str, audience: Audience, lines: &[&str], tenant: &Tenant) -> Row {
    text_row(code, lines, &text(tenant, AUDIT, 10, audience))
}

/// Contoso, who has these grants, and ada with gold.
pub(crate) fn seated(grants: impl IntoIterator<Item = Grant>) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso(grants);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

pub(crate) fn gold(starts: i64, ends: i64) -> Grant {
    paid("gold", 1, days(starts, ends))
}

/// A trial of gold for 30 days, to be started until day 50.
pub(crate) fn trial() -> Grant {
    Grant::trial("gold".parse().unwrap(), units(1), window(0, 50), Length::days(30).unwrap())
}

/// Fabrikam, whose gold has one more field.
fn with_gold(field: &str) -> Vendor {
    let field = format!(r#""name": "F365 Gold", {field},"#);
    Vendor::of(&include_str!("../../examples/fabrikam.json").replacen(r#""name": "F365 Gold","#, &field, 1))
}

/// The license of ada's seat, revoked from day 1 on.
fn revoked() -> Tenant {
    let mut tenant = seated([gold(0, 100)]);
    let license = RevokedLicense::new(LicenseId::from_random([1; 16]), NonZeroU32::MIN, day(1));
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let list = Vendor::fabrikam().secret.seal_list(&list.with(Revocation::License(license))).unwrap();
    tenant.forge(0, [Command::InstallRevocationList(list)]);
    tenant
}

/// Ada has a seat of a license, issued on day -10, that requires a list of at most so many days.
pub(crate) fn wants_a_list(grant: Grant, days: u32) -> Tenant {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(grant);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(days)));
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(0, [Command::Install(vendor.seal(&deal)), assign("ada", "gold")]);
    tenant
}

/// One gold seat, which bo has; ada waits for it through a group.
fn waiting() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([gold(0, 100)]);
    tenant.run(0, [assign("bo", "gold")]).unwrap();
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "gold")]).unwrap();
    tenant
}

/// Two gold seats, which bo and cy have; ada waits.
fn waiting_for_one_of_two() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 2, days(0, 100))]);
    tenant.forge(0, [assign("bo", "gold"), assign("cy", "gold")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Gold as its publisher took it back on day 5, and ada behind bo.
pub(crate) fn withdrawn() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([gold(0, 100).ending(Termination::Withdrawn(day(5)))]);
    tenant.forge(0, [assign("bo", "gold")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Ada is one of two groups, of which one has gold and the other silver, which gold excludes.
fn excluded_by_a_group() -> Tenant {
    let mut tenant = with_gold(r#""excludes": ["silver"]"#).contoso([gold(0, 100)]);
    tenant.forge(0, [join("ada", "sales"), assign_group("sales", "silver")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// The days from day 0 to the last of the calendar.
const LAST: i64 = 2_912_383;

/// What is read where the calendar ends before a suspension.
fn without_end() -> Row {
    let suspended = seated([gold(0, LAST - 100)]);
    text_row(
        "individual.suspended-without-end",
        &[
            "Your license for F365 Gold, which opens `f365/audit`, has been suspended since 9999-10-22T00:00:00Z: a \
             renewal restores it.",
            "This would help:",
            "- renew F365 Gold with at least 1 unit",
            ASK_VENDOR,
        ],
        &text(&suspended, AUDIT, LAST - 60, Audience::Individual),
    )
}

/// What is read of a license that its publisher withdrew.
fn withdrawals() -> Vec<Row> {
    use Audience::{Administrator, Individual, User};
    vec![
        row(
            "user.withdrawn",
            User,
            &[
                "The license of your organisation for F365 Gold, which opens `f365/audit`, was withdrawn by its publisher on \
                 2026-03-06T00:00:00Z.",
                ASK_ADMINISTRATOR,
            ],
            &withdrawn(),
        ),
        row(
            "individual.withdrawn",
            Individual,
            &[
                "Your license for F365 Gold, which opens `f365/audit`, was withdrawn by its publisher on \
                 2026-03-06T00:00:00Z.",
                "The publisher ended your license for F365 Gold early: contact the publisher before you buy it again.",
                "This would help:",
                "- buy F365 Gold again with at least 2 units",
            ],
            &withdrawn(),
        ),
        row(
            "admin.denied",
            Administrator,
            &[
                DENIED,
                "- F365 Gold (`gold`): its license was withdrawn by its publisher on 2026-03-06T00:00:00Z",
                "The publisher ended the license of F365 Gold early: contact the publisher before you buy it again.",
                "This would help:",
                "- buy F365 Gold again with at least 2 units",
            ],
            &withdrawn(),
        ),
    ]
}

/// What a user who is the whole tenant does with groups and apps that are off.
fn own_steps() -> Vec<Row> {
    use Audience::Individual;
    vec![
        row(
            "user.in-queue",
            Audience::User,
            &[
                "You wait as number 1 for a seat of F365 Gold, which opens `f365/audit`: all 2 seats are taken.",
                ABOUT_GOLD,
            ],
            &waiting_for_one_of_two(),
        ),
        row(
            "user.excluded",
            Individual,
            &[
                "You have F365 Gold, which opens `f365/audit`, and F365 Silver, which cannot be used together with it.",
                "Any of these would help:",
                "- remove yourself from the group `sales`",
                "- unassign F365 Silver from the whole group `sales`",
            ],
            &excluded_by_a_group(),
        ),
        row(
            "user.not-assigned",
            Individual,
            &[
                "F365 Gold, which opens `f365/audit`, is not assigned to you.",
                "Any of these would help:",
                "- assign F365 Gold to yourself",
                "- add yourself to the group `group-0`",
                "- add yourself to the group `group-1`",
                "- add yourself to the group `group-2`",
                "- add yourself to the group `group-3`",
                "  and there are more remedies",
            ],
            &many_groups(),
        ),
    ]
}

/// Ada has silver, and gold, which excludes it.
fn excluded() -> Tenant {
    let mut tenant = with_gold(r#""excludes": ["silver"]"#).contoso([gold(0, 100)]);
    tenant.forge(0, [assign("ada", "silver")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Ada has gold, which requires bronze or silver.
fn unmet() -> Tenant {
    let mut tenant = with_gold(r#""requires": [["bronze", "silver"]]"#).contoso([gold(0, 100)]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Ada has gold through a group, without the audit and the forecasts.
fn turned_off() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([gold(0, 100)]);
    let off = [AUDIT, "f365/forecasts"].map(|app| app.parse().unwrap()).to_vec();
    let except = Command::assign_except(group("staff").into(), "gold".parse().unwrap(), off);
    tenant.run(0, [join("ada", "staff"), except]).unwrap();
    tenant
}

/// One app of a direct assignment is off.
fn one_turned_off() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([gold(0, 100)]);
    let except = Command::assign_except(user("ada").into(), "gold".parse().unwrap(), vec![AUDIT.parse().unwrap()]);
    tenant.run(0, [except]).unwrap();
    tenant
}

/// What a user and an individual read.
fn users() -> Vec<Row> {
    use Audience::{Individual, User};
    let (nothing, ended) = (Vendor::fabrikam().contoso([]), seated([gold(-300, -200)]));
    let (suspended, pending) = (seated([gold(-100, -40)]), seated([gold(20, 100)]));
    let trial_over =
        seated([Grant::trial("gold".parse().unwrap(), units(1), window(-20, -10), Length::days(5).unwrap())]);
    let undated = seated([gold(-100, -40).with_fallback(day(-50)).unwrap()]);
    let not_covered = undated.in_release(Release::of(day(-10)));
    let (not_started, free) = (Vendor::fabrikam().contoso([trial()]), {
        let mut tenant = Vendor::fabrikam().contoso([gold(0, 100)]);
        tenant.run(0, [Command::set_claim_on_first_use("gold".parse().unwrap(), ClaimPolicy::Allowed)]).unwrap();
        tenant
    });
    let stale = wants_a_list(gold(0, 100), 10);
    let stale_when_it_starts = wants_a_list(gold(20, 100), 25);
    let bought = text(&pending, AUDIT, 10, User);
    vec![
        row("user.no-license", User, &["You have no license for `f365/audit`.", ASK_ADMINISTRATOR], &nothing),
        row(
            "user.no-license",
            Individual,
            &[
                "You have no license for `f365/audit`.",
                "This would help:",
                "- buy 1 unit of F365 Gold, then assign F365 Gold to yourself",
                ASK_VENDOR,
            ],
            &nothing,
        ),
        row(
            "user.not-assigned",
            User,
            &[
                "F365 Gold, which opens `f365/audit`, is not assigned to you.",
                "You can claim a free seat of F365 Gold yourself.",
                ABOUT_GOLD,
            ],
            &free,
        ),
        row(
            "user.not-assigned",
            Individual,
            &[
                "F365 Gold, which opens `f365/audit`, is not assigned to you.",
                "Any of these would help:",
                "- assign F365 Gold to yourself",
                "- claim a free seat of F365 Gold",
            ],
            &free,
        ),
        row(
            "user.over",
            User,
            &[
                "The license of your organisation for F365 Gold, which opens `f365/audit`, has ended.",
                ASK_ADMINISTRATOR,
            ],
            &ended,
        ),
        row(
            "individual.over",
            Individual,
            &[
                "Your license for F365 Gold, which opens `f365/audit`, has ended.",
                "This would help:",
                "- renew F365 Gold with at least 1 unit",
                ASK_VENDOR,
            ],
            &ended,
        ),
        row(
            "user.revoked",
            User,
            &[
                "The license of your organisation for F365 Gold, which opens `f365/audit`, was revoked by its publisher on \
                 2026-03-02T00:00:00Z.",
                ASK_ADMINISTRATOR,
            ],
            &revoked(),
        ),
        row(
            "individual.revoked",
            Individual,
            &[
                "Your license for F365 Gold, which opens `f365/audit`, was revoked by its publisher on \
                 2026-03-02T00:00:00Z.",
                "The publisher ended your license for F365 Gold early: contact the publisher before you buy it again.",
                "This would help:",
                "- buy F365 Gold again with at least 1 unit",
            ],
            &revoked(),
        ),
        row(
            "user.trial-over",
            User,
            &["The trial of F365 Gold, which opens `f365/audit`, has ended.", ASK_ADMINISTRATOR],
            &trial_over,
        ),
        row(
            "individual.trial-over",
            Individual,
            &[
                "Your trial of F365 Gold, which opens `f365/audit`, has ended.",
                "This would help:",
                "- buy 1 unit of F365 Gold",
                ASK_VENDOR,
            ],
            &trial_over,
        ),
        row(
            "user.suspended",
            User,
            &[
                "The license of your organisation for F365 Gold, which opens `f365/audit`, has been suspended since \
                 2026-02-19T00:00:00Z.",
                ABOUT_GOLD,
            ],
            &suspended,
        ),
        row(
            "individual.suspended",
            Individual,
            &[
                "Your license for F365 Gold, which opens `f365/audit`, has been suspended since \
                 2026-02-19T00:00:00Z: a renewal before 2026-05-20T00:00:00Z restores it.",
                "This would help:",
                "- renew F365 Gold with at least 1 unit",
                ASK_VENDOR,
            ],
            &suspended,
        ),
        row(
            "user.release-not-covered",
            User,
            &[
                "The license of your organisation for F365 Gold, which opens `f365/audit`, covers releases from before \
                 2026-01-10T00:00:00Z, and this release is of 2026-02-19T00:00:00Z.",
                ABOUT_GOLD,
            ],
            &not_covered,
        ),
        row(
            "user.release-undated",
            User,
            &[
                "The license of your organisation for F365 Gold, which opens `f365/audit`, covers releases from before \
                 2026-01-10T00:00:00Z, and this release has no date. No purchase is needed.",
                ABOUT_GOLD,
            ],
            &undated,
        ),
        row(
            "individual.release-not-covered",
            Individual,
            &[
                "Your license for F365 Gold, which opens `f365/audit`, covers releases from before \
                 2026-01-10T00:00:00Z, and this release is of 2026-02-19T00:00:00Z: renew it, or use an earlier release.",
                "Any of these would help:",
                "- use a release of the application from before 2026-01-10T00:00:00Z",
                "- renew F365 Gold with at least 1 unit",
                ASK_VENDOR,
            ],
            &not_covered,
        ),
        row(
            "individual.release-undated",
            Individual,
            &[
                "Your license for F365 Gold, which opens `f365/audit`, covers releases from before \
                 2026-01-10T00:00:00Z, and this release has no date. No \
                 purchase is needed.",
                "This would help:",
                "- ask the publisher for a release of the application that names its date, from before \
                 2026-01-10T00:00:00Z: this one has none",
            ],
            &undated,
        ),
        row(
            "user.trial-not-started",
            User,
            &[
                "The trial of F365 Gold, which opens `f365/audit`, has not been started.",
                "You can sign up for a trial of F365 Gold before 2026-04-20T00:00:00Z.",
                ABOUT_GOLD,
            ],
            &not_started,
        ),
        row(
            "individual.trial-not-started",
            Individual,
            &[
                "You have a trial of F365 Gold, which opens `f365/audit`: start it before 2026-04-20T00:00:00Z.",
                "Any of these would help:",
                "- sign up for the trial of F365 Gold before 2026-04-20T00:00:00Z",
                "- start the trial of F365 Gold in the license 01010101010101010101010101010101 before \
                 2026-04-20T00:00:00Z, then assign F365 Gold to yourself",
                "- buy 1 unit of F365 Gold, then assign F365 Gold to yourself",
                ASK_VENDOR,
            ],
            &not_started,
        ),
        row(
            "user.pending",
            User,
            &[
                "F365 Gold, which opens `f365/audit`, has been bought, and starts on 2026-03-21T00:00:00Z.",
                "You need not do anything: you will have access from 2026-03-21T00:00:00Z on.",
                "If you need it sooner, contact an administrator about F365 Gold.",
            ],
            &pending,
        ),
        row(
            "user.pending",
            Individual,
            &[
                "F365 Gold, which opens `f365/audit`, has been bought, and starts on 2026-03-21T00:00:00Z.",
                "Any of these would help:",
                "- wait until 2026-03-21T00:00:00Z",
                "- buy 1 unit of F365 Gold",
                ASK_VENDOR,
            ],
            &pending,
        ),
        row(
            "user.pending-for-ever",
            User,
            &[
                "F365 Gold, which opens `f365/audit`, has been bought, and will not become usable by time alone.",
                "Contact an administrator about F365 Gold.",
            ],
            &stale_when_it_starts,
        ),
        row(
            "user.pending-for-ever",
            Individual,
            &[
                "F365 Gold, which opens `f365/audit`, has been bought, and will not become usable by time alone.",
                "Any of these would help:",
                "- buy 1 unit of F365 Gold",
                "- wait until 2026-03-21T00:00:00Z, then ask the publisher for its latest revocation list, and \
                 install it",
                ASK_VENDOR,
            ],
            &stale_when_it_starts,
        ),
        in_words_row("user.pending", "{from}", "2026-03-21T00:00:00Z", &bought.lines()[0].messages[0]),
        row(
            "user.list-not-fresh",
            User,
            &[
                "The license of your organisation for F365 Gold, which opens `f365/audit`, needs a recent \
                 revocation list of its publisher, which an administrator can install. No purchase is needed.",
                ABOUT_GOLD,
            ],
            &stale,
        ),
        row(
            "individual.list-not-fresh",
            Individual,
            &[
                "Your license for F365 Gold, which opens `f365/audit`, needs a revocation list of its publisher that is less \
                 than 10 days old: ask the publisher for the latest, and install it. No purchase is needed.",
                "This would help:",
                "- ask the publisher for its latest revocation list, and install it",
            ],
            &stale,
        ),
        row(
            "user.in-queue-one-seat",
            User,
            &[
                "You wait as number 1 for a seat of F365 Gold, which opens `f365/audit`: the only seat is taken.",
                ABOUT_GOLD,
            ],
            &waiting(),
        ),
        row(
            "user.in-queue-one-seat",
            Individual,
            &[
                "You wait as number 1 for a seat of F365 Gold, which opens `f365/audit`: the only seat is taken.",
                "Any of these would help:",
                "- buy 1 unit of F365 Gold",
                "- free 1 seat of F365 Gold",
                ASK_VENDOR,
            ],
            &waiting(),
        ),
        row(
            "user.excluded",
            User,
            &[
                "You have F365 Gold, which opens `f365/audit`, and F365 Silver, which cannot be used together with it.",
                "Contact an administrator about F365 Silver.",
            ],
            &excluded(),
        ),
        row(
            "user.excluded",
            Individual,
            &[
                "You have F365 Gold, which opens `f365/audit`, and F365 Silver, which cannot be used together with it.",
                "This would help:",
                "- unassign F365 Silver from yourself",
            ],
            &excluded(),
        ),
        row(
            "user.requires",
            User,
            &[
                "You have F365 Gold, which opens `f365/audit`, and it needs F365 Bronze or F365 Silver, which you do not \
                 have.",
                "Contact an administrator about F365 Bronze or F365 Silver.",
            ],
            &unmet(),
        ),
        row(
            "user.requires",
            Individual,
            &[
                "You have F365 Gold, which opens `f365/audit`, and it needs F365 Bronze or F365 Silver, which you do not \
                 have.",
                "Any of these would help:",
                "- buy 1 unit of F365 Bronze, then assign F365 Bronze to yourself",
                "- buy 1 unit of F365 Silver, then assign F365 Silver to yourself",
                ASK_VENDOR,
            ],
            &unmet(),
        ),
        row(
            "user.turned-off",
            User,
            &[
                "You have F365 Gold, and an administrator has turned `f365/audit` off for you.",
                "Ask an administrator to turn `f365/audit` on for you.",
            ],
            &turned_off(),
        ),
        row(
            "individual.turned-off",
            Individual,
            &[
                "You have F365 Gold, and `f365/audit` is turned off for you.",
                "Any of these would help:",
                "- assign F365 Gold to yourself again, with `f365/audit` turned on, without `f365/forecasts`",
                "- assign F365 Gold to the group `staff` without `f365/forecasts`",
            ],
            &turned_off(),
        ),
        row(
            "individual.turned-off",
            Individual,
            &[
                "You have F365 Gold, and `f365/audit` is turned off for you.",
                "This would help:",
                "- assign F365 Gold to yourself again, with `f365/audit` turned on",
            ],
            &one_turned_off(),
        ),
    ]
}

/// What an administrator reads.
fn administrators() -> Vec<Row> {
    let row = |lines: &[&str], tenant: &Tenant| row("admin.denied", Audience::Administrator, lines, tenant);
    let license = "01010101010101010101010101010101";
    let withdrawn = gold(20, 100).ending(Termination::Withdrawn(day(5)));
    vec![
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): no license grants it",
                "This would help:",
                "- buy 1 unit of F365 Gold, then assign F365 Gold to `ada`",
            ],
            &Vendor::fabrikam().contoso([]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): it is not assigned to this user",
                "This would help:",
                "- assign F365 Gold to `ada`",
            ],
            &Vendor::fabrikam().contoso([gold(0, 100)]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license ended on 2025-12-11T00:00:00Z",
                "This would help:",
                "- renew F365 Gold with at least 1 unit",
            ],
            &seated([gold(-300, -200)]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license was ended before it began",
                "The publisher ended the license of F365 Gold early: contact the publisher before you buy it again.",
                "This would help:",
                "- buy F365 Gold again with at least 1 unit",
            ],
            &seated([withdrawn]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license was revoked on 2026-03-02T00:00:00Z",
                "The publisher ended the license of F365 Gold early: contact the publisher before you buy it again.",
                "This would help:",
                "- buy F365 Gold again with at least 1 unit",
            ],
            &revoked(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license has been suspended since 2026-02-19T00:00:00Z: a renewal before \
                 2026-05-20T00:00:00Z restores it",
                "This would help:",
                "- renew F365 Gold with at least 1 unit",
            ],
            &seated([gold(-100, -40)]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its trial has not been started, which is possible until 2026-04-20T00:00:00Z",
                "Any of these would help:",
                &format!(
                    "- have the user sign up before 2026-04-20T00:00:00Z for the trial of F365 Gold in the license \
                     {license}"
                ),
                &format!(
                    "- start the trial of F365 Gold in the license {license} before 2026-04-20T00:00:00Z, then assign \
                     F365 Gold to `ada`"
                ),
                "- buy 1 unit of F365 Gold, then assign F365 Gold to `ada`",
            ],
            &Vendor::fabrikam().contoso([trial()]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license starts on 2026-03-21T00:00:00Z",
                "Any of these would help:",
                "- wait until 2026-03-21T00:00:00Z",
                "- buy 1 unit of F365 Gold",
            ],
            &seated([gold(20, 100)]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license has not started, and will not become usable by time alone",
                "Any of these would help:",
                "- buy 1 unit of F365 Gold",
                "- wait until 2026-03-21T00:00:00Z, then ask the publisher for its latest revocation list, and \
                 install it",
            ],
            &wants_a_list(gold(20, 100), 25),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license requires a revocation list that is less than 10 days old, and has \
                 given nothing without one since 2026-03-01T00:00:00Z",
                "This would help:",
                "- ask the publisher for its latest revocation list, and install it",
            ],
            &wants_a_list(gold(0, 100), 10),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): this user waits for a seat as number 1: the only seat is taken",
                "Any of these would help:",
                "- buy 1 unit of F365 Gold",
                "- free 1 seat of F365 Gold",
            ],
            &waiting(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): this user has had F365 Silver for longer, and the two cannot be used together",
                "This would help:",
                "- unassign F365 Silver from `ada`",
            ],
            &excluded(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): it requires F365 Bronze or F365 Silver, which is not in effect",
                "Any of these would help:",
                "- buy 1 unit of F365 Bronze, then assign F365 Bronze to `ada`",
                "- buy 1 unit of F365 Silver, then assign F365 Silver to `ada`",
            ],
            &unmet(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): an administrator turned this app off for this user",
                "Any of these would help:",
                "- assign F365 Gold to `ada` again, with `f365/audit` turned on, without `f365/forecasts`",
                "- assign F365 Gold to the group `staff` without `f365/forecasts`",
            ],
            &turned_off(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): an administrator turned this app off for this user",
                "This would help:",
                "- assign F365 Gold to `ada` again, with `f365/audit` turned on",
            ],
            &one_turned_off(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): it is not assigned to this user",
                "Any of these would help:",
                "- assign F365 Gold to `ada`",
                "- add `ada` to the group `group-0`",
                "- add `ada` to the group `group-1`",
                "- add `ada` to the group `group-2`",
                "- add `ada` to the group `group-3`",
                "  and there are more remedies",
            ],
            &many_groups(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): no license grants it",
                "This would help, for example:",
                "- buy 1 unit of F365 Silver, then buy 1 unit of F365 Bronze, then buy 1 unit of F365 Gold, then \
                 assign F365 Silver to `ada`, then assign F365 Bronze to `ada`, then assign F365 Gold to `ada`",
            ],
            &with_gold(r#""requires": [["bronze"], ["silver"]]"#).contoso([]),
        ),
        row(
            &[DENIED, "- F365 Gold (`gold`): no license grants it", "No remedy was found: contact the publisher."],
            &impossible().contoso([]),
        ),
    ]
}

/// A free seat, and six groups with gold that ada could join.
fn many_groups() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 9, days(0, 100))]);
    for number in 0..6 {
        let name = format!("group-{number}");
        tenant.run(0, [join("bo", &name), assign_group(&name, "gold")]).unwrap();
    }
    tenant
}

/// Fabrikam, whose gold requires bronze and silver, which exclude each other.
pub(crate) fn impossible() -> Vendor {
    let gold = with_gold(r#""requires": [["bronze"], ["silver"]]"#).catalog;
    let mut offer = gold.offer().clone();
    offer.plans[0].excludes.push("silver".parse().unwrap());
    Vendor { catalog: entitle::Catalog::new(offer).unwrap(), ..Vendor::fabrikam() }
}

/// The stranger whose key signs one of the licenses that give nothing.
pub(crate) fn stranger() -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([0x55; 32]))
}

/// The beginning of another record than contoso's.
pub(crate) fn elsewhere(record: u8) -> Checkpoint {
    Checkpoint::new(RecordId::from_random([record; 16]), beginning("contoso".parse().unwrap()).head())
}

/// A license that counts only on another record.
fn anchored(id: u8) -> Command {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso");
    (deal.id, deal.anchor) = (LicenseId::from_random([id; 16]), Anchor::Record(elsewhere(id)));
    Command::Install(vendor.seal(&deal))
}

/// A record ahead of the clock, with ada's gold and five licenses that give nothing.
pub(crate) fn ahead() -> Tenant {
    let mut tenant = seated([gold(0, 100)]);
    let unknown = stranger().seal(&Vendor::fabrikam().deal_for("contoso")).unwrap();
    tenant.forge(0, [Command::Install(unknown)].into_iter().chain((2..6).map(anchored)));
    tenant.forge(900, [Command::RecordTime]);
    tenant
}

/// The text about a license that counts only on another record.
fn not_contained(record: u8) -> String {
    format!(
        "An installed license, {}, gives nothing: it was issued for a record that contains the checkpoint {}, and this \
         record was not shown to contain it. Restore the complete record, or ask the publisher for a license for this one.",
        LicenseId::from_random([record; 16]),
        elsewhere(record)
    )
}

/// What is to be checked first.
fn checks() -> Vec<Row> {
    let clock = "The clock of the machine that checks the license shows 2026-03-11T00:00:00Z, but the license record \
                 was last written at 2028-08-17T00:00:00Z: one of them is wrong. \
                 Compare the clock with another one before you buy anything.";
    let key = format!(
        "An installed license gives nothing: this version of the application does not accept the key with which it is \
         signed, {}. Update the application; if that does not help, contact the publisher.",
        stranger().public().id()
    );
    let record = not_contained;
    let more = "  more installed licenses that give nothing: 2";
    let tenant = ahead();
    let ticket =
        format!("- ask the publisher for a time ticket with the anchor {}, and install it", tenant.checkpoint());
    let right = "If the clock is right, this would help:";
    let wrong = "If the clock is wrong, correct it. Then this applies:";
    vec![
        row(
            "user.record-ahead",
            Audience::User,
            &[
                "The clock of the machine that checks the license shows 2026-03-11T00:00:00Z, but the license record \
                 was last written at \
                 2028-08-17T00:00:00Z, so `f365/audit` is closed. Ask an administrator to compare the clock first. \
                 If the clock is wrong, this applies once it is right:",
                ASK_ABOUT_UNUSABLE,
                "The license of your organisation for F365 Gold, which opens `f365/audit`, has ended.",
                ASK_ADMINISTRATOR,
            ],
            &tenant,
        ),
        row(
            "clock.ahead",
            Audience::Individual,
            &[
                clock,
                right,
                &ticket,
                wrong,
                &key,
                &record(2),
                &record(3),
                more,
                "Your license for F365 Gold, which opens `f365/audit`, has ended.",
                "If nothing of this helps, this would:",
                "- renew F365 Gold with at least 1 unit",
                ASK_VENDOR,
            ],
            &tenant,
        ),
        row(
            "admin.denied",
            Audience::Administrator,
            &[
                DENIED,
                clock,
                right,
                &ticket,
                wrong,
                &key,
                &record(2),
                &record(3),
                more,
                "- F365 Gold (`gold`): its license ended on 2026-10-07T00:00:00Z",
                "If nothing of this helps, this would:",
                "- renew F365 Gold with at least 1 unit",
            ],
            &tenant,
        ),
    ]
}

/// A license that gives nothing, alone and beside one that gives something.
fn unusable() -> Vec<Row> {
    use Audience::{Administrator, Individual, User};
    let mut alone = Vendor::fabrikam().contoso([]);
    alone.forge(0, [anchored(2)]);
    let mut beside = Vendor::fabrikam().contoso([gold(0, 100)]);
    beside.forge(0, [anchored(2)]);
    vec![
        row(
            "user.unusable-license",
            User,
            &[ASK_ABOUT_UNUSABLE, "No other license opens `f365/audit`.", ASK_ADMINISTRATOR],
            &alone,
        ),
        row(
            "check-first.license-not-contained",
            Individual,
            &[
                &not_contained(2),
                "No other license opens `f365/audit`.",
                "If nothing of this helps, this would:",
                "- buy 1 unit of F365 Gold, then assign F365 Gold to yourself",
                ASK_VENDOR,
            ],
            &alone,
        ),
        row(
            "admin.denied",
            Administrator,
            &[
                DENIED,
                &not_contained(2),
                "- F365 Gold (`gold`): no license grants it",
                "If nothing of this helps, this would:",
                "- buy 1 unit of F365 Gold, then assign F365 Gold to `ada`",
            ],
            &alone,
        ),
        row(
            "user.unusable-license",
            User,
            &[ASK_ABOUT_UNUSABLE, "F365 Gold, which opens `f365/audit`, is not assigned to you.", ABOUT_GOLD],
            &beside,
        ),
        row(
            "admin.denied",
            Administrator,
            &[
                DENIED,
                &not_contained(2),
                "- F365 Gold (`gold`): it is not assigned to this user",
                "If nothing of this helps, this would:",
                "- assign F365 Gold to `ada`",
            ],
            &beside,
        ),
    ]
}

/// What the support desk reads.
fn support() -> Vec<Row> {
    let row = |lines: &[&str], tenant: &Tenant| row("support.denied", Audience::SupportDesk, lines, tenant);
    let ended = "  license 01010101010101010101010101010101 revision 1: paid, units: 1, ended, next change by time: \
                 never";
    let unlimited = Grant::paid("gold".parse().unwrap(), Units::Unlimited, Term::perpetual(day(0)));
    vec![
        row(
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-06-09T00:00:00Z, after entry 3",
                "- F365 Gold (`gold`, reason.waiting): this user waits for a seat as number 1: the only seat is taken",
                "  usable units: 1, seats: 1, seated: 1, without a seat: 1, next change by time: 2026-06-09T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-06-09T00:00:00Z",
                "  claimed since entry 3, through the group `staff`",
                "Any of these would help:",
                "- buy 1 unit of `gold`",
                "- free 1 seat of `gold`",
            ],
            &waiting(),
        ),
        row(
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: never, after entry 1",
                "- F365 Gold (`gold`, reason.not-assigned): it is not assigned to this user",
                "  usable units: unlimited, seats: unlimited, seated: 0, without a seat: 0, next change by time: never",
                "  license 01010101010101010101010101010101 revision 1: paid, units: unlimited, active, next change \
                 by time: never",
                "This would help:",
                "- assign `gold` to `ada`",
            ],
            &Vendor::fabrikam().contoso([unlimited]),
        ),
        row(
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-06-09T00:00:00Z, after entry 2",
                "- F365 Gold (`gold`, reason.requirement-not-met): it requires `bronze` or `silver`, which is not in effect",
                "  usable units: 1, seats: 1, seated: 1, without a seat: 0, next change by time: 2026-06-09T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-06-09T00:00:00Z",
                "  claimed since entry 2, assigned directly",
                "- F365 Bronze (`bronze`), which `gold` requires",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 0, next change by time: never",
                "- F365 Silver (`silver`), which `gold` requires",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 0, next change by time: never",
                "Any of these would help:",
                "- buy 1 unit of `bronze`, then assign `bronze` to `ada`",
                "- buy 1 unit of `silver`, then assign `silver` to `ada`",
            ],
            &unmet(),
        ),
        row(
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-04-20T00:00:00Z, after entry 1",
                "- F365 Gold (`gold`, reason.ended): its license ended on 2025-12-11T00:00:00Z",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 0, next change by time: 2026-04-20T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: trial, units: 1, trial not started, next \
                 change by time: 2026-04-20T00:00:00Z",
                ended,
                ended,
                ended,
                ended,
                ended,
                ended,
                ended,
                ended,
                ended,
                "  grants not shown: 3",
                "Any of these would help:",
                "- have the user sign up before 2026-04-20T00:00:00Z for the trial of `gold` in the license \
                 01010101010101010101010101010101",
                "- start the trial of `gold` in the license 01010101010101010101010101010101 before \
                 2026-04-20T00:00:00Z, then assign `gold` to `ada`",
                "- renew `gold` with at least 1 unit, then assign `gold` to `ada`",
            ],
            &Vendor::fabrikam().contoso((0..12).map(|_| gold(-300, -200)).chain([trial()])),
        ),
        row(
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: never, after entry 3",
                "- F365 Gold (`gold`, reason.ended): its license was withdrawn by its publisher on 2026-03-06T00:00:00Z",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 2, next change by time: never",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, withdrawn by its publisher on \
                 2026-03-06T00:00:00Z",
                "  claimed since entry 3, assigned directly",
                "The license of `gold` was ended early: find out why before it is sold again.",
                "This would help:",
                "- buy `gold` again with at least 2 units",
            ],
            &withdrawn(),
        ),
    ]
}

/// The one message of a denial, and that of its nearest plan.
fn explanations() -> Vec<Row> {
    let explain = |tenant: &Tenant, app: &str| -> DenialExplanation {
        tenant.see("ada", app, day(10), |decision| decision.allowed().unwrap_err())
    };
    let message = |code, text: &str, tenant: &Tenant| message_row(code, text, &explain(tenant, AUDIT).message());
    let nothing = Vendor::fabrikam().contoso([]);
    let denial = explain(&waiting(), AUDIT).misses()[0].clone();
    vec![
        message(
            "denied.record-ahead",
            "the clock of the machine that checks the license shows 2026-03-11T00:00:00Z, but the license record was \
             last written at 2028-08-17T00:00:00Z, so \
             `f365/audit` is closed: ask an administrator to compare the clock before anything else",
            &ahead(),
        ),
        message(
            "denied.waiting-one-seat",
            "you wait as number 1 for a seat of F365 Gold, which opens `f365/audit`: the only seat is taken",
            &waiting(),
        ),
        message(
            "denied.turned-off",
            "you have F365 Gold, and an administrator has turned `f365/audit` off for you",
            &turned_off(),
        ),
        message(
            "denied.waiting",
            "you wait as number 1 for a seat of F365 Gold, which opens `f365/audit`: all 2 seats are taken",
            &waiting_for_one_of_two(),
        ),
        message(
            "denied.release-not-covered",
            "the license for F365 Gold, which opens `f365/audit`, covers releases from before 2026-01-10T00:00:00Z, and this \
             release is of 2026-02-19T00:00:00Z: contact an administrator",
            &seated([gold(-100, -40).with_fallback(day(-50)).unwrap()]).in_release(Release::of(day(-10))),
        ),
        message(
            "denied.release-undated",
            "the license for F365 Gold, which opens `f365/audit`, covers releases from before 2026-01-10T00:00:00Z, and this \
             release has no date: contact an administrator",
            &seated([gold(-100, -40).with_fallback(day(-50)).unwrap()]),
        ),
        message(
            "denied.suspended",
            "the license for F365 Gold, which opens `f365/audit`, has been suspended since 2026-02-19T00:00:00Z: contact \
             an administrator",
            &seated([gold(-100, -40)]),
        ),
        message(
            "denied.pending",
            "F365 Gold, which opens `f365/audit`, has been bought, and starts on 2026-03-21T00:00:00Z: contact an \
             administrator if you need it sooner",
            &seated([gold(20, 100)]),
        ),
        message(
            "denied.pending-for-ever",
            "F365 Gold, which opens `f365/audit`, has been bought, and will not become usable by time alone: contact an \
             administrator",
            &wants_a_list(gold(20, 100), 25),
        ),
        message(
            "denied.trial-not-started",
            "the trial of F365 Gold, which opens `f365/audit`, has not been started: contact an administrator",
            &Vendor::fabrikam().contoso([trial()]),
        ),
        message(
            "denied.list-not-fresh",
            "the license for F365 Gold, which opens `f365/audit`, needs a recent revocation list of its publisher: ask an \
             administrator to install one",
            &wants_a_list(gold(0, 100), 10),
        ),
        message(
            "denied.excluded",
            "you have F365 Gold, which opens `f365/audit`, and F365 Silver, which cannot be used together with it: contact \
             an administrator",
            &excluded(),
        ),
        message(
            "denied.requires",
            "you have F365 Gold, which opens `f365/audit`, and it needs F365 Bronze or F365 Silver, which you do not have: \
             contact an administrator",
            &unmet(),
        ),
        message(
            "denied.no-license",
            "you have no license for `f365/audit`, so contact an administrator for one: F365 Gold \
             (https://fabrikam.example/f365/gold)",
            &nothing,
        ),
        message_row(
            "denied.no-license",
            "you have no license for `f365/orders`, so contact an administrator for one: F365 Bronze \
             (https://fabrikam.example/f365/bronze), F365 Silver (https://fabrikam.example/f365/silver) or F365 Gold \
             (https://fabrikam.example/f365/gold)",
            &explain(&nothing, "f365/orders").message(),
        ),
        crate::row!(
            "reason.waiting",
            "F365 Gold: this user waits for a seat as number 1: the only seat is taken",
            denial
        ),
    ]
}

/// An app of another catalog.
fn unknown_app() -> Vec<Row> {
    let other = Vendor::of(
        r#"{ "publisher": "fabrikam", "offer": "f365", "management": { "managed": "with_license" },
             "apps": [{ "id": "elsewhere", "access": "free" }],
             "plans": [{ "id": "gold", "scope": "user", "name": "Gold" }] }"#,
    );
    let (ada, elsewhere) = (user("ada"), other.catalog.app("elsewhere").unwrap());
    let tenant = Vendor::fabrikam().contoso([]);
    let Decision::Deny(denial) = tenant.check(&ada, &elsewhere, day(0)) else { panic!("not of this catalog") };
    let unknown = "`elsewhere` is not part of this product";
    vec![
        text_row("denied.unknown-app", &[unknown], &denial.text(Audience::User)),
        text_row("denied.unknown-app", &[unknown], &denial.text(Audience::Individual)),
        text_row("admin.denied", &["`ada` may not open `elsewhere`.", unknown], &denial.text(Audience::Administrator)),
        text_row(
            "support.denied",
            &[
                "denied: `ada` for `elsewhere` in tenant `contoso`, as of 2026-03-01T00:00:00Z, next change by \
                 time: never, after entry 1",
                "`elsewhere` is not part of this product",
            ],
            &denial.text(Audience::SupportDesk),
        ),
        message_row("denied.unknown-app", unknown, &denial.explain().message()),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    [
        users(),
        vec![without_end()],
        withdrawals(),
        own_steps(),
        administrators(),
        checks(),
        unusable(),
        support(),
        explanations(),
        unknown_app(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
