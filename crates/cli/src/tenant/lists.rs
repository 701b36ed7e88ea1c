//! Lists of commands, each of which is one entry: all are decided before the first is stored.

use std::io::IsTerminal as _;

use entitle::chrono::{DateTime, Utc};
use entitle::limits::{MAX_COMMANDS, MAX_ENTRY_BYTES};
use entitle::{Actor, Command, Entry, KeyRing, Refusal, RequestId, Tenant};
use indicatif::{ProgressBar, ProgressStyle};

use super::refusal_failure::refusal_failure;
use super::suggestions::with_question;
use super::verifier::Verifier;
use crate::exit::Failure;

/// The bytes of an entry that are left for what is around its commands.
const AROUND_COMMANDS: usize = 16 * 1024;

/// Decides lists of commands, each on what those before it lead to, and returns their entries. If one
/// is refused, the failure is that of `explain`, which gets the tenant as those before the list leave
/// it, and the refusal with the index of the command among those of all lists. A bar shows how far it
/// is.
pub(super) fn decide(
    tenant: &Tenant,
    lists: &[Vec<Command>],
    actor: &Actor,
    now: DateTime<Utc>,
    explain: impl FnOnce(&Tenant, &Refusal) -> Failure,
) -> Result<Vec<Entry>, Failure> {
    let (bar, mut ahead) = (progress(lists), tenant.clone());
    let (mut entries, mut decided) = (Vec::new(), 0_usize);
    for list in lists {
        let request = RequestId::from_random(crate::random::id()?);
        let entry = match ahead.decide(actor, list, request, now) {
            Ok(entry) => entry,
            Err(refusal) => {
                bar.finish_and_clear();
                let refusal = if lists.len() == 1 { refusal } else { refusal.after(decided) };
                return Err(explain(&ahead, &refusal));
            }
        };
        ahead.apply(&entry).map_err(|error| Failure::unreadable(error.code(), error))?;
        entries.push(entry);
        decided = decided.saturating_add(list.len());
        bar.set_position(u64::try_from(decided).unwrap_or(u64::MAX));
    }
    bar.finish_and_clear();
    Ok(entries)
}

/// Returns the failure for a refused command of lists: which one, why, and whether another name was
/// meant.
pub(super) fn refused(ring: &KeyRing, tenant: &Tenant, commands: &[Command], refusal: &Refusal) -> Failure {
    let verifier = Verifier::new(ring, tenant).with_those_of(commands);
    with_question(refusal_failure(&verifier, commands, refusal), tenant, commands, refusal)
}

/// Returns the commands in lists that each fit into one entry.
pub(super) fn split(commands: &[Command]) -> Vec<Vec<Command>> {
    let longest = MAX_ENTRY_BYTES.saturating_sub(AROUND_COMMANDS);
    let (mut lists, mut bytes): (Vec<Vec<Command>>, usize) = (Vec::new(), 0);
    for command in commands {
        let length = serde_json::to_string(command).map_or(longest, |text| text.len().saturating_add(1));
        match lists.last_mut() {
            Some(list) if list.len() < MAX_COMMANDS && bytes.saturating_add(length) <= longest => {
                list.push(command.clone());
                bytes = bytes.saturating_add(length);
            }
            _ => {
                lists.push(vec![command.clone()]);
                bytes = length;
            }
        }
    }
    lists
}

fn progress(lists: &[Vec<Command>]) -> ProgressBar {
    let all: usize = lists.iter().map(Vec::len).sum();
    if lists.len() < 2 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("[{bar:40}] {pos} of {len} changes, {eta} left");
    let style = style.map(|style| style.progress_chars("=> "));
    let bar = ProgressBar::new(u64::try_from(all).unwrap_or(u64::MAX));
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
