//! The text of a preview: first who loses what by it and when, then who gains, then whose access ends anyway.

use std::collections::BTreeSet;

use entitle::Tenant;
use entitle::license::GrantKind;
use entitle::preview::{
    AccessChange, AccessEnd, AffectedUsers, DroppedGrant, PoolChange, PoolUnits, Preview, QuotaChange, QuotaSubject,
    Tally, WaitChange, WarningChange, WarningKind,
};
use entitle::quantity::Total;
use entitle::time::End;

use super::people::{People, interval};
use crate::instant::day;
use crate::tenant::words::{count, id, units, until};

/// The number of entries that are shown of a list, unless all are.
const SHOWN: usize = 10;

/// What is shown beside a preview.
#[derive(Debug)]
pub(in crate::tenant) struct Around<'a> {
    /// The licenses that the commands revoke, line by line.
    pub(in crate::tenant) revoked: &'a [String],
    /// What the commands consume, and how much it is then of what may be consumed.
    pub(in crate::tenant) consumed: &'a [String],
    /// The seats that the commands free, and for whom, line by line.
    pub(in crate::tenant) freed: &'a [String],
    /// The tenant with the commands, if it is known.
    pub(in crate::tenant) after: Option<&'a Tenant>,
}

/// Returns the lines of a preview.
pub(in crate::tenant) fn lines(preview: &Preview, around: &Around<'_>, all: bool) -> Vec<String> {
    let mut text = PreviewText { lines: Vec::new(), shown: if all { usize::MAX } else { SHOWN }, is_cut: false };
    let Preview { now, read_before, read_after, looked_until, totals, .. } = preview;
    let compared = match looked_until {
        End::At(at) => format!(", compared until {}", day(*at)),
        End::Never => String::new(),
    };
    if read_before != read_after {
        text.lines.push(format!("The record is read at {} instead of {}.", day(*read_after), day(*read_before)));
    }
    if !around.consumed.is_empty() {
        text.lines.push("If this is done:".to_string());
        text.lines.extend(around.consumed.iter().map(|line| format!("  {line}")));
    }
    if preview.is_empty() && around.revoked.is_empty() {
        let when = format!("on {}{compared}", day(*now));
        text.lines.push(if around.consumed.is_empty() && around.freed.is_empty() {
            format!("Nothing changes {when}: nobody loses or gains anything.")
        } else {
            format!("Nobody loses or gains access by this {when}.")
        });
        text.seats(around.freed);
        return text.lines;
    }
    let when = format!("on {}{compared}", day(*now));
    text.lines.push(if totals.lost.entries == 0 {
        format!("Nobody loses access by this {when}.")
    } else {
        format!("If this is done {when}:")
    });
    text.people(&format!("Lost by this ({})", people(totals.lost)), access(&preview.lost), totals.lost);
    if !around.revoked.is_empty() {
        text.lines.push("Revoked by this:".to_string());
        text.lines.extend(around.revoked.iter().map(|line| format!("  {line}")));
    }
    text.people(&format!("Gained by this ({})", people(totals.gained)), access(&preview.gained), totals.gained);
    text.ending_anyway(preview);
    text.waiting(preview, around);
    text.list(
        &format!("Will have a seat instead of waiting ({})", people(totals.served)),
        &preview.served,
        wait,
        totals.served.entries,
    );
    text.seats(around.freed);
    text.list("Quotas", &preview.quotas, quota, totals.quotas.entries);
    text.list("Dropped from the license while it runs", &preview.dropped, dropped, totals.dropped);
    text.list("Units", &preview.pools, pool, totals.pools);
    if all {
        text.list("New warnings", &preview.appearing, warning, totals.appearing);
        text.list("Warnings that end", &preview.disappearing, warning, totals.disappearing);
    } else if totals.appearing > 0 || totals.disappearing > 0 {
        text.lines.push(warnings(preview));
        text.is_cut = true;
    }
    if preview.lost.iter().any(|lost| lost.until != End::Never) {
        text.lines.push("Lost until an instant: without this, people would have it until then.".to_string());
    }
    if preview.lost.iter().chain(&preview.gained).any(|change| change.until != End::Never) {
        text.lines.push("Times of access include grace, where there is any.".to_string());
    }
    if text.is_cut && !all {
        text.lines.push("Show everything with --all.".to_string());
    }
    text.lines
}

/// Returns the ends of access that are no losses: access would have ended then, or before, without the commands.
/// Where the list of losses is cut, an end after its last entry may be one, and is not listed.
fn not_lost(preview: &Preview) -> Vec<AccessEnd> {
    let Preview { lost, ending, totals, .. } = preview;
    let is_cut = u64::try_from(lost.len()).is_ok_and(|listed| listed < totals.lost.entries);
    let last = lost.last().filter(|_| is_cut).map(|last| last.from);
    let losses: BTreeSet<_> = lost.iter().map(|lost| (&lost.who, &lost.app, lost.from)).collect();
    let is_no_loss =
        |end: &&AccessEnd| last.is_none_or(|last| end.from < last) && !losses.contains(&(&end.who, &end.app, end.from));
    ending.iter().filter(is_no_loss).cloned().collect()
}

/// The lines of a preview, as far as they are made.
struct PreviewText {
    lines: Vec<String>,
    shown: usize,
    is_cut: bool,
}

impl PreviewText {
    /// Adds the seats that are freed.
    fn seats(&mut self, freed: &[String]) {
        if !freed.is_empty() {
            self.lines.push("Seats:".to_string());
            self.lines.extend_from_slice(freed);
        }
    }

    /// Adds people, each with one line or several.
    fn people(&mut self, title: &str, people: People, total: Tally) {
        if total.entries == 0 {
            return;
        }
        self.lines.push(format!("{title}:"));
        let unlisted = total.users.saturating_sub(people.users());
        let people = people.lines();
        let left = people.len().saturating_sub(self.shown);
        self.lines.extend(people.into_iter().take(self.shown).flatten().map(|line| format!("  {line}")));
        self.more(u64::try_from(left).unwrap_or(u64::MAX).saturating_add(unlisted));
    }

    /// Adds whose access ends with the commands too, although they do not lose it by them.
    fn ending_anyway(&mut self, preview: &Preview) {
        let listed = not_lost(preview);
        let tally = preview.totals.ending_without_loss;
        let title = format!("Ends no earlier than without this, if nothing else changes ({})", people(tally));
        self.people(&title, ending(&listed), tally);
    }

    /// Adds those who will not have a seat: they wait for one, or their plan has none then.
    fn waiting(&mut self, preview: &Preview, around: &Around<'_>) {
        let has_units = |change: &&WaitChange| {
            let after = around.after;
            after.is_none_or(|after| after.pool(&change.plan, change.from).limit != Total::ZERO)
        };
        let (waiting, without): (Vec<&WaitChange>, Vec<&WaitChange>) = preview.waiting.iter().partition(has_units);
        let number = |changes: &[&WaitChange]| u64::try_from(changes.len()).unwrap_or(u64::MAX);
        let users = |changes: &[&WaitChange]| changes.iter().map(|change| &change.user).collect::<BTreeSet<_>>().len();
        let total = preview.totals.waiting;
        // Of a list that is cut, the rest is counted by what most of the list is.
        let rest = total.entries.saturating_sub(number(&waiting)).saturating_sub(number(&without));
        for (title, changes, has_rest) in [
            ("Will wait for a seat", &waiting, waiting.len() > without.len()),
            ("Will have no seat, since their plan has no usable units then", &without, without.len() >= waiting.len()),
        ] {
            let is_all = without.is_empty() || waiting.is_empty();
            let users = if is_all { people(total) } else { count(users(changes), "user") };
            let entries = if has_rest { number(changes).saturating_add(rest) } else { number(changes) };
            if !changes.is_empty() {
                self.list(&format!("{title} ({users})"), changes, |change| wait(change), entries);
            }
        }
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

/// Returns the numbers of warnings that begin and end, with their kinds.
fn warnings(preview: &Preview) -> String {
    let part = |number: u64, changes: &[WarningChange], one: &str, several: &str| {
        let kinds: BTreeSet<&str> = changes.iter().map(|change| kind(change.warning)).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        let verb = if number == 1 { one } else { several };
        (number > 0).then(|| format!("{number} {verb} ({})", kinds.join(", ")))
    };
    let Preview { totals, appearing, disappearing, .. } = preview;
    let begin = part(totals.appearing, appearing, "begins", "begin");
    let end = part(totals.disappearing, disappearing, "ends", "end");
    format!("Warnings to administrators: {}", begin.into_iter().chain(end).collect::<Vec<_>>().join(", "))
}

fn people(total: Tally) -> String {
    if total.users == 0 { "everyone".to_string() } else { count(total.users, "user") }
}

fn ending(entries: &[AccessEnd]) -> People {
    let mut people = People::default();
    for AccessEnd { from, who, app, .. } in entries {
        people.add(who, *from, End::Never, app);
    }
    people
}

fn access(entries: &[AccessChange]) -> People {
    let mut people = People::default();
    for AccessChange { from, until, who, app, .. } in entries {
        people.add(who, *from, *until, app);
    }
    people
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
    let warning = kind(change.warning);
    let whom = match change.affected {
        AffectedUsers::Everyone => "everyone".to_string(),
        AffectedUsers::Users(users) => count(users, "user"),
    };
    format!("{}, from {} on: {warning}, {whom}", id(&change.plan), day(change.from))
}

fn kind(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::InGrace => "in grace",
        WarningKind::OverAssigned => "over-assigned",
        WarningKind::ListWanted => "a recent revocation list is needed",
        WarningKind::ExpiringSoon => "expiring soon",
        _ => "another warning",
    }
}
