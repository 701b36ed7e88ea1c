//! The trials in the licenses of a tenant, with their states (T1, T4).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::license::grant::{Grant, GrantKind};
use crate::license::phases::extended;
use crate::tenant::Tenant;
use crate::tenant::command::TrialName;
use crate::time::instant;
use crate::time::{End, Phase};

/// A trial in a license in force, with its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TrialStatus<'a> {
    /// The name of the trial.
    pub name: TrialName,
    /// The grant in the license.
    pub grant: &'a Grant,
    /// The phase at the reading.
    pub phase: Phase,
    /// The instant at which the phase ends by time alone.
    pub until: End,
    /// Whether it is started.
    pub state: TrialState,
}

/// Whether a trial is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialState {
    /// The trial is not started.
    NotStarted,
    /// The trial is started.
    Started {
        /// The instant from which it runs.
        #[serde(with = "instant")]
        at: DateTime<Utc>,
        /// The number of extensions left.
        extensions_left: u32,
    },
}

impl Tenant {
    /// Returns the trials of the licenses in force, including those that have ended (T1). `O(n)` in
    /// the tenant's grants.
    pub fn trials(&self, now: DateTime<Utc>) -> impl Iterator<Item = TrialStatus<'_>> {
        let (at, state) = (self.reading(now), self.core());
        state.documents.in_force().flat_map(move |license| {
            state.grant_instances(license, |_| true).filter_map(move |instance| {
                let GrantKind::Trial(trial) = &instance.grant.kind else { return None };
                let name = TrialName::new(license.deal().id, instance.grant.plan.clone());
                let run = state.run(&name).map_or(TrialState::NotStarted, |run| TrialState::Started {
                    at: run.started.max(trial.may_start.opens()),
                    extensions_left: extended(trial, &run).1,
                });
                let (phase, until) = (instance.timeline.phase(at), instance.timeline.phase_ends(at));
                Some(TrialStatus { name, grant: instance.grant, phase, until, state: run })
            })
        })
    }
}
