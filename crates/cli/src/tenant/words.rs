//! Ids, lists and numbers as an administrator reads them.

use core::fmt::Display;

use entitle::chrono::{DateTime, Utc};
use entitle::quantity::Total;
use entitle::query::Pool;
use entitle::time::{End, Phase};
use entitle::{PlanId, Tenant};

use crate::instant::day_or_never;

/// The number of entries that a line lists.
const LISTED: usize = 10;

/// Returns an id as it is typed: in backticks if it is not made of letters, digits and `._@/+-`.
pub(super) fn id(id: &(impl Display + ?Sized)) -> String {
    let text = id.to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "._@/+-".contains(c);
    if text.chars().all(is_plain) { text } else { format!("`{text}`") }
}

/// Returns an id as a shell reads it.
pub(super) fn typed(id: &(impl Display + ?Sized)) -> String {
    let text = id.to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "._@/+-".contains(c);
    if !text.starts_with('-') && text.chars().all(is_plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Returns the first entries of a list in one line, and how many more there are.
pub(super) fn list(entries: impl IntoIterator<Item = String>) -> String {
    let mut entries = entries.into_iter();
    let mut shown: Vec<String> = entries.by_ref().take(LISTED).collect();
    match entries.count() {
        0 => {}
        more => shown.push(format!("and {more} more")),
    }
    shown.join(", ")
}

/// Returns a number with its noun, which gets an `s` unless the number is 1.
pub(super) fn count(number: impl TryInto<u64>, noun: &str) -> String {
    match number.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

/// Returns a number of units with its noun.
pub(super) fn units(number: &impl Display) -> String {
    match number.to_string().as_str() {
        "1" => "1 unit".to_string(),
        number => format!("{number} units"),
    }
}

/// Returns a text cut to a number of characters.
pub(super) fn short(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_string();
    }
    let kept: String = text.chars().take(characters.saturating_sub(1)).collect();
    kept + "…"
}

/// Returns the number of seats used and usable, "3 of 5 seats used, 1 waiting", or why there are none.
pub(super) fn seats(tenant: &Tenant, plan: &PlanId, now: DateTime<Utc>) -> String {
    let pool = tenant.pool(plan, now);
    match tenant.no_units(plan, now) {
        Some(why) => format!("no usable seats: {why}{}", in_vain(tenant, plan, &pool, now)),
        None => seats_of(&pool),
    }
}

/// Returns the same for a pool with seats.
fn seats_of(pool: &Pool) -> String {
    let used = match pool.usable {
        Total::Limited(units) => format!("{} of {} used", pool.seated, count(units, "seat")),
        Total::Unlimited => format!("{} used, unlimited", count(pool.seated, "seat")),
    };
    let tolerated = match (pool.usable, pool.limit) {
        (usable, Total::Limited(limit)) if pool.limit > usable => format!(", {limit} tolerated"),
        _ => String::new(),
    };
    used + &tolerated + &waiting(pool)
}

fn waiting(pool: &Pool) -> String {
    if pool.waiting == 0 { String::new() } else { format!(", {} waiting", pool.waiting) }
}

/// Returns who waits for a seat of a plan without usable seats; who has it without any to come is not waiting.
fn in_vain(tenant: &Tenant, plan: &PlanId, pool: &Pool, now: DateTime<Utc>) -> String {
    let phase = tenant.grants(now).filter(|grant| grant.grant.plan == *plan).map(|grant| grant.phase).max();
    match pool.waiting {
        0 => String::new(),
        without if is_over(phase) => format!(", {} without a seat", count(without, "user")),
        _ => waiting(pool),
    }
}

/// Returns whether the grants of a plan, of which this is the phase nearest to being usable, give nothing more.
pub(super) fn is_over(phase: Option<Phase>) -> bool {
    phase.is_none_or(|phase| matches!(phase, Phase::Revoked | Phase::Ended))
}

/// Returns " until 2027-03-01", or nothing for what does not end.
pub(super) fn until(end: End) -> String {
    match end {
        End::At(_) => format!(" until {}", day_or_never(end)),
        End::Never => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{count, id, list, short, typed};

    #[test]
    fn an_id_is_shown_as_it_is_typed() {
        assert_eq!(
            (id("ada"), id("a b"), id("ada@contoso.example")),
            ("ada".into(), "`a b`".into(), "ada@contoso.example".into())
        );
        assert_eq!(
            (typed("ada"), typed("a b"), typed("-x"), typed("o'b")),
            ("ada".into(), "'a b'".into(), "'-x'".into(), r"'o'\''b'".into())
        );
    }

    #[test]
    fn lists_numbers_and_texts_are_cut() {
        assert_eq!(list((1..=10).map(|n| n.to_string())), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10");
        assert_eq!(list((1..=12).map(|n| n.to_string())), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, and 2 more");
        assert_eq!(
            (count(0_u64, "seat"), count(1_u64, "seat"), count(2_u64, "seat")),
            ("0 seats".into(), "1 seat".into(), "2 seats".into())
        );
        assert_eq!((short("gold", 4), short("golden", 4)), ("gold".into(), "gol…".into()));
    }
}
