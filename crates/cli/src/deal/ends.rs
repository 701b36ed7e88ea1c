//! The ends of plans: one for all, or one for a plan.

use core::str::FromStr;

use entitle::PlanId;
use entitle::id::TextError;
use serde::Deserializer;
use serde::de::{self, Visitor};

use crate::exit::Failure;
use crate::instant::{InstantOrNever, NotAnInstant, day_or_never};

/// An end: `2027-03-01` for all plans, or `gold=2027-03-01` for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlanEnd {
    plan: Option<PlanId>,
    end: InstantOrNever,
}

impl FromStr for PlanEnd {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (plan, end) = match text.rsplit_once('=') {
            Some((plan, end)) => (Some(plan.parse().map_err(|error: TextError| error.to_string())?), end),
            None => (None, text),
        };
        Ok(Self { plan, end: end.parse().map_err(|error: NotAnInstant| error.to_string())? })
    }
}

/// Reads an end, or a list of them.
pub(super) fn from_file<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PlanEnd>, D::Error> {
    struct OneOrMore;
    impl<'de> Visitor<'de> for OneOrMore {
        type Value = Vec<PlanEnd>;

        fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.write_str("an end, or a list of ends")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            text.parse().map(|end| vec![end]).map_err(E::custom)
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut ends = Vec::new();
            while let Some(text) = list.next_element::<String>()? {
                ends.push(text.parse().map_err(de::Error::custom)?);
            }
            Ok(ends)
        }
    }
    deserializer.deserialize_any(OneOrMore)
}

/// Returns the end of a plan by name.
pub(super) fn of_plan(ends: &[PlanEnd], plan: &PlanId) -> Option<InstantOrNever> {
    ends.iter().find(|one| one.plan.as_ref() == Some(plan)).map(|one| one.end)
}

/// Returns the end for all plans that have none by name.
pub(super) fn of_all(ends: &[PlanEnd]) -> Option<InstantOrNever> {
    ends.iter().find(|one| one.plan.is_none()).map(|one| one.end)
}

/// Returns the plans that have an end by name.
pub(super) fn plans(ends: &[PlanEnd]) -> impl Iterator<Item = &PlanId> {
    ends.iter().filter_map(|one| one.plan.as_ref())
}

/// Fails if a plan has two ends by name, or all plans have: which is meant is not known.
pub(super) fn refuse_repeated(ends: &[PlanEnd]) -> Result<(), Failure> {
    for (index, PlanEnd { plan, end }) in ends.iter().enumerate() {
        let Some(first) = ends.iter().take(index).find(|other| other.plan == *plan) else { continue };
        let what = plan.as_ref().map_or_else(|| "all plans".to_string(), |plan| format!("`{plan}`"));
        let (first, second) = (day_or_never(first.end.0), day_or_never(end.0));
        return Err(Failure::usage("cli.plan-twice", format!("--ends gives {what} two ends: {first} and {second}"))
            .help("give one end for all, and one for each plan that ends at another instant: --ends PLAN=INSTANT"));
    }
    Ok(())
}
