//! `entitle revise`: the next revision of a deal.

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{GrantKind, Termination};
use entitle::{Deal, Grant};

use crate::answer::Answer;
use crate::deal::sale_options::SaleOptions;
use crate::deal::terms_options::{PlanInstant, TermsOptions};
use crate::deal::{deal_file, new, prompt, terms_options};
use crate::exit::Failure;

/// Write down the next revision of a deal: all that is sold from now on, in place of what was.
///
/// Where it sells less, who has a seat keeps it for 90 days: the old number is tolerated that long. To end a grant early, give
/// --cancel or --withdraw alone: all else stays as it is.
#[derive(Debug, Args)]
pub(crate) struct Revise {
    /// The deal as it is: what `deal new` or `revise` wrote.
    deal: PathBuf,
    /// The catalog of what is sold.
    #[arg(long, value_name = "FILE")]
    catalog: PathBuf,
    /// So many units of a plan, paid: `gold=5` or `gold=unlimited`. Again for another plan.
    #[arg(long = "grant", value_name = "PLAN=UNITS")]
    grants: Vec<crate::deal::sale_options::PlanUnits>,
    /// A trial: `gold=3` units. It may be started from --starts until --ends.
    #[arg(long = "trial", value_name = "PLAN=UNITS")]
    trials: Vec<crate::deal::sale_options::PlanUnits>,
    /// How many days a trial runs once it is started.
    #[arg(long, value_name = "DAYS")]
    days: Option<u32>,
    /// The first day; that of the first grant before if left out.
    #[arg(long, value_name = "INSTANT")]
    starts: Option<crate::instant::Instant>,
    /// The first instant after it, or `never`.
    #[arg(long, value_name = "INSTANT")]
    ends: Option<crate::instant::InstantOrNever>,
    /// End a plan early: `gold=2026-05-01`. What is paid is suspended from then on, a trial is ended. Again for another plan.
    #[arg(long, value_name = "PLAN=INSTANT")]
    cancel: Vec<PlanInstant>,
    /// End a plan early, at once and without suspension: `gold=2026-05-01`. Again for another plan.
    #[arg(long, value_name = "PLAN=INSTANT")]
    withdraw: Vec<PlanInstant>,
    #[command(flatten)]
    terms: TermsOptions,
    /// Where to write the revision; to stdout if left out.
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Revise {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let catalog = crate::catalog::load(&self.catalog)?;
        let before = deal_file::read(&self.deal)?;
        let offer = catalog.offer();
        if (&offer.publisher, &offer.offer) != (&before.publisher, &before.offer) {
            let message = format!("the deal is for `{}`, the catalog of `{}`", before.offer, offer.offer);
            return Err(Failure::usage("cli.other-offer", message));
        }
        let mut grants = if self.only_ends_early() { before.grants.clone() } else { self.grants_sold(&before, now)? };
        terms_options::end_early(&mut grants, &self.cancel, |at| Termination::Cancelled(at.0))?;
        terms_options::end_early(&mut grants, &self.withdraw, |at| Termination::Withdrawn(at.0))?;
        let renewed = if self.only_ends_early() {
            self.terms.apply_to_grants(&mut grants)?;
            // What ends early is meant to: nothing of it is tolerated.
            before.revise(now).map(|mut revised| {
                revised.grants = grants;
                revised
            })
        } else {
            before.renew(offer, now, grants)
        };
        let mut renewed = renewed.map_err(|error| Failure::unreadable(error.code(), error))?;
        self.terms.apply_to_deal(&mut renewed);
        new::check_plans(&catalog, &renewed)?;
        deal_file::check_rules(&renewed)?;
        new::write(&renewed, self.out.as_deref(), Some(&self.deal))
    }
    /// Whether nothing is sold anew, and something ended.
    fn only_ends_early(&self) -> bool {
        let says_none = self.grants.is_empty() && self.trials.is_empty() && self.ends.is_none();
        says_none && !(self.cancel.is_empty() && self.withdraw.is_empty())
    }

    /// What is sold from now on.
    fn grants_sold(&self, before: &Deal, now: DateTime<Utc>) -> Result<Vec<Grant>, Failure> {
        let mut options = SaleOptions {
            grants: self.grants.clone(),
            trials: self.trials.clone(),
            days: self.days,
            starts: self.starts,
            ends: self.ends,
            terms: self.terms.clone(),
            ..SaleOptions::default()
        };
        prompt::for_missing(&mut options, SaleOptions::missing_of_grants)?;
        let started = before.grants.first().map_or(now, |grant| match &grant.terms {
            GrantKind::Paid(paid) => paid.term.starts(),
            GrantKind::Trial(trial) => trial.may_start.opens(),
        });
        options.grants(started)
    }
}
