//! What an administrator sees of a tenant: each question is one command that reads.

mod page;
mod plan_row;

mod claim_words;

mod apps;
mod ending;
mod errors;
mod group;
mod groups;
mod licenses;
mod listing;
mod may_install;
mod plans;
mod queue;
mod quotas;
mod show;
mod usage;
mod user;
mod users;
mod who;

use clap::Subcommand;
use entitle::chrono::{DateTime, Utc};

use super::options::TenantOptions;
use super::record::Record;
use crate::answer::Answer;
use crate::exit::Failure;

/// A question about a tenant.
#[derive(Debug, Subcommand)]
pub(super) enum Question {
    /// Show everything that matters on one screen.
    #[command(
        after_help = "Plans are in the order of the catalog. NEXT CHANGE is the first instant at which\ntime alone changes the state or the units of a plan, and THEN what they are then.\n\nExample:\n  entitle tenant show --ledger contoso.ledger"
    )]
    Show,
    /// List the plans: units, seats used, free and waiting.
    #[command(
        after_help = "Plans are in the order of the catalog. NEXT CHANGE is the first instant at which\ntime alone changes the state or the units of a plan, and THEN what they are then.\n\nExample:\n  entitle tenant plans"
    )]
    Plans,
    /// List the users with their plans and groups.
    #[command(after_help = "Example:\n  entitle tenant users ada --limit 20")]
    Users(users::Users),
    /// Show a user: plans and why, groups, apps, quotas.
    #[command(after_help = "Example:\n  entitle tenant user bo")]
    User(user::User),
    /// List the groups with their members and plans.
    #[command(after_help = "Example:\n  entitle tenant groups")]
    Groups(groups::Groups),
    /// Show a group: its plans, its members and their seats.
    #[command(after_help = "Example:\n  entitle tenant group auditors")]
    Group(group::Members),
    /// Show who has a seat of a plan, and who waits.
    #[command(after_help = "Example:\n  entitle tenant queue gold --from 100")]
    Queue(queue::Queue),
    /// List the licenses, and what they give.
    #[command(after_help = "Example:\n  entitle tenant licenses --all")]
    Licenses(licenses::Licenses),
    /// List the apps, open or closed, of a user.
    #[command(
        after_help = "Apps are in the order of the catalog. OPEN UNTIL is when time alone closes\nthe app, NEXT CHANGE when it first changes anything, and THEN what: a warning,\nanother plan or basis, open or closed. What warnings say: `entitle tenant why`.\n\nExample:\n  entitle tenant apps bo"
    )]
    Apps(apps::Apps),
    /// List the users who may open an app.
    #[command(
        after_help = "Users are in the order of their ids. OPEN UNTIL is when time alone closes\nthe app, NEXT CHANGE when it first changes anything, and THEN what: a warning,\nanother plan or basis, open or closed. What warnings say: `entitle tenant why`.\n\nExample:\n  entitle tenant who f365/audit"
    )]
    Who(who::Who),
    /// Show what is consumed, by month and consumer.
    #[command(
        after_help = "Only capacity plans are consumed, by `entitle tenant consume`: what is used counts\nby calendar month, UTC, for the whole organisation. Beyond the units bought a plan\ncan be used up to its overage, 25 percent unless the catalog says another.\n\nExample:\n  entitle tenant usage --plan sessions --month 2026-03"
    )]
    Usage(usage::UsageBy),
    /// Show the quotas that the plans give.
    #[command(
        after_help = "A quota is a limit for the application, which asks for it and counts what is used:\nthis program does not. What it counts are capacity plans: `entitle tenant usage`.\n\nExample:\n  entitle tenant quotas --user bo"
    )]
    Quotas(quotas::Quotas),
    /// List what does not work, and why.
    #[command(after_help = "Example:\n  entitle tenant errors")]
    Errors(errors::Errors),
    /// List what ends soon.
    #[command(
        after_help = "UNITS are those that end, of one license. SEATS USED IN PLAN are all seats of their\nplan, whichever license has the units.\n\nExample:\n  entitle tenant ending --within 60"
    )]
    Ending(ending::Ending),
    /// Check whether the tenant may install the offer.
    #[command(after_help = "Example:\n  entitle tenant may-install")]
    MayInstall,
    /// Show the offer's buttons and check boxes in the store.
    #[command(after_help = "Example:\n  entitle tenant listing")]
    Listing,
}

impl Question {
    pub(super) fn run(&self, options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let record = Record::read(options)?;
        let tenant = record.tenant();
        let answer = match self {
            Self::Show => show::answer(tenant, now),
            Self::Plans => plans::answer(tenant, now),
            Self::Users(users) => users.answer(tenant, now),
            Self::User(user) => user.answer(tenant, now),
            Self::Groups(groups) => groups.answer(tenant),
            Self::Group(group) => group.answer(tenant, now)?,
            Self::Queue(queue) => queue.answer(tenant, now)?,
            Self::Licenses(licenses) => licenses.answer(&record, now),
            Self::Apps(apps) => apps.answer(tenant, now),
            Self::Who(who) => who.answer(tenant, now)?,
            Self::Usage(usage) => usage.answer(tenant, now)?,
            Self::Quotas(quotas) => quotas.answer(tenant, now),
            Self::Errors(errors) => errors.answer(tenant, now),
            Self::Ending(ending) => ending.answer(tenant, now),
            Self::MayInstall => may_install::answer(tenant, now),
            Self::Listing => listing::answer(tenant, now),
        };
        Ok(answer.notes(record.notes()))
    }
}
