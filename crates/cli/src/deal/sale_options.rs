//! Options of a sale, from the command line or a file.

use core::str::FromStr;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::id::Label;
use entitle::time::{End, Length, Window};
use entitle::{Grant, LicenseId, PlanId, TenantId, Term, Units};
use serde::{Deserialize, Deserializer, de};

use crate::country::Country;
use crate::deal::ends::{self, PlanEnd};
use crate::deal::terms_options::TermsOptions;
use crate::exit::Failure;
use crate::instant::{Instant, InstantOrNever};

/// Options of a sale. The command line and files use the same names.
#[derive(Debug, Default, Clone, Args, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "an object with the options of a sale")]
pub(crate) struct SaleOptions {
    /// The customer's tenant id.
    ///
    /// As their application uses it.
    #[arg(long, value_name = "ID", conflicts_with = "anyone")]
    pub(crate) tenant: Option<TenantId>,
    /// The customer's name.
    #[arg(long)]
    pub(crate) name: Option<Label>,
    /// The customer's billing country, as in `DE`.
    ///
    /// By its code of ISO 3166-1.
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<Country>,
    /// For anyone: trials only, without a customer.
    #[arg(long)]
    pub(crate) anyone: bool,
    /// Paid units of a plan: `gold=5`.
    ///
    /// Or `gold=unlimited`. Can be repeated.
    #[arg(long = "grant", value_name = "PLAN=UNITS")]
    pub(crate) grants: Vec<PlanUnits>,
    /// A trial of a plan: `gold=3` units.
    ///
    /// It may be started from --starts until --ends. Can be repeated.
    #[arg(long = "trial", value_name = "PLAN=UNITS")]
    pub(crate) trials: Vec<PlanUnits>,
    /// The length of a trial, in days.
    #[arg(long, value_name = "DAYS", value_parser = crate::number::parse::<u32>)]
    pub(crate) days: Option<u32>,
    /// When it begins [default: now].
    #[arg(long, value_name = "INSTANT")]
    pub(crate) starts: Option<Instant>,
    /// The end, or `never`; of one: `gold=2027-03-01`.
    ///
    /// Exclusive, the day after the last one; grace and suspension follow it. That of one plan is in place of
    /// that for all. Can be repeated.
    #[arg(long, value_name = "[PLAN=]INSTANT")]
    #[serde(deserialize_with = "ends::from_file")]
    pub(crate) ends: Vec<PlanEnd>,
    /// The license id, 32 hexadecimal digits [default: random].
    #[arg(long, value_name = "ID", hide_short_help = true)]
    pub(crate) id: Option<LicenseId>,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) terms: TermsOptions,
}

/// A plan and its units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlanUnits {
    pub(crate) plan: PlanId,
    pub(crate) units: Units,
}

impl FromStr for PlanUnits {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (plan, units) = text.rsplit_once('=').ok_or("write it as `gold=5`: a plan and its units")?;
        let plan = plan.parse().map_err(|error: entitle::id::TextError| error.to_string())?;
        if units == "unlimited" {
            return Ok(Self { plan, units: Units::Unlimited });
        }
        // A sign would read as a change of the number, and the number is the new one.
        if units.starts_with(['+', '-']) {
            return Err(format!("`{units}` has a sign: write the number in all, as in `{plan}=7`"));
        }
        let number = units.parse().map_err(|_| format!("`{units}` is neither a number of units nor `unlimited`"))?;
        let units = Units::limited(number).map_err(|_| {
            format!("invalid grant of 0 units: leave `{plan}` out; `entitle revise --drop {plan}` ends its sale")
        })?;
        Ok(Self { plan, units })
    }
}

impl<'de> Deserialize<'de> for PlanUnits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl SaleOptions {
    /// Returns these options, completed by those of `other`.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            tenant: self.tenant.or(other.tenant),
            name: self.name.or(other.name),
            country: self.country.or(other.country),
            anyone: self.anyone || other.anyone,
            grants: if self.grants.is_empty() { other.grants } else { self.grants },
            trials: if self.trials.is_empty() { other.trials } else { self.trials },
            days: self.days.or(other.days),
            starts: self.starts.or(other.starts),
            ends: if self.ends.is_empty() { other.ends } else { self.ends },
            id: self.id.or(other.id),
            terms: self.terms.or(other.terms),
        }
    }

    /// Returns the plans that --grant and --trial name.
    pub(crate) fn plans(&self) -> impl Iterator<Item = &PlanId> {
        self.grants.iter().chain(&self.trials).map(|sold| &sold.plan)
    }

    /// Returns the end of a plan: its own, or that for all.
    pub(super) fn ends_of(&self, plan: &PlanId) -> Option<InstantOrNever> {
        ends::of_plan(&self.ends, plan).or_else(|| ends::of_all(&self.ends))
    }

    /// Returns the missing options by name, each with its prompt.
    pub(crate) fn missing(&self) -> Vec<(&'static str, &'static str)> {
        let mut missing = Vec::new();
        if !self.anyone {
            let customer = [
                (self.tenant.is_none(), ("tenant", "Customer's id, as their application names them")),
                (self.name.is_none(), ("name", "Customer's name")),
                (self.country.is_none(), ("country", "Billing country, as in DE")),
            ];
            missing.extend(customer.into_iter().filter_map(|(is_missing, what)| is_missing.then_some(what)));
        }
        missing.extend(self.missing_of_grants());
        missing
    }

    /// Returns the missing options of the grants alone.
    pub(crate) fn missing_of_grants(&self) -> Vec<(&'static str, &'static str)> {
        let nothing = self.grants.is_empty() && self.trials.is_empty();
        let sold = match (nothing, self.anyone) {
            (true, true) => Some(("trial", "On trial, as in gold=3")),
            (true, false) => Some(("grant", "What is sold, as in gold=5")),
            (false, _) => None,
        };
        let lacks_end = self.plans().any(|plan| self.ends_of(plan).is_none());
        let ends = (lacks_end || (nothing && self.ends.is_empty()))
            .then_some(("ends", "Until when, as in 2027-03-01, or never"));
        let trial = !self.trials.is_empty() || (nothing && self.anyone);
        let days = (trial && self.days.is_none()).then_some(("days", "For how many days a trial runs"));
        sold.into_iter().chain(ends).chain(days).collect()
    }

    /// Parses the answer to a prompt.
    pub(crate) fn answer(&mut self, name: &str, text: &str) -> Result<(), String> {
        fn read<T: FromStr<Err: ToString>>(text: &str) -> Result<T, String> {
            text.parse().map_err(|error: T::Err| error.to_string())
        }
        match name {
            "tenant" => self.tenant = Some(read(text)?),
            "name" => self.name = Some(read(text)?),
            "country" => self.country = Some(read(text)?),
            "grant" => self.grants = text.split_whitespace().map(read).collect::<Result<_, _>>()?,
            "trial" => self.trials = text.split_whitespace().map(read).collect::<Result<_, _>>()?,
            "days" => self.days = Some(read(text)?),
            _ => self.ends.push(read(text)?),
        }
        Ok(())
    }

    /// Returns the grants of the sale.
    pub(crate) fn grants(&self, now: DateTime<Utc>) -> Result<Vec<Grant>, Failure> {
        refuse_repeated("--grant", &self.grants)?;
        refuse_repeated("--trial", &self.trials)?;
        ends::refuse_repeated(&self.ends)?;
        if let Some(plan) = ends::plans(&self.ends).find(|plan| self.plans().all(|sold| sold != *plan)) {
            let message = format!("--ends names `{plan}`, which neither --grant nor --trial sells");
            return Err(Failure::usage("cli.nothing-of-it", message));
        }
        let mut grants = self.grants_without_terms(now)?;
        self.terms.apply_to_grants(&mut grants)?;
        Ok(grants)
    }

    /// The error for a trial that could be started for ever.
    pub(super) fn trial_for_ever() -> Failure {
        Failure::usage("cli.trial-for-ever", "a trial cannot be started for ever: give an instant as --ends")
    }

    /// Returns the grants of the sale with the usual grace, suspension and extensions.
    pub(super) fn grants_without_terms(&self, now: DateTime<Utc>) -> Result<Vec<Grant>, Failure> {
        let starts = self.starts.map_or(now, |starts| starts.0);
        let wrong = |error: entitle::time::TimeError| Failure::usage(error.code(), error);
        let mut grants = Vec::new();
        for PlanUnits { plan, units } in &self.grants {
            let term = match self.ends_of(plan) {
                Some(InstantOrNever(End::At(ends))) => Term::new(starts, ends).map_err(wrong)?,
                Some(InstantOrNever(End::Never)) => Term::perpetual(starts),
                None => return Err(missing_option("ends")),
            };
            grants.push(Grant::paid(plan.clone(), *units, term));
        }
        for PlanUnits { plan, units } in &self.trials {
            let window = match self.ends_of(plan) {
                Some(InstantOrNever(End::At(ends))) => Window::new(starts, ends).map_err(wrong)?,
                Some(InstantOrNever(End::Never)) => return Err(Self::trial_for_ever()),
                None => return Err(missing_option("ends")),
            };
            let length = Length::days(self.days.ok_or_else(|| missing_option("days"))?).map_err(wrong)?;
            grants.push(Grant::trial(plan.clone(), *units, window, length));
        }
        Ok(grants)
    }
}

/// Fails if an option names a plan twice: units are the total, so which of the two is meant is not known.
pub(super) fn refuse_repeated(option: &str, sold: &[PlanUnits]) -> Result<(), Failure> {
    for (index, PlanUnits { plan, units }) in sold.iter().enumerate() {
        let Some(first) = sold.iter().take(index).find(|other| other.plan == *plan) else { continue };
        let message = format!("{option} names `{plan}` twice: {} and {units} units", first.units);
        return Err(Failure::usage("cli.plan-twice", message).help(format_args!(
            "name each plan once, with all its units: {option} {plan}=UNITS; a purchase with dates of its own is a deal of its own"
        )));
    }
    Ok(())
}

pub(crate) fn missing_option(name: &str) -> Failure {
    Failure::usage("cli.missing", format!("--{name} is missing"))
}
