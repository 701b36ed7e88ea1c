//! The next revision of a deal: what it changes, with everything else kept.

use entitle::catalog::Offer;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{GrantKind, Licensee, Termination, Tolerance, ToleratedUnits};
use entitle::time::{End, Length, TimeError, Window};
use entitle::{Deal, Grant, PlanId, Term};

use crate::deal::ends;
use crate::deal::prompt;
use crate::deal::sale_options::{PlanUnits, SaleOptions, refuse_repeated};
use crate::deal::terms_options::{PlanInstant, end_early, no_grant_of, refuse_two_ends};
use crate::exit::Failure;
use crate::summary;

/// What a revision changes. Options that name no plan are for the plans that `sold` names, or for all if
/// it names none.
#[derive(Debug)]
pub(super) struct RevisionChanges<'a> {
    /// New numbers of units, new trials, dates and terms.
    pub(super) sold: SaleOptions,
    /// Plans that are no longer sold.
    pub(super) drop: &'a [PlanId],
    pub(super) cancel: &'a [PlanInstant],
    pub(super) withdraw: &'a [PlanInstant],
}

/// Whether a grant is paid or a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Paid,
    Trial,
}

/// New dates of a grant; none where it keeps its own.
#[derive(Debug, Clone, Copy)]
struct Dates {
    starts: Option<DateTime<Utc>>,
    ends: Option<End>,
}

impl Sort {
    fn of(grant: &Grant) -> Self {
        match grant.kind {
            GrantKind::Paid(_) => Self::Paid,
            GrantKind::Trial(_) => Self::Trial,
        }
    }
}

impl RevisionChanges<'_> {
    /// Returns the next revision. Units that it takes away are tolerated (S11); units that end early are
    /// not.
    pub(super) fn apply(mut self, before: &Deal, offer: &Offer, now: DateTime<Utc>) -> Result<Deal, Failure> {
        refuse_repeated("--grant", &self.sold.grants)?;
        refuse_repeated("--trial", &self.sold.trials)?;
        refuse_two_ends(self.cancel, self.withdraw)?;
        ends::refuse_repeated(&self.sold.ends)?;
        let mut grants = before.grants.clone();
        for plan in self.drop {
            let kept = grants.len();
            grants.retain(|grant| grant.plan != *plan);
            if grants.len() == kept {
                return Err(no_grant_of(plan, &grants));
            }
        }
        let is_sold =
            |plan: &PlanId| self.sold.plans().chain(grants.iter().map(|grant| &grant.plan)).any(|sold| sold == plan);
        if let Some(plan) = ends::plans(&self.sold.ends).find(|plan| !is_sold(plan)) {
            return Err(no_grant_of(plan, &grants));
        }
        let mut tolerated = vec![None; grants.len()];
        self.set_units(&mut grants, &mut tolerated, now)?;
        self.set_dates(&mut grants)?;
        self.add_new(&mut grants, now)?;
        let is_selected = |grant: &Grant| self.names(grant) || !self.names_any();
        self.sold.terms.apply_to_selected(&mut grants, is_selected)?;
        self.sold.terms.apply_amounts(&mut grants)?;
        let renewed = before.renew(offer, now, grants);
        let mut renewed = renewed.map_err(|error| Failure::unreadable(error.code(), error))?;
        for (grant, earlier) in renewed.grants.iter_mut().zip(tolerated) {
            keep_tolerance(grant, earlier);
        }
        end_early(&mut renewed.grants, self.cancel, Termination::Cancelled)?;
        end_early(&mut renewed.grants, self.withdraw, Termination::Withdrawn)?;
        self.sold.terms.apply_to_deal(&mut renewed);
        self.set_customer(&mut renewed.licensee)?;
        if is_same(before, &renewed) {
            return Err(Failure::usage("cli.nothing-changed", "these options change nothing of the deal")
                .help("give what changes: --grant PLAN=UNITS, --drop PLAN, --ends, --cancel, or another option of `entitle revise --help`"));
        }
        Ok(renewed)
    }

    /// Sets the name and the country of the customer as far as they are given. The tenant id is that of the
    /// deal for good.
    fn set_customer(&self, licensee: &mut Licensee) -> Result<(), Failure> {
        let SaleOptions { name, country, .. } = &self.sold;
        match licensee {
            Licensee::Tenant(customer) => {
                customer.name = name.clone().unwrap_or_else(|| customer.name.clone());
                customer.country = country.map_or(customer.country, |country| country.0);
                Ok(())
            }
            Licensee::Anyone if name.is_some() || country.is_some() => {
                let message = "--name and --country are of a customer, and the deal is for anyone";
                Err(Failure::usage("cli.nothing-of-it", message))
            }
            Licensee::Anyone => Ok(()),
        }
    }

    /// Returns whether --grant or --trial names a plan.
    fn names_any(&self) -> bool {
        !(self.sold.grants.is_empty() && self.sold.trials.is_empty())
    }

    /// Returns whether --grant names the plan of a paid grant, or --trial that of a trial.
    fn names(&self, grant: &Grant) -> bool {
        self.named(Sort::of(grant)).iter().any(|named| named.plan == grant.plan)
    }

    fn named(&self, sort: Sort) -> &[PlanUnits] {
        match sort {
            Sort::Paid => &self.sold.grants,
            Sort::Trial => &self.sold.trials,
        }
    }

    /// Sets the units of the grants that are named, and puts aside tolerances that still run where units
    /// change.
    fn set_units(
        &self,
        grants: &mut [Grant],
        tolerated: &mut [Option<ToleratedUnits>],
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        for sort in [Sort::Paid, Sort::Trial] {
            for PlanUnits { plan, units } in self.named(sort) {
                refuse_several(grants, sort, plan)?;
                let of_plan = grants.iter_mut().zip(&mut *tolerated).find(|(grant, _)| is_of(grant, sort, plan));
                if let Some((grant, earlier)) = of_plan.filter(|(grant, _)| grant.units != *units) {
                    grant.units = *units;
                    if let Tolerance::UpTo(running) = core::mem::replace(&mut grant.tolerance, Tolerance::None) {
                        *earlier = Some(running).filter(|running| running.until > now);
                    }
                }
            }
        }
        Ok(())
    }

    /// Sets the dates of the grants that are named; if none is, those of all paid grants, or of the trials
    /// where nothing is paid. A plan that has an end by name gets that.
    fn set_dates(&self, grants: &mut [Grant]) -> Result<(), Failure> {
        if self.sold.starts.is_none() && self.sold.ends.is_empty() && self.sold.days.is_none() {
            return Ok(());
        }
        let paid: Vec<PlanId> =
            grants.iter().filter(|grant| Sort::of(grant) == Sort::Paid).map(|grant| grant.plan.clone()).collect();
        self.refuse_other_dates(grants, &paid)?;
        for grant in grants {
            let Dates { starts, ends } = self.dates(grant, &paid);
            let has_length = if self.names_any() { self.names(grant) } else { true };
            let wrong = |error: TimeError| Failure::usage(error.code(), error);
            match &mut grant.kind {
                GrantKind::Paid(_) if starts.is_none() && ends.is_none() => {}
                GrantKind::Paid(paid) => {
                    let starts = starts.unwrap_or_else(|| paid.term.starts());
                    paid.term = match ends.unwrap_or_else(|| paid.term.ends()) {
                        End::At(ends) => Term::new(starts, ends).map_err(wrong)?,
                        End::Never => Term::perpetual(starts),
                    };
                }
                GrantKind::Trial(trial) => {
                    let opens = starts.unwrap_or_else(|| trial.may_start.opens());
                    let closes = match ends {
                        None => trial.may_start.closes(),
                        Some(End::At(closes)) => closes,
                        Some(End::Never) => return Err(SaleOptions::trial_for_ever()),
                    };
                    trial.may_start = Window::new(opens, closes).map_err(wrong)?;
                    if let Some(days) = self.sold.days.filter(|_| has_length) {
                        trial.length = Length::days(days).map_err(wrong)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the new dates of a grant, where these plans are paid.
    fn dates(&self, grant: &Grant, paid: &[PlanId]) -> Dates {
        let is_paid = Sort::of(grant) == Sort::Paid;
        let of_all = if self.names_any() { self.names(grant) } else { is_paid || paid.is_empty() };
        // An end by name is of what the command sells of the plan, else of what is paid of it.
        let is_sold = self.sold.plans().any(|plan| *plan == grant.plan);
        let by_name = if is_sold { self.names(grant) } else { is_paid || !paid.contains(&grant.plan) };
        let own = ends::of_plan(&self.sold.ends, &grant.plan).filter(|_| by_name);
        let ends = own.or_else(|| ends::of_all(&self.sold.ends).filter(|_| of_all));
        Dates { starts: self.sold.starts.filter(|_| of_all).map(|starts| starts.0), ends: ends.map(|ends| ends.0) }
    }

    /// Fails if a plan has several grants of other dates that would all get the same: units that followed
    /// each other would be added up.
    fn refuse_other_dates(&self, grants: &[Grant], paid: &[PlanId]) -> Result<(), Failure> {
        for grant in grants {
            // Of a plan, all grants of a sort get the same.
            let new = self.dates(grant, paid);
            let before = |grant: &Grant| {
                let (starts, ends) = match &grant.kind {
                    GrantKind::Paid(paid) => (paid.term.starts(), paid.term.ends()),
                    GrantKind::Trial(trial) => (trial.may_start.opens(), End::At(trial.may_start.closes())),
                };
                (new.starts.map(|_| starts), new.ends.map(|_| ends))
            };
            let sort = Sort::of(grant);
            if grants.iter().any(|other| is_of(other, sort, &grant.plan) && before(other) != before(grant)) {
                return refuse_several(grants, sort, &grant.plan);
            }
        }
        Ok(())
    }

    /// Adds the plans that are named and were not sold before. They begin now unless --starts says
    /// otherwise; what is missing is prompted for.
    fn add_new(&mut self, grants: &mut Vec<Grant>, now: DateTime<Utc>) -> Result<(), Failure> {
        let is_new = |sort: Sort, plan: &PlanId| !grants.iter().any(|grant| is_of(grant, sort, plan));
        let new = |sort: Sort, named: &[PlanUnits]| -> Vec<PlanUnits> {
            named.iter().filter(|named| is_new(sort, &named.plan)).cloned().collect()
        };
        let mut options = SaleOptions {
            grants: new(Sort::Paid, &self.sold.grants),
            trials: new(Sort::Trial, &self.sold.trials),
            days: self.sold.days,
            starts: self.sold.starts,
            ends: self.sold.ends.clone(),
            ..SaleOptions::default()
        };
        if options.grants.is_empty() && options.trials.is_empty() {
            return Ok(());
        }
        let plans: Vec<String> = options.plans().map(|plan| format!("`{plan}`")).collect();
        let length = if options.trials.is_empty() { "" } else { ", and a trial its length with --days" };
        let help =
            format!("the deal has no such grant of {} yet: a new grant takes --ends{length}", plans.join(" and "));
        prompt::for_missing(&mut options, SaleOptions::missing_of_grants, &help)?;
        grants.extend(options.grants_without_terms(now)?);
        Ok(())
    }
}

fn is_of(grant: &Grant, sort: Sort, plan: &PlanId) -> bool {
    grant.plan == *plan && Sort::of(grant) == sort
}

/// Fails if a deal has several grants of a plan, of which new units could mean any.
fn refuse_several(grants: &[Grant], sort: Sort, plan: &PlanId) -> Result<(), Failure> {
    let of_plan: Vec<&Grant> = grants.iter().filter(|grant| is_of(grant, sort, plan)).collect();
    if of_plan.len() < 2 {
        return Ok(());
    }
    let each: Vec<String> = of_plan.into_iter().map(summary::summarize_grant).collect();
    let message = format!("the deal has {} grants of `{plan}`: {}", each.len(), each.join(" + "));
    Err(Failure::usage("cli.several-grants", message).help(format_args!(
        "give --drop {plan} as well, with --ends, to sell one grant in their place; or edit the deal's file, and count its revision up"
    )))
}

/// Keeps a tolerance that still runs where no units are taken away now. A grant has one tolerance: that
/// for the units that are taken away now is for the smaller number, and replaces an earlier one. The larger
/// number is never tolerated for longer than it was promised (S11).
fn keep_tolerance(grant: &mut Grant, earlier: Option<ToleratedUnits>) {
    let Some(earlier) = earlier.filter(|earlier| earlier.units > grant.units) else { return };
    if grant.tolerance == Tolerance::None {
        grant.tolerance = Tolerance::UpTo(earlier);
    }
}

/// Returns whether two revisions say the same.
fn is_same(before: &Deal, after: &Deal) -> bool {
    let mut same = after.clone();
    (same.revision, same.issued) = (before.revision, before.issued);
    same == *before
}
