//! The tenant as it was at an instant that was chosen, and when changes are dated (P2).

use entitle::chrono::{DateTime, Utc};
use entitle::time::EARLIEST;
use entitle::{Command, Entry, Tenant};
use entitle_host::Local;

use super::options::TenantOptions;
use crate::exit::Failure;
use crate::instant::Instant;

/// A tenant at an instant before the latest one in its record.
#[derive(Debug)]
pub(super) struct Earlier {
    pub(super) tenant: Tenant,
    at: DateTime<Utc>,
    events: u64,
    floor: DateTime<Utc>,
}

impl Earlier {
    /// Returns the tenant at the instant that was chosen, if the record goes on after it.
    ///
    /// `O(n)` in the record.
    pub(super) fn read(local: &Local, chosen: Option<DateTime<Utc>>) -> Result<Option<Self>, Failure> {
        let (tenant, floor) = (local.tenant(), floor(local.tenant()));
        let Some(at) = chosen.filter(|at| *at < floor) else { return Ok(None) };
        let entries = local.entries()?;
        let mut history = tenant.history(&entries).map_err(|error| Failure::unreadable(error.code(), error))?;
        let earlier = history.at(at).map_err(|error| Failure::unreadable(error.code(), error))?.clone();
        Ok(Some(Self { tenant: earlier, at, events: tenant.position(), floor }))
    }

    /// Returns the note that the answer is about the past.
    pub(super) fn note(&self) -> String {
        let (at, floor) = (Instant(self.at), Instant(self.floor));
        format!(
            "this is the record as it was at {at}, after {} of its {} events; its latest time is {floor}",
            self.tenant.position(),
            self.events
        )
    }
}

/// Returns the latest instant of which the record has evidence.
fn floor(tenant: &Tenant) -> DateTime<Utc> {
    tenant.reading(EARLIEST)
}

/// Fails if commands are to be recorded at an instant that was chosen and that is before the latest
/// one in the record: they would be dated at that one. A time ticket corrects the time, and is
/// recorded.
pub(super) fn require_present(options: &TenantOptions, tenant: &Tenant, commands: &[Command]) -> Result<(), Failure> {
    let corrects = commands.iter().any(|command| matches!(command, Command::CorrectTime(_)));
    match options.chosen {
        Some(at) if at < floor(tenant) && !corrects => {
            let (at, floor) = (Instant(at), Instant(floor(tenant)));
            let message = format!("nothing can be recorded at {at}: the latest time in the record is {floor}");
            Err(Failure::refused("cli.at-past", message)
                .help("leave out --at and ENTITLE_AT, or give a later time; nothing was done"))
        }
        _ => Ok(()),
    }
}

/// Returns a note for each time other than that of the command at which entries are dated. Of several
/// documents, one may be evidence of a later time than the clock's, at which those after it are.
pub(super) fn dating_notes(entries: &[Entry], now: DateTime<Utc>) -> Vec<String> {
    let now = Instant(now).to_string();
    let at = |entry: &Entry| Instant(entry.event().at).to_string();
    let otherwise: Vec<&Entry> = entries.iter().filter(|entry| at(entry) != now).collect();
    let same = otherwise.chunk_by(|one, other| at(one) == at(other));
    let note = |dated: &[&Entry]| {
        let (first, last) = (dated.first()?, dated.last()?);
        let which = match (first.number(), last.number()) {
            _ if dated.len() == entries.len() => String::new(),
            (first, last) if first == last => format!("event {first} is "),
            (first, last) => format!("events {first} to {last} are "),
        };
        let at = at(first);
        Some(format!("{which}recorded at {at}, the latest time in the record: the clock is behind, at {now}"))
    };
    same.filter_map(note).collect()
}
