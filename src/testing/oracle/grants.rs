//! The licenses and grants of the facts: which revisions count, which trials run, and when each grant
//! gives what.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::clock::Moment;
use super::facts::Facts;
use super::phase_timeline::{PhaseTimeline, extensions_left};
use crate::id::{LicenseId, PlanId};
use crate::license::deal::Deal;
use crate::license::grant::{Grant, GrantKind, TrialTerms};
use crate::tenant::command::TrialName;
use crate::token::license::License;

impl Facts {
    /// Returns the revision of a license that counts.
    #[must_use]
    pub fn in_force(&self, id: LicenseId) -> Option<&Deal> {
        self.in_force.get(&id).map(License::deal)
    }

    /// Returns whether a trial is started.
    #[must_use]
    pub fn is_started(&self, name: &TrialName) -> bool {
        self.starts.contains_key(name)
    }

    /// Returns a trial of a license in force.
    #[must_use]
    pub fn trial(&self, name: &TrialName) -> Option<(&TrialTerms, PhaseTimeline)> {
        let (start, extended) = self.recorded(name);
        let license = self.in_force.get(&name.license)?;
        let grants = &license.deal().grants;
        grants.iter().filter(|grant| grant.plan == name.plan).find_map(|grant| match &grant.kind {
            GrantKind::Trial(trial) => {
                Some((trial, self.under_lists(&PhaseTimeline::of_trial(trial, start, &extended), license)))
            }
            GrantKind::Paid(_) => None,
        })
    }

    fn recorded(&self, name: &TrialName) -> (Option<DateTime<Utc>>, Vec<DateTime<Utc>>) {
        let at = |moment: &Moment| self.clock.at(*moment);
        let extended = self.extensions.get(name).into_iter().flatten().map(at).collect();
        (self.starts.get(name).map(at), extended)
    }

    /// Returns the number of extensions left.
    #[must_use]
    pub fn extensions_left(&self, name: &TrialName) -> u32 {
        let (start, extended) = self.recorded(name);
        self.trial(name).map_or(0, |(trial, _)| extensions_left(trial, start, &extended))
    }

    /// Returns the grants of each plan in the revisions in force.
    #[must_use]
    pub fn timelines(&self) -> BTreeMap<PlanId, Vec<(Grant, PhaseTimeline)>> {
        let mut timelines: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for license in self.in_force.values() {
            for grant in &license.deal().grants {
                let timeline = match &grant.kind {
                    GrantKind::Paid(paid) => {
                        Some(self.under_lists(&PhaseTimeline::of_paid(paid, self.offer().release), license))
                    }
                    GrantKind::Trial(_) => {
                        self.trial(&TrialName::new(license.deal().id, grant.plan.clone())).map(|(_, timeline)| timeline)
                    }
                };
                timelines
                    .entry(grant.plan.clone())
                    .or_default()
                    .extend(timeline.map(|timeline| (grant.clone(), timeline)));
            }
        }
        timelines
    }
}
