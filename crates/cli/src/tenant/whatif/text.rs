//! The text of a preview: first who loses what and when, if nothing else changes.

use std::collections::BTreeSet;

use entitle::license::GrantKind;
use entitle::preview::{
    AccessChange, AccessEnd, AffectedUsers, DroppedGrant, PoolChange, PoolUnits, Preview, QuotaChange, QuotaSubject,
    Tally, WaitChange, WarningChange, WarningKind,
};
use entitle::time::End;

use super::people::{People, interval};
use crate::instant::day;
use crate::tenant::words::{count, id, units, until};

/// The number of entries that are shown of a list, unless all are.
const SHOWN: usize = 10;

/// Returns the lines of a preview.
pub(in crate::tenant) fn lines(preview: &Preview, all: bool) -> Vec<String> {
    let mut text = PreviewText { lines: Vec::new(), shown: if all { usize::MAX } else { SHOWN }, is_cut: false };
    let Preview { now, read_before, read_after, looked_until, totals, .. } = preview;
    let compared = match looked_until {
        End::At(at) => format!(", compared until {}", day(*at)),
        End::Never => String::new(),
    };
    if read_before != read_after {
        text.lines.push(format!("The record is read at {} instead of {}.", day(*read_after), day(*read_before)));
    }
    if preview.is_empty() {
        text.lines.push(format!("Nothing changes on {}{compared}: nobody loses or gains anything.", day(*now)));
        return text.lines;
    }
    let when = format!("on {}{compared}", day(*now));
    if totals.ending.entries == 0 && totals.lost.entries == 0 {
        text.lines.push(format!("Nobody loses access by this {when}."));
    } else if totals.ending.entries > 0 {
        let title =
            format!("If this is done {when}, and nothing else changes, these lose access ({})", people(totals.ending));
        text.people(&title, &ending(&preview.ending), totals.ending);
    } else {
        text.lines.push(format!("If this is done {when}:"));
    }
    if all || !is_in_ending(preview) {
        text.people(&format!("Lost by this ({})", people(totals.lost)), &access(&preview.lost), totals.lost);
    }
    text.people(&format!("Gained by this ({})", people(totals.gained)), &access(&preview.gained), totals.gained);
    text.list(
        &format!("Will wait for a seat ({})", people(totals.waiting)),
        &preview.waiting,
        wait,
        totals.waiting.entries,
    );
    text.list(
        &format!("Will have a seat instead of waiting ({})", people(totals.served)),
        &preview.served,
        wait,
        totals.served.entries,
    );
    text.list("Quotas", &preview.quotas, quota, totals.quotas.entries);
    text.list("Dropped from the license while it runs", &preview.dropped, dropped, totals.dropped);
    text.list("Units", &preview.pools, pool, totals.pools);
    if all {
        text.list("New warnings", &preview.appearing, warning, totals.appearing);
        text.list("Warnings that end", &preview.disappearing, warning, totals.disappearing);
    } else if totals.appearing > 0 || totals.disappearing > 0 {
        text.lines.push(format!("Warnings: {} new, {} ending", totals.appearing, totals.disappearing));
        text.is_cut = true;
    }
    if text.is_cut && !all {
        text.lines.push("Show everything with --all.".to_string());
    }
    text.lines
}

/// Returns whether all that is lost is in the list of what ends, from the same instants on.
fn is_in_ending(preview: &Preview) -> bool {
    let ends: BTreeSet<_> = preview.ending.iter().map(|end| (&end.who, &end.app, end.from)).collect();
    preview.lost.iter().all(|lost| ends.contains(&(&lost.who, &lost.app, lost.from)))
}

/// The lines of a preview, as far as they are made.
struct PreviewText {
    lines: Vec<String>,
    shown: usize,
    is_cut: bool,
}

impl PreviewText {
    /// Adds people, each with one line or several.
    fn people(&mut self, title: &str, people: &[Vec<String>], total: Tally) {
        if total.entries == 0 {
            return;
        }
        self.lines.push(format!("{title}:"));
        let shown = people.iter().take(self.shown);
        self.lines.extend(shown.flatten().map(|line| format!("  {line}")));
        let left = people.len().saturating_sub(self.shown);
        let unlisted = total.users.saturating_sub(u64::try_from(people.len()).unwrap_or(u64::MAX));
        self.more(u64::try_from(left).unwrap_or(u64::MAX).saturating_add(unlisted));
    }

    /// Adds a list of entries, each with one line.
    fn list<T>(&mut self, title: &str, entries: &[T], line: impl Fn(&T) -> String, total: u64) {
        if total == 0 {
            return;
        }
        self.lines.push(format!("{title}:"));
        let shown = entries.len().min(self.shown);
        self.lines.extend(entries.iter().take(shown).map(|entry| format!("  {}", line(entry))));
        self.more(total.saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX)));
    }

    fn more(&mut self, more: u64) {
        if more > 0 {
            self.lines.push(format!("  and {more} more"));
            self.is_cut = true;
        }
    }
}

fn people(total: Tally) -> String {
    if total.users == 0 { "everyone".to_string() } else { count(total.users, "user") }
}

fn ending(entries: &[AccessEnd]) -> Vec<Vec<String>> {
    let mut people = People::default();
    for AccessEnd { from, who, app, .. } in entries {
        people.add(who, *from, End::Never, app);
    }
    people.lines()
}

fn access(entries: &[AccessChange]) -> Vec<Vec<String>> {
    let mut people = People::default();
    for AccessChange { from, until, who, app, .. } in entries {
        people.add(who, *from, *until, app);
    }
    people.lines()
}

fn wait(change: &WaitChange) -> String {
    format!("{}, {}: {}", id(&change.user), interval(change.from, change.until), id(&change.plan))
}

fn quota(change: &QuotaChange) -> String {
    let who = match &change.who {
        QuotaSubject::Organisation => "the organisation".to_string(),
        QuotaSubject::Everyone => "everyone else".to_string(),
        QuotaSubject::User(user) => id(user),
    };
    let (from, to) = (change.before, change.after);
    format!("{who}, {}: {} {to} instead of {from}", interval(change.from, change.until), id(&change.quota))
}

fn dropped(dropped: &DroppedGrant) -> String {
    let grant = &dropped.grant;
    let kind = match grant.kind {
        GrantKind::Paid(_) => "paid",
        GrantKind::Trial(_) => "trial",
    };
    let (phase, until) = (dropped.phase, until(dropped.until));
    format!("{}, {kind}, {}, {phase}{until}, in revision {}", id(&grant.plan), units(&grant.units), dropped.revision)
}

fn pool(change: &PoolChange) -> String {
    let number = |units: &PoolUnits| {
        let tolerated =
            if units.limit == units.usable { String::new() } else { format!(" ({} tolerated)", units.limit) };
        format!("{}{tolerated}", units.usable)
    };
    let when = interval(change.from, change.until);
    format!("{}, {when}: {} instead of {}", id(&change.plan), number(&change.after), number(&change.before))
}

fn warning(change: &WarningChange) -> String {
    let warning = match change.warning {
        WarningKind::InGrace => "in grace",
        WarningKind::OverAssigned => "over-assigned",
        WarningKind::ListWanted => "a recent revocation list is needed",
        WarningKind::ExpiringSoon => "expiring soon",
        _ => "another warning",
    };
    let whom = match change.affected {
        AffectedUsers::Everyone => "everyone".to_string(),
        AffectedUsers::Users(users) => count(users, "user"),
    };
    format!("{}, from {} on: {warning}, {whom}", id(&change.plan), day(change.from))
}
