//! `entitle deal`: deals, the unsigned payload of licenses (`manual::formats`).

mod units_between;

pub(crate) mod deal_file;
pub(crate) mod deal_status;
pub(crate) mod difference;
mod ends;
pub(crate) mod sale_options;
mod terms_options;

mod amounts_of_nothing;

mod new;
pub(crate) mod prompt;
pub(crate) mod revise;
mod revision;

mod desk;

pub(crate) use desk::TRUST;

use clap::Subcommand;
use entitle::chrono::{DateTime, Utc};

use crate::answer::Answer;
use crate::exit::Failure;

/// Write deals, and look them up in the deal book.
#[derive(Debug, Subcommand)]
pub(crate) enum DealCommand {
    New(Box<new::New>),
    /// The same as `entitle revise`.
    #[command(hide = true)]
    Revise(Box<revise::Revise>),
    List(desk::List),
    Show(desk::Show),
    History(desk::History),
    Ending(desk::Ending),
    Customers(desk::Customers),
    Import(desk::Import),
}

impl DealCommand {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        match self {
            Self::New(new) => new.run(now),
            Self::Revise(revise) => revise.run(now),
            Self::List(list) => list.run(now),
            Self::Show(show) => show.run(now),
            Self::History(history) => history.run(now),
            Self::Ending(ending) => ending.run(now),
            Self::Customers(customers) => customers.run(now),
            Self::Import(import) => import.run(now),
        }
    }
}
