//! `entitle revise`: the next revision of a deal.

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{Fallback, GrantKind, PaidTerms, Termination};
use entitle::{Deal, Grant};

use crate::answer::Answer;
use crate::deal::sale_options::SaleOptions;
use crate::deal::terms_options::{PlanInstant, TermsOptions};
use crate::deal::{deal_file, new, prompt, terms_options};
use crate::exit::Failure;

/// Write the next revision of a deal: everything that is sold from now on, in place of the previous
/// grants.
///
/// Where it sells fewer units, users keep their seats for 90 days: the previous number is tolerated
/// that long. To only end grants early, give --cancel or --withdraw alone.
#[derive(Debug, Args)]
pub(crate) struct Revise {
    /// The current deal, as `deal new` or `revise` wrote it.
    deal: PathBuf,
    /// The catalog of the offer.
    #[arg(long, value_name = "FILE")]
    catalog: PathBuf,
    /// Paid units of a plan: `gold=5` or `gold=unlimited`. Can be repeated.
    #[arg(long = "grant", value_name = "PLAN=UNITS")]
    grants: Vec<crate::deal::sale_options::PlanUnits>,
    /// A trial of a plan: `gold=3` units. It may be started from --starts until --ends. Can be
    /// repeated.
    #[arg(long = "trial", value_name = "PLAN=UNITS")]
    trials: Vec<crate::deal::sale_options::PlanUnits>,
    /// The length of a trial, in days.
    #[arg(long, value_name = "DAYS")]
    days: Option<u32>,
    /// The first day [default: that of the first previous grant].
    #[arg(long, value_name = "INSTANT")]
    starts: Option<crate::instant::Instant>,
    /// The end, exclusive, or `never`.
    #[arg(long, value_name = "INSTANT")]
    ends: Option<crate::instant::InstantOrNever>,
    /// End a plan early: `gold=2026-05-01`. Paid grants are suspended from then on, trials end. Can
    /// be repeated.
    #[arg(long, value_name = "PLAN=INSTANT")]
    cancel: Vec<PlanInstant>,
    /// End a plan early and without suspension: `gold=2026-05-01`. Can be repeated.
    #[arg(long, value_name = "PLAN=INSTANT")]
    withdraw: Vec<PlanInstant>,
    #[command(flatten)]
    terms: TermsOptions,
    /// The file for the revision [default: stdout].
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Revise {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let catalog = crate::catalog::load(&self.catalog)?;
        let before = deal_file::read(&self.deal)?;
        let offer = catalog.offer();
        if (&offer.publisher, &offer.offer) != (&before.publisher, &before.offer) {
            let message = format!("the deal is for the offer `{}`, the catalog is of `{}`", before.offer, offer.offer);
            return Err(Failure::usage("cli.other-offer", message));
        }
        let mut grants = if self.only_ends_early() { before.grants.clone() } else { self.grants_sold(&before, now)? };
        terms_options::end_early(&mut grants, &self.cancel, |at| Termination::Cancelled(at.0))?;
        terms_options::end_early(&mut grants, &self.withdraw, |at| Termination::Withdrawn(at.0))?;
        let renewed = if self.only_ends_early() {
            self.terms.apply_to_grants(&mut grants)?;
            // Units that end early are not tolerated.
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
    /// Returns whether grants only end early.
    fn only_ends_early(&self) -> bool {
        let says_none = self.grants.is_empty() && self.trials.is_empty() && self.ends.is_none();
        says_none && !(self.cancel.is_empty() && self.withdraw.is_empty())
    }

    /// Returns the grants that are sold from now on.
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
        let started = before.grants.first().map_or(now, |grant| match &grant.kind {
            GrantKind::Paid(paid) => paid.term.starts(),
            GrantKind::Trial(trial) => trial.may_start.opens(),
        });
        let mut grants = options.grants(started)?;
        for grant in &mut grants {
            if !self.terms.has_fallback() {
                keep_fallback(grant, before);
            }
            keep_amounts(grant, before);
        }
        Ok(grants)
    }
}

/// Gives a paid grant the latest fallback that the deal before had for the plan, since a revision that
/// does not name it does not end it.
fn keep_fallback(grant: &mut Grant, before: &Deal) {
    let GrantKind::Paid(paid) = &mut grant.kind else { return };
    let of_plan = before.grants.iter().filter(|it| it.plan == grant.plan);
    let fallbacks = of_plan.filter_map(|it| match &it.kind {
        GrantKind::Paid(PaidTerms { fallback: Fallback::Before(before), .. }) => Some(*before),
        GrantKind::Paid(_) | GrantKind::Trial(_) => None,
    });
    paid.fallback = fallbacks.max().map_or(Fallback::None, Fallback::Before);
}

/// Gives a grant the amounts of quotas that the deal before had for the plan, except those that the
/// revision names.
fn keep_amounts(grant: &mut Grant, before: &Deal) {
    let of_plan = before.grants.iter().find(|it| it.plan == grant.plan);
    for own in of_plan.map_or(&[][..], |it| &it.amounts) {
        if grant.amounts.iter().all(|named| named.quota != own.quota) {
            grant.amounts.push(own.clone());
        }
    }
}
