//! The summary of a preview as text, with the first entries of each list.

use core::fmt;

use chrono::{DateTime, Utc};

use crate::license::grant::GrantKind;
use crate::message::{Message, Text, TextPart, Value, messages, wordings};
use crate::preview::{
    AccessChange, AccessEnd, AffectedUsers, DroppedGrant, PoolChange, PoolUnits, Preview, QuotaChange, QuotaSubject,
    Subject, Tally, WaitChange, WarningChange, WarningKind,
};
use crate::time::End;

/// The number of entries that are shown of a list.
const SHOWN: usize = 10;

wordings! {
    CHANGES = "preview.changes", "From {now} on this would change:";
    NOTHING = "preview.nothing", "From {now} on nothing would change.";
    CHANGES_UNTIL = "preview.changes-until", "From {now} on, looked at until {until}, this would change:";
    NOTHING_UNTIL = "preview.nothing-until", "From {now} on, looked at until {until}, nothing would change.";
    OTHER_READING = "preview.other-reading", "The record would be read at {after} instead of {before}.";
    ENDING = "preview.ending", "Access that people have now and that ends, until when ({users}):";
    LOST = "preview.lost", "Access that people lose by it ({users}):";
    GAINED = "preview.gained", "Access that people gain by it ({users}):";
    WAITING = "preview.waiting", "Users with a claim and no seat only because of it ({users}):";
    SERVED = "preview.served", "Users who have a seat only because of it ({users}):";
    QUOTAS = "preview.quotas", "Quotas:";
    DROPPED = "preview.dropped", "Grants that still run and are dropped:";
    UNITS = "preview.units", "Units:";
    APPEARING = "preview.appearing", "Warnings that appear:";
    DISAPPEARING = "preview.disappearing", "Warnings that disappear:";
    MORE = "preview.more", "and {more} more";
    FROM_UNTIL = "preview.from-until", "from {from} until {until}";
    PAID = "preview.paid", "paid";
    TRIAL = "preview.trial", "trial";
    FROM_ON = "preview.from-on", "from {from} on";
}

messages! {
    Subject;
    Self::Everyone => "preview.everyone", "everyone";
    Self::User(user) => "preview.user", "{user}", user;
}

messages! {
    QuotaSubject;
    Self::Organisation => "preview.quota-organisation", "the organisation";
    Self::Everyone => "preview.quota-everyone", "everyone";
    Self::User(user) => "preview.quota-user", "{user}", user;
}

messages! {
    AffectedUsers;
    Self::Everyone => "preview.all-users", "everyone";
    Self::Users(1) => "preview.one-user", "1 user";
    Self::Users(users) => "preview.users", "{users} users", users;
}

messages! {
    WarningKind;
    Self::InGrace => ("warning.in-grace") "preview.warning-in-grace", "in grace";
    Self::OverAssigned => ("warning.over-assigned") "preview.warning-over-assigned", "over-assigned";
    Self::ListWanted => ("warning.list-wanted") "preview.warning-list-wanted", "list wanted";
    Self::ExpiringSoon => ("warning.expiring-soon") "preview.warning-expiring-soon", "expiring soon";
}

messages! {
    PoolUnits;
    Self { usable, limit } if usable == limit => "preview.pool-units", "{usable}", usable;
    Self { usable, limit } => "preview.pool-units-tolerated", "{usable} (tolerated: {limit})", usable, limit;
}

messages! {
    AccessChange;
    Self { who, app, from, until } => "preview.access-change", "{who}, {app}, {when}", who, app, when = when(from, *until);
}

messages! {
    AccessEnd;
    Self { who, app, from } => "preview.access-end", "{who}, {app}, {from}", who, app, from;
}

messages! {
    WaitChange;
    Self { user, plan, from, until } => "preview.wait-change", "{user}, {plan}, {when}",
        user, plan, when = when(from, *until);
}

messages! {
    PoolChange;
    Self { from, until, plan, before, after } => "preview.pool-change", "{plan}, {after} instead of {before}, {when}",
        plan, after, before, when = when(from, *until);
}

messages! {
    QuotaChange;
    Self { who, quota, from, until, before, after } => "preview.quota-change", "{who}, {quota}, {after} instead of {before}, {when}",
        who, quota, after, before, when = when(from, *until);
}

messages! {
    WarningChange;
    Self { from, plan, warning, affected } => "preview.warning-change", "{plan}, {warning}, {affected}, first {from}",
        plan, warning, affected, from;
}

messages! {
    DroppedGrant;
    Self { grant, phase, until: until @ End::At(_), revision, license, .. } => "preview.dropped-grant-until",
        "{plan}, {kind}, units: {units}, {phase} until {until}, of revision {revision} of license {license}",
        plan = &grant.plan, kind = kind(&grant.kind), units = &grant.units, phase, until, revision = Value::ordinal(revision), license;
    Self { grant, phase, until: End::Never, revision, license, .. } => "preview.dropped-grant",
        "{plan}, {kind}, units: {units}, {phase}, of revision {revision} of license {license}",
        plan = &grant.plan, kind = kind(&grant.kind), units = &grant.units, phase, revision = Value::ordinal(revision), license;
}

fn kind(kind: &GrantKind) -> Value {
    Value::from(match kind {
        GrantKind::Paid(_) => PAID.message(),
        GrantKind::Trial(_) => TRIAL.message(),
    })
}

/// Returns "from … on" or "from … until …".
fn when(from: &DateTime<Utc>, until: End) -> Message {
    match until {
        End::At(ends) => FROM_UNTIL.message().with("from", from).with("until", Value::EndsAt(ends)),
        End::Never => FROM_ON.message().with("from", from),
    }
}

/// Adds a heading with the first entries of a list; nothing if the list is empty.
fn list<T>(text: &mut Text, title: Message, entries: &[T], message: fn(&T) -> Message, total: u64) {
    if total == 0 {
        return;
    }
    text.state(title);
    let shown = entries.iter().take(SHOWN);
    let rest = total.saturating_sub(u64::try_from(shown.len()).unwrap_or(u64::MAX));
    for entry in shown {
        text.push(TextPart::Detail, [message(entry)]);
    }
    if rest > 0 {
        text.push(TextPart::Detail, [MORE.message().with("more", rest)]);
    }
}

/// Adds a list about users, with their number in the heading.
fn of_users<T>(text: &mut Text, title: Message, entries: &[T], message: fn(&T) -> Message, of: Tally) {
    // Entries for everyone are not counted among the users.
    let users = if of.users == 0 { AffectedUsers::Everyone } else { AffectedUsers::Users(of.users) };
    list(text, title.with("users", &users), entries, message, of.entries);
}

impl Preview {
    /// Returns the summary of this preview with the first entries of each list.
    #[must_use]
    pub fn text(&self) -> Text {
        let Self { now, read_before, read_after, totals, .. } = self;
        let heading = match (self.is_empty(), self.looked_until) {
            (false, End::Never) => CHANGES.message(),
            (true, End::Never) => NOTHING.message(),
            (false, End::At(until)) => CHANGES_UNTIL.message().with("until", until),
            (true, End::At(until)) => NOTHING_UNTIL.message().with("until", until),
        };
        let mut text = Text::new();
        text.state(heading.with("now", now));
        if read_before != read_after {
            text.state(OTHER_READING.message().with("before", read_before).with("after", read_after));
        }
        of_users(&mut text, ENDING.message(), &self.ending, AccessEnd::message, totals.ending);
        of_users(&mut text, LOST.message(), &self.lost, AccessChange::message, totals.lost);
        of_users(&mut text, GAINED.message(), &self.gained, AccessChange::message, totals.gained);
        of_users(&mut text, WAITING.message(), &self.waiting, WaitChange::message, totals.waiting);
        of_users(&mut text, SERVED.message(), &self.served, WaitChange::message, totals.served);
        list(&mut text, QUOTAS.message(), &self.quotas, QuotaChange::message, totals.quotas.entries);
        list(&mut text, DROPPED.message(), &self.dropped, DroppedGrant::message, totals.dropped);
        list(&mut text, UNITS.message(), &self.pools, PoolChange::message, totals.pools);
        list(&mut text, APPEARING.message(), &self.appearing, WarningChange::message, totals.appearing);
        list(&mut text, DISAPPEARING.message(), &self.disappearing, WarningChange::message, totals.disappearing);
        text
    }
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}
