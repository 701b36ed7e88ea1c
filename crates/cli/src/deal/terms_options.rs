//! Options of a sale other than units and dates: grace, suspension, extensions, freshness, anchor.

use core::num::NonZeroU32;
use core::str::FromStr;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::id::{Label, TextError};
use entitle::license::{
    Extension, Extensions, Fallback, Freshness, FreshnessLimit, GrantAmount, GrantKind, Reference, Termination,
};
use entitle::quantity::QuotaAmount;
use entitle::record::{Anchor, Checkpoint};
use entitle::time::{Days, Length};
use entitle::{Deal, Grant, PlanId, QuotaId};
use serde::{Deserialize, Deserializer, de};

use crate::exit::Failure;
use crate::instant::{Instant, InstantOrNever, NotAnInstant, day_or_never};

/// Options of a sale other than units and dates. The command line and files use the same names.
#[derive(Debug, Default, Clone, Args, Deserialize)]
#[serde(default)]
pub(crate) struct TermsOptions {
    /// Days of grace after the end of a grant [default: 30 if paid, none for a trial].
    #[arg(long, value_name = "DAYS", hide_short_help = true, value_parser = crate::number::parse::<u32>)]
    grace: Option<u32>,
    /// Days for which a paid grant is suspended after its grace [default: 90].
    #[arg(long, value_name = "DAYS", hide_short_help = true, value_parser = crate::number::parse::<u32>)]
    suspended: Option<u32>,
    /// The first day of releases of the application that are not covered for good: those from before
    /// it can be used without an end. `none` if there are no such releases [default: none; for a
    /// revision as before].
    #[arg(long, value_name = "INSTANT", hide_short_help = true)]
    updates_until: Option<UpdatesUntil>,
    /// An amount of a quota that the grants of a plan give in place of the plan's: `gold:projects=50`
    /// or `gold:projects=unlimited`. It is a limit for the application, which entitle does not count. Can be repeated [default: the plan's; for a revision as before].
    #[arg(long = "amount", value_name = "PLAN:QUOTA=AMOUNT", hide_short_help = true)]
    amounts: Vec<PlanAmount>,
    /// How often a trial may be extended, and by how many days each time: `1=15`.
    #[arg(long, value_name = "TIMES=DAYS", hide_short_help = true)]
    extensions: Option<Pair>,
    /// Require a recent revocation list: warn when it is older than the first number of days, deny
    /// when it is older than the second: `30=60`.
    #[arg(long, value_name = "WARN=DENY", hide_short_help = true)]
    fresh: Option<Pair>,
    /// A reference on the license, such as an order number.
    #[arg(long, value_name = "TEXT", hide_short_help = true)]
    reference: Option<Label>,
    /// Valid only on a record that contains this checkpoint; `entitle inspect` shows that of a
    /// ledger.
    #[arg(long, value_name = "CHECKPOINT", hide_short_help = true)]
    anchor: Option<Checkpoint>,
}

/// Two numbers: `1=15`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pair(u32, u32);

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a pair of numbers like `30=60`");
        let (first, second) = text.split_once('=').ok_or_else(wrong)?;
        Ok(Self(first.parse().map_err(|_| wrong())?, second.parse().map_err(|_| wrong())?))
    }
}

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// An amount of a quota that the grants of a plan give: `gold:projects=50`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PlanAmount {
    plan: PlanId,
    quota: QuotaId,
    amount: QuotaAmount,
}

impl FromStr for PlanAmount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not an amount of a quota like `gold:projects=50`: a plan, a quota and a number");
        let (ids, amount) = text.rsplit_once('=').ok_or_else(wrong)?;
        let (plan, quota) = ids.rsplit_once(':').ok_or_else(wrong)?;
        let amount = match amount {
            "unlimited" => QuotaAmount::Unlimited,
            number if number.starts_with('+') => {
                return Err(format!("`{number}` has a sign: write the number in all, as in `{ids}=50`"));
            }
            number => QuotaAmount::limited(number.parse().map_err(|_| wrong())?).map_err(|error| error.to_string())?,
        };
        let [plan, quota] = [plan, quota].map(ToString::to_string);
        let plan = plan.parse().map_err(|error: TextError| error.to_string())?;
        let quota = quota.parse().map_err(|error: TextError| error.to_string())?;
        Ok(Self { plan, quota, amount })
    }
}

impl<'de> Deserialize<'de> for PlanAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The fallback of paid grants: an instant, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct UpdatesUntil(Fallback);

impl FromStr for UpdatesUntil {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        match text {
            "none" => Ok(Self(Fallback::None)),
            _ => text.parse().map(|Instant(before)| Self(Fallback::Before(before))),
        }
    }
}

impl<'de> Deserialize<'de> for UpdatesUntil {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl TermsOptions {
    /// Returns these options, completed by those of `other`.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            grace: self.grace.or(other.grace),
            suspended: self.suspended.or(other.suspended),
            updates_until: self.updates_until.or(other.updates_until),
            amounts: if self.amounts.is_empty() { other.amounts } else { self.amounts },
            extensions: self.extensions.or(other.extensions),
            fresh: self.fresh.or(other.fresh),
            reference: self.reference.or(other.reference),
            anchor: self.anchor.or(other.anchor),
        }
    }

    /// Applies the options of the whole deal.
    pub(super) fn apply_to_deal(&self, deal: &mut Deal) {
        if let Some(Pair(warn, deny)) = self.fresh {
            deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(warn), Days::new(deny)));
        }
        if let Some(reference) = &self.reference {
            deal.reference = Reference::Of(reference.clone());
        }
        if let Some(checkpoint) = &self.anchor {
            deal.anchor = Anchor::Record(checkpoint.clone());
        }
    }

    /// Applies the options of grants to each grant that supports them. An option that no grant
    /// supports is an error.
    pub(super) fn apply_to_grants(&self, grants: &mut [Grant]) -> Result<(), Failure> {
        self.apply_to_selected(grants, |_| true)?;
        self.apply_amounts(grants)
    }

    /// Applies grace, suspension, fallback and extensions to each selected grant that supports them. An
    /// option that none of them supports is an error.
    pub(super) fn apply_to_selected(
        &self,
        grants: &mut [Grant],
        is_selected: impl Fn(&Grant) -> bool,
    ) -> Result<(), Failure> {
        let extensions = self.extensions.map(extensions).transpose()?;
        let (mut paid_ones, mut trials) = (0_u32, 0_u32);
        for grant in grants.iter_mut().filter(|grant| is_selected(grant)) {
            match &mut grant.kind {
                GrantKind::Paid(paid) => {
                    paid_ones = paid_ones.saturating_add(1);
                    paid.grace = self.grace.map_or(paid.grace, Days::new);
                    paid.suspended = self.suspended.map_or(paid.suspended, Days::new);
                    paid.fallback = self.updates_until.map_or(paid.fallback, |until| until.0);
                }
                GrantKind::Trial(trial) => {
                    trials = trials.saturating_add(1);
                    trial.grace = self.grace.map_or(trial.grace, Days::new);
                    trial.extensions = extensions.unwrap_or(trial.extensions);
                }
            }
        }
        let inapplicable = [
            (self.suspended.is_some() && paid_ones == 0, "suspended", "a trial is never suspended: it ends"),
            (extensions.is_some() && trials == 0, "extensions", "only a trial can be extended"),
            (
                self.updates_until.is_some() && paid_ones == 0,
                "updates-until",
                "a trial covers no release after its end",
            ),
        ];
        match inapplicable.into_iter().find(|(is, _, _)| *is) {
            Some((_, name, why)) => Err(Failure::usage("cli.nothing-of-it", format!("--{name}: {why}"))),
            None => Ok(()),
        }
    }

    /// Gives the grants of each plan that an amount names this amount.
    pub(super) fn apply_amounts(&self, grants: &mut [Grant]) -> Result<(), Failure> {
        for PlanAmount { plan, quota, amount } in &self.amounts {
            let mut found = false;
            for grant in grants.iter_mut().filter(|grant| grant.plan == *plan) {
                match grant.amounts.iter_mut().find(|own| own.quota == *quota) {
                    Some(own) => own.amount = *amount,
                    None => grant.amounts.push(GrantAmount::new(quota.clone(), *amount)),
                }
                found = true;
            }
            if !found {
                return Err(no_grant_of(plan, grants));
            }
        }
        Ok(())
    }
}

fn extensions(Pair(times, days): Pair) -> Result<Extensions, Failure> {
    let Some(times) = NonZeroU32::new(times) else { return Ok(Extensions::None) };
    let length = Length::days(days).map_err(|error| Failure::usage(error.code(), error))?;
    Ok(Extensions::UpTo(Extension::new(times, length)))
}

/// A plan and the instant of its early end, or `never`: `gold=2026-05-01`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlanInstant(PlanId, InstantOrNever);

impl FromStr for PlanInstant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (plan, at) = text.rsplit_once('=').ok_or("write it as `gold=2026-05-01`: a plan and an instant")?;
        let plan = plan.parse().map_err(|error: TextError| error.to_string())?;
        Ok(Self(plan, at.parse().map_err(|error: NotAnInstant| error.to_string())?))
    }
}

/// Ends all grants of the plans early; `never` takes an early end back.
pub(super) fn end_early(
    grants: &mut [Grant],
    plan_instants: &[PlanInstant],
    termination: fn(DateTime<Utc>) -> Termination,
) -> Result<(), Failure> {
    for PlanInstant(plan, InstantOrNever(end)) in plan_instants {
        let early = end.instant().map_or(Termination::Never, termination);
        let mut found = false;
        for grant in grants.iter_mut().filter(|grant| grant.plan == *plan) {
            *grant = grant.clone().ending(early);
            found = true;
        }
        if !found {
            return Err(no_grant_of(plan, grants));
        }
    }
    Ok(())
}

/// Fails if options that end plans early name a plan twice: which end is meant is not known.
pub(super) fn refuse_two_ends(cancel: &[PlanInstant], withdraw: &[PlanInstant]) -> Result<(), Failure> {
    let named = |option: &'static str, ends: &[PlanInstant]| -> Vec<_> {
        ends.iter()
            .map(|PlanInstant(plan, end)| (plan.clone(), format!("{option} {plan}={}", day_or_never(end.0))))
            .collect()
    };
    let all = [named("--cancel", cancel), named("--withdraw", withdraw)].concat();
    for (index, (plan, second)) in all.iter().enumerate() {
        if let Some((_, first)) = all.iter().take(index).find(|(other, _)| other == plan) {
            let message = format!("`{plan}` is ended early twice: by {first} and by {second}");
            return Err(Failure::usage("cli.plan-twice", message)
                .help("give one of them: --cancel suspends paid grants from then on, --withdraw does not"));
        }
    }
    Ok(())
}

/// The error for an option that names a plan without a grant in the deal.
pub(super) fn no_grant_of(plan: &PlanId, grants: &[Grant]) -> Failure {
    let failure = Failure::usage("cli.nothing-of-it", format!("the deal has no grant of `{plan}`"));
    let mut plans: Vec<String> = grants.iter().map(|grant| format!("`{}`", grant.plan)).collect();
    plans.sort_unstable();
    plans.dedup();
    if plans.is_empty() { failure } else { failure.help(format_args!("it has grants of {}", plans.join(", "))) }
}
