//! `entitle revise`: the next revision of a deal.

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};

use crate::answer::Answer;
use crate::deal::said::Said;
use crate::deal::{ask, form, new};
use crate::exit::Failure;

/// Write down the next revision of a deal: all that is sold from now on, in place of what was.
///
/// Where it sells less, who has a seat keeps it for 90 days: the old number is tolerated that long.
#[derive(Debug, Args)]
pub(crate) struct Revise {
    /// The deal as it is: what `deal new` or `revise` wrote.
    deal: PathBuf,
    /// The catalog of what is sold.
    #[arg(long, value_name = "FILE")]
    catalog: PathBuf,
    /// So many units of a plan, paid: `gold=5` or `gold=unlimited`. Again for another plan.
    #[arg(long = "grant", value_name = "PLAN=UNITS")]
    grants: Vec<crate::deal::said::Sold>,
    /// A trial: `gold=3` units. It may be started from --starts until --ends.
    #[arg(long = "trial", value_name = "PLAN=UNITS")]
    trials: Vec<crate::deal::said::Sold>,
    /// How many days a trial runs once it is started.
    #[arg(long, value_name = "DAYS")]
    days: Option<u32>,
    /// The first day; that of the first grant before if left out.
    #[arg(long, value_name = "INSTANT")]
    starts: Option<crate::moment::Moment>,
    /// The first instant after it, or `never`.
    #[arg(long, value_name = "INSTANT")]
    ends: Option<crate::moment::Until>,
    /// Where to write the revision; to stdout if left out.
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Revise {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let catalog = crate::catalog::load(&self.catalog)?;
        let before = form::read(&self.deal)?;
        let offer = catalog.offer();
        if (&offer.publisher, &offer.offer) != (&before.publisher, &before.offer) {
            let message = format!("the deal is for `{}`, the catalog of `{}`", before.offer, offer.offer);
            return Err(Failure::usage("cli.other-offer", message));
        }
        let mut said = Said {
            grants: self.grants.clone(),
            trials: self.trials.clone(),
            days: self.days,
            starts: self.starts,
            ends: self.ends,
            ..Said::default()
        };
        ask::for_missing(&mut said, Said::missing_of_grants)?;
        let started = before.grants.first().map_or(now, |grant| match &grant.terms {
            entitle::Terms::Paid(paid) => paid.term.starts(),
            entitle::Terms::Trial(trial) => trial.may_start.opens(),
        });
        let renewed = before.renew(offer, now, said.grants(started)?);
        let renewed = renewed.map_err(|error| Failure::unreadable(error.code(), error))?;
        new::sellable(&catalog, &renewed)?;
        form::prove(&renewed)?;
        new::write(&renewed, self.out.as_deref())
    }
}
