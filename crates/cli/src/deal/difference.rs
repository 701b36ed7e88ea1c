//! What differs between two revisions of a deal, in words.

use entitle::license::{Extensions, Fallback, Freshness, GrantKind, Licensee, Reference, Termination, Tolerance};
use entitle::record::Anchor;
use entitle::{Deal, Grant};
use serde_json::{Value, json};

use super::units_between::{Gap, gaps};
use crate::instant::{day, day_or_never};
use crate::summary;

/// What differs where units are taken away until others begin, before the instants.
const UNITS_FROM: &str = "units from ";

/// The value of a property that one of the revisions does not have.
const NONE: &str = "none";

/// The end of a paid grant, and that of the days on which a trial can be started.
const ENDS: &str = "ends";
const STARTED_UNTIL: &str = "to be started until";

/// A difference between two revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The plan, or nothing for the whole deal.
    plan: Option<String>,
    /// What differs.
    what: String,
    before: String,
    after: String,
    /// What follows a new end, in words: the last day, grace and suspension.
    then: Option<String>,
}

/// A property with its value in words.
type Property = (String, String);

impl Difference {
    /// Returns the difference in one line.
    pub(crate) fn text(&self) -> String {
        let Self { plan, what, before, after, then } = self;
        let then = then.as_ref().map_or_else(String::new, |then| format!(" ({then})"));
        match (plan, what.as_str()) {
            (Some(_), "sold") if before == "not sold" => format!("new: {after}"),
            (Some(_), "sold") => format!("dropped: {before}"),
            (plan, what) => {
                let plan = plan.as_ref().map_or_else(String::new, |plan| format!("{plan}: "));
                if let Some(when) = what.strip_prefix(UNITS_FROM) {
                    return format!("{plan}{after} instead of {before} from {when}");
                }
                match (before.as_str(), after.as_str()) {
                    (NONE, after) => format!("{plan}{what} {after}"),
                    (before, NONE) => format!("{plan}no longer {what} {before}"),
                    (before, after) => format!("{plan}{what} {after} instead of {before}{then}"),
                }
            }
        }
    }

    /// Returns whether it takes units away until others begin.
    pub(crate) fn is_gap(&self) -> bool {
        self.what.starts_with(UNITS_FROM)
    }

    pub(crate) fn json(&self) -> Value {
        let Self { plan, what, before, after, .. } = self;
        json!({ "plan": plan, "what": what, "before": before, "after": after })
    }
}

/// Returns what differs, grant by grant in the order of the later revision, then units that are taken away
/// until others begin, then of the whole deal.
pub(crate) fn differences(before: &Deal, after: &Deal) -> Vec<Difference> {
    let mut earlier: Vec<&Grant> = before.grants.iter().collect();
    let mut differences = Vec::new();
    for grant in &after.grants {
        // The same grant if there is one, else the first of its plan and sort.
        let same = earlier.iter().position(|other| *other == grant);
        let place = same.or_else(|| earlier.iter().position(|other| is_comparable(other, grant)));
        match place.map(|place| earlier.remove(place)) {
            Some(other) => {
                let of_plan = |(what, before, after)| {
                    let plan = Some(grant.plan.to_string());
                    let is_end = what == ENDS || what == STARTED_UNTIL;
                    let then = if is_end { summary::last_day_and_after(grant) } else { None };
                    Difference { plan, what, before, after, then }
                };
                differences.extend(compare(&properties(other), &properties(grant)).map(of_plan));
            }
            None => differences.push(sold(grant, "not sold".to_string(), summary::summarize_grant(grant))),
        }
    }
    differences
        .extend(earlier.iter().map(|grant| sold(grant, summary::summarize_grant(grant), "not sold".to_string())));
    differences.extend(gaps(before, after).into_iter().map(between));
    differences.extend(
        compare(&properties_of_deal(before), &properties_of_deal(after)).map(|(what, before, after)| Difference {
            plan: None,
            what,
            before,
            after,
            then: None,
        }),
    );
    differences
}

fn between(gap: Gap) -> Difference {
    let Gap { plan, before, after, from, until } = gap;
    let what = format!("{UNITS_FROM}{} until {}", day(from), day(until));
    Difference { plan: Some(plan.to_string()), what, before: before.to_string(), after: after.to_string(), then: None }
}

fn sold(grant: &Grant, before: String, after: String) -> Difference {
    Difference { plan: Some(grant.plan.to_string()), what: "sold".to_string(), before, after, then: None }
}

fn is_comparable(one: &Grant, other: &Grant) -> bool {
    one.plan == other.plan && core::mem::discriminant(&one.kind) == core::mem::discriminant(&other.kind)
}

/// Returns what differs, with both values. What only one of them has is `none` in the other.
fn compare<'a>(before: &'a [Property], after: &'a [Property]) -> impl Iterator<Item = (String, String, String)> {
    let value = |of: &[Property], name: &str| {
        of.iter().find(|(each, _)| each == name).map_or_else(|| NONE.to_string(), |(_, value)| value.clone())
    };
    let only_before = before.iter().filter(|(name, _)| after.iter().all(|(other, _)| other != name));
    after.iter().chain(only_before).filter_map(move |(name, _)| {
        let (before, after) = (value(before, name), value(after, name));
        (before != after).then(|| (name.clone(), before, after))
    })
}

fn properties(grant: &Grant) -> Vec<Property> {
    let mut all = vec![("units".to_string(), grant.units.to_string())];
    let mut add = |name: &str, value: String| all.push((name.to_string(), value));
    match &grant.kind {
        GrantKind::Paid(paid) => {
            add("starts", day(paid.term.starts()));
            add(ENDS, day_or_never(paid.term.ends()));
            add("grace", paid.grace.to_string());
            add("suspension", paid.suspended.to_string());
            if let Fallback::Before(before) = paid.fallback {
                add("releases without an end: those from before", day(before));
            }
        }
        GrantKind::Trial(trial) => {
            add("length", trial.length.to_string());
            add("to be started from", day(trial.may_start.opens()));
            add(STARTED_UNTIL, day(trial.may_start.closes()));
            add("grace", trial.grace.to_string());
            if let Extensions::UpTo(extension) = trial.extensions {
                add("extensions", format!("{} of {}", extension.times, extension.length));
            }
        }
    }
    if let Tolerance::UpTo(tolerated) = &grant.tolerance {
        add("tolerated", format!("{} until {}", tolerated.units, day(tolerated.until)));
    }
    match summary::early(grant) {
        Termination::Never => {}
        Termination::Cancelled(at) => add("cancelled for", day(at)),
        Termination::Withdrawn(at) => add("withdrawn from", day(at)),
    }
    for own in &grant.amounts {
        add(&format!("amount of {}", own.quota), own.amount.to_string());
    }
    all
}

fn properties_of_deal(deal: &Deal) -> Vec<Property> {
    let licensee = match &deal.licensee {
        Licensee::Tenant(customer) => format!("{} ({}, {})", customer.name, customer.id, customer.country),
        Licensee::Anyone => "anyone".to_string(),
    };
    let mut all = vec![("customer".to_string(), licensee)];
    let mut add = |name: &str, value: String| all.push((name.to_string(), value));
    if let Reference::Of(reference) = &deal.reference {
        add("reference", reference.to_string());
    }
    if let Freshness::Asked(limit) = &deal.freshness {
        add("age of revocation lists", format!("{} (a warning after {})", limit.deny_after, limit.warn_after));
    }
    if let Anchor::Record(checkpoint) = &deal.anchor {
        add("anchor", checkpoint.to_string());
    }
    all
}
