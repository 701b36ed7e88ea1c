//! The trials that licenses hold, and where each stands (T1, T4).

use chrono::{DateTime, Utc};

use crate::grant::{Grant, GrantKind};
use crate::phase_timeline::extended;
use crate::tenant::Tenant;
use crate::tenant::command::TrialName;
use crate::time::{End, Phase};

/// A trial in a license in force, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrialStatus<'a> {
    /// Which one.
    pub name: TrialName,
    /// What the license says of it.
    pub grant: &'a Grant,
    /// Its phase.
    pub phase: Phase,
    /// When its phase ends by time alone.
    pub until: End,
    /// Whether it was started.
    pub run: TrialState,
}

/// Whether a trial was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialState {
    /// Nobody has.
    NotStarted,
    /// It was.
    Started {
        /// When, as it counts.
        at: DateTime<Utc>,
        /// How many extensions are left.
        extensions_left: u32,
    },
}

impl Tenant {
    /// The trials of the licenses in force, used ones too (T1). Linear in the tenant's grants.
    pub fn trials(&self, now: DateTime<Utc>) -> impl Iterator<Item = TrialStatus<'_>> {
        let (at, state) = (self.reading(now), self.core());
        state.documents.in_force().flat_map(move |license| {
            state.grant_instances(license, |_| true).filter_map(move |share| {
                let GrantKind::Trial(trial) = &share.grant.terms else { return None };
                let name = TrialName::new(license.deal().id, share.grant.plan.clone());
                let run = state.run(&name).map_or(TrialState::NotStarted, |run| TrialState::Started {
                    at: run.started.max(trial.may_start.opens()),
                    extensions_left: extended(trial, &run).1,
                });
                let (phase, until) = (share.life.phase(at), share.life.phase_ends(at));
                Some(TrialStatus { name, grant: share.grant, phase, until, run })
            })
        })
    }
}
