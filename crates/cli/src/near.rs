//! Suggestions for names that nothing has: a person meant another one.

use core::fmt;

use strsim::osa_distance;

/// The most suggestions.
const SUGGESTIONS: usize = 3;

/// The most names of a list.
const LISTED: usize = 10;

/// Returns the known names of the fewest edits from a name, the same one in other letter case
/// first, in order; none if all are too different. `O(n)` in the known names.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = name.to_lowercase();
    let length = folded.chars().count();
    // A swap counts as one edit; a short name has few others in reach.
    let allowed = match length {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    let (mut found, mut fewest): (Vec<&str>, usize) = (Vec::new(), allowed);
    let letters = letters(&folded);
    for other in known.into_iter().filter(|other| *other != name) {
        // Each edit changes the length by at most one character, of at most four bytes.
        if other.len().abs_diff(name.len()) > allowed.saturating_mul(4).saturating_add(4) {
            continue;
        }
        let other_folded = other.to_lowercase();
        let edits = osa_distance(&folded, &other_folded);
        // `user-7` is another one than `user-8`, not a near miss of it.
        if edits > 0 && self::letters(&other_folded) == letters {
            continue;
        }
        if edits < fewest {
            found.clear();
            fewest = edits;
        }
        if edits == fewest {
            found.push(other);
        }
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(SUGGESTIONS);
    found
}

/// Returns a name without its digits.
fn letters(name: &str) -> String {
    name.chars().filter(|c| !c.is_numeric()).collect()
}

/// Returns the question whether a person meant one of the nearest known names.
pub(crate) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    question(nearest(name, known))
}

/// Returns the question whether a person meant one of some names; `None` of no names.
pub(crate) fn question(names: impl IntoIterator<Item: fmt::Display>) -> Option<String> {
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let last = names.pop()?;
    let others = names.join(", ");
    Some(if others.is_empty() { format!("did you mean {last}?") } else { format!("did you mean {others} or {last}?") })
}

/// Returns the same question with the known names, of which at most ten are listed.
pub(crate) fn did_you_mean_or_list<'a>(
    list: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> String {
    let known = known.into_iter();
    let names: Vec<String> = known.clone().take(LISTED).map(|name| format!("`{name}`")).collect();
    let list = format!("{list} {}", names.join(", "));
    match did_you_mean(name, known) {
        Some(question) => format!("{question} {list}"),
        None => list,
    }
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, nearest};

    #[test]
    fn a_near_miss_is_found() {
        let plans = ["bronze", "silver", "gold", "golden"];
        assert_eq!(nearest("Gold", plans), ["gold"], "in other letter case");
        assert_eq!(nearest("glod", plans), ["gold"], "a swap is one edit");
        assert_eq!(nearest("golde", plans), ["gold", "golden"], "equally near");
        assert_eq!(nearest("sivler", plans), ["silver"]);
        assert_eq!(nearest("platinum", plans), [""; 0]);
        assert_eq!(nearest("gold", plans), [""; 0], "a known name is no near miss of itself");
        assert_eq!(nearest("cy", ["bo", "by"]), [""; 0], "of two letters one is too much");
        assert_eq!(nearest("CY", ["bo", "cy"]), ["cy"]);
        assert_eq!(nearest("", ["", "a"]), [""; 0]);
        assert_eq!(nearest("ünïc", ["UNIC", "ÜNIC"]), ["ÜNIC"]);
    }

    #[test]
    fn the_question_names_up_to_three() {
        assert_eq!(did_you_mean("salse", ["sales", "staff"]).unwrap(), "did you mean `sales`?");
        let many = ["silver4", "silver1", "silver3", "silver2"];
        assert_eq!(did_you_mean("silvre", many).unwrap(), "did you mean `silver1`, `silver2` or `silver3`?");
        assert_eq!(did_you_mean("silver5", many), None, "other numbers are other names");
        assert_eq!(did_you_mean("x", many), None);
    }
}
