//! What revocation lists that are installed end: licenses, and the access of users.

use entitle::chrono::{DateTime, Utc};
use entitle::preview::Tally;
use entitle::{Actor, Command, Entry, Tenant};
use serde_json::Value;

use super::revoked::{Revoked, newly_revoked};
use crate::instant::day;

/// What documents that are installed revoke; nothing, if none of them is a list.
#[derive(Debug, Default)]
pub(super) struct Effects {
    revoked: Vec<String>,
    pub(super) json: Vec<Value>,
    /// Who loses access.
    pub(super) lost: Option<Tally>,
    /// When the first of them does, if it is later.
    from: Option<DateTime<Utc>>,
}

impl Effects {
    /// Returns what the entries of documents do to a tenant, which is given as it is before and after them.
    pub(super) fn of(tenant: &Tenant, after: &Tenant, entries: &[Entry], actor: &Actor, now: DateTime<Utc>) -> Self {
        let lists: Vec<&[Command]> = entries.iter().map(|entry| entry.event().commands.as_slice()).collect();
        if !lists.iter().copied().flatten().any(|command| matches!(command, Command::InstallRevocationList(_))) {
            return Self::default();
        }
        let revoked = newly_revoked(tenant, after, now);
        // A list that revokes no license of this tenant takes nothing from anybody.
        let preview = (!revoked.is_empty()).then(|| tenant.preview_lists(actor, lists, now).ok()).flatten();
        let at = after.reading(now);
        let first = preview.iter().flat_map(|preview| &preview.lost).map(|lost| lost.from).min();
        Self {
            revoked: revoked.iter().flat_map(|revoked| revoked.lines(at)).collect(),
            json: revoked.iter().map(Revoked::json).collect(),
            lost: preview.map(|preview| preview.totals.lost),
            from: first.filter(|from| *from > at),
        }
    }

    /// Returns lines about the licenses, and about how many users lose access.
    pub(super) fn lines(&self) -> Vec<String> {
        let from = self.from.map_or_else(String::new, |from| format!(", from {} on", day(from)));
        let lost = self.lost.map(|lost| match lost {
            Tally { entries: 0, .. } => "Nobody loses access by this.".to_string(),
            Tally { users: 0, .. } => format!("Everyone loses access by this{from}."),
            Tally { users: 1, .. } => format!("1 user loses access by this{from}."),
            Tally { users, .. } => format!("{users} users lose access by this{from}."),
        });
        self.revoked.iter().map(|line| format!("  {line}")).chain(lost).collect()
    }
}
