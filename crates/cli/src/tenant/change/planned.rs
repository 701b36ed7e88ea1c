//! What a command line would record, for a preview.

use entitle::chrono::{DateTime, Utc};
use entitle::{Actor, Command, KeyRing, Refusal, Tenant};

use super::bulk::{done_before_line, explain, remaining};
use super::done_before::KnownGroups;
use super::{Change, CommandLine};
use crate::exit::Failure;
use crate::tenant::lists::{refused, split};
use crate::tenant::record::Record;

/// The commands that a command line would record.
#[derive(Debug)]
pub(in crate::tenant) enum Planned {
    /// In one entry.
    One(Vec<Command>),
    /// In as many entries as they take, of as many commands before those that are done.
    Several { rest: Vec<Command>, all: usize },
}

impl Change {
    /// Returns the commands of a command line, without those that install documents, for a tenant as
    /// it is then.
    pub(in crate::tenant) fn plan(
        &self,
        record: &Record,
        tenant: &Tenant,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Planned, Failure> {
        match self {
            Self::Install(_) => Ok(Planned::Several { rest: Vec::new(), all: 0 }),
            Self::Commands(line) => line.plan(record, tenant, actor, now),
        }
    }
}

impl CommandLine {
    fn plan(&self, record: &Record, tenant: &Tenant, actor: &Actor, now: DateTime<Utc>) -> Result<Planned, Failure> {
        let commands = self.commands(tenant, now)?;
        if !self.is_bulk(&commands) {
            return Ok(Planned::One(commands));
        }
        let known = KnownGroups::read(record, &commands)?;
        let rest = remaining(tenant, &record.ring, &commands, &known, actor, now)?;
        Ok(Planned::Several { rest, all: commands.len() })
    }
}

impl Planned {
    /// Returns the commands of each entry.
    pub(in crate::tenant) fn lists(&self) -> Vec<Vec<Command>> {
        match self {
            Self::One(commands) => vec![commands.clone()],
            Self::Several { rest, .. } => split(rest),
        }
    }

    /// Returns the number of commands that are done before.
    pub(in crate::tenant) fn done_before(&self) -> usize {
        match self {
            Self::One(_) => 0,
            Self::Several { rest, all } => all.saturating_sub(rest.len()),
        }
    }

    /// Returns the same in words; none if all are new.
    pub(in crate::tenant) fn done_before_line(&self) -> Option<String> {
        match self {
            Self::One(_) => None,
            Self::Several { all, .. } => done_before_line(self.done_before(), *all),
        }
    }

    /// Returns the failure for a refused command of all that a preview is about, as recording them
    /// would fail.
    pub(in crate::tenant) fn refused(
        &self,
        ring: &KeyRing,
        tenant: &Tenant,
        all: &[Command],
        refusal: &Refusal,
        now: DateTime<Utc>,
    ) -> Failure {
        match self {
            Self::One(_) => refused(ring, tenant, all, refusal),
            Self::Several { .. } => explain(tenant, tenant, ring, all, refusal, now),
        }
    }
}
