//! What a user and an individual read.

use entitle::catalog::Release;
use entitle::command::ClaimPolicy;
use entitle::explain::Audience;
use entitle::time::Length;
use entitle::{Command, Grant};

use super::tenants::{
    ABOUT_GOLD, ASK_ADMINISTRATOR, ASK_VENDOR, AUDIT, WAIT_FOR_GOLD, excluded, gold, one_turned_off, revoked, row,
    seated, text, trial, turned_off, unmet, waiting, wants_a_list,
};
use crate::Row;
use crate::support::{Scenario, Vendor, day, units, window};
use crate::wordings::in_words_row;

/// What a user and an individual read.
pub(super) fn users() -> Vec<Row> {
    use Audience::{Individual, User};
    let unlinked = include_str!("../../../examples/fabrikam.json")
        .replace(r#""more_info": "https://fabrikam.example/f365/gold","#, "");
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
                "- buy F365 Gold, then assign F365 Gold to yourself",
                ASK_VENDOR,
            ],
            &nothing,
        ),
        row(
            "user.no-license",
            Individual,
            &[
                "You have no license for `f365/audit`.",
                "This would help:",
                "- buy F365 Gold, then assign F365 Gold to yourself",
                "Contact the vendor to buy or renew.",
            ],
            &Vendor::of(&unlinked).contoso([]),
        ),
        row(
            "user.not-assigned",
            User,
            &[
                "F365 Gold, which opens `f365/audit`, is not assigned to you.",
                "You can claim a free seat of F365 Gold yourself.",
                ASK_ADMINISTRATOR,
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
                "- renew F365 Gold",
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
                ABOUT_GOLD,
            ],
            &revoked(),
        ),
        row(
            "individual.revoked",
            Individual,
            &[
                "Your license for F365 Gold, which opens `f365/audit`, was revoked by its vendor on \
                 2026-03-02T00:00:00Z.",
                "The vendor ended your license for F365 Gold early: contact the vendor before you buy it again.",
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
                "- buy F365 Gold",
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
                "- renew F365 Gold",
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
                 2026-01-10T00:00:00Z, and this version of the application does not state its release date. No purchase is needed.",
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
                "- renew F365 Gold",
                ASK_VENDOR,
            ],
            &not_covered,
        ),
        row(
            "individual.release-undated",
            Individual,
            &[
                "Your license for F365 Gold, which opens `f365/audit`, covers releases from before \
                 2026-01-10T00:00:00Z, and this version of the application does not state its release date. No \
                 purchase is needed.",
                "This would help:",
                "- ask the vendor for a release of the application that names its date, from before \
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
                "- start your trial of F365 Gold before 2026-04-20T00:00:00Z, then assign F365 Gold to yourself",
                "- buy F365 Gold, then assign F365 Gold to yourself",
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
                "- if it cannot wait: ask the vendor for an earlier start, or buy 1 unit of F365 Gold for the time \
                 before 2026-03-21T00:00:00Z",
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
                "- buy F365 Gold",
                "- wait until 2026-03-21T00:00:00Z, then ask the vendor for the latest revocation list, and install it",
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
                "Your license for F365 Gold, which opens `f365/audit`, needs a revocation list of its vendor that is \
                 less than 10 days old: ask the vendor for the latest, and install it. No purchase is needed.",
                "This would help:",
                "- ask the vendor for the latest revocation list, and install it",
            ],
            &stale,
        ),
        row(
            "user.in-queue-one-seat",
            User,
            &[
                "The only seat of F365 Gold, which opens `f365/audit`, is taken: you are number 1 in the queue for it.",
                WAIT_FOR_GOLD,
            ],
            &waiting(),
        ),
        row(
            "user.in-queue-one-seat",
            Individual,
            &[
                "The only seat of F365 Gold, which opens `f365/audit`, is taken: you are number 1 in the queue for it.",
                "Any of these would help:",
                "- buy 1 unit of F365 Gold",
                "- take F365 Gold from 1 user who has it or waits for it ahead of you",
                ASK_VENDOR,
            ],
            &waiting(),
        ),
        row(
            "user.excluded",
            User,
            &[
                "You cannot open `f365/audit`: F365 Gold, which opens it, cannot be used together with F365 Silver, \
                 which you have had for longer.",
                "Contact an administrator about F365 Silver.",
            ],
            &excluded(),
        ),
        row(
            "user.excluded",
            Individual,
            &[
                "You cannot open `f365/audit`: F365 Gold, which opens it, cannot be used together with F365 Silver, \
                 which you have had for longer.",
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
                "- buy F365 Bronze, then assign F365 Bronze to yourself",
                "- buy F365 Silver, then assign F365 Silver to yourself",
                "Contact the vendor to buy or renew: F365 Bronze (https://fabrikam.example/f365/bronze) or F365 Silver \
                 (https://fabrikam.example/f365/silver).",
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
