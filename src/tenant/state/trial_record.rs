//! What a record says of trials: when each was started and extended (T1, T4).

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::collections::shared_hash_map::SharedHashMap;
use crate::license::grant::MAX_EXTENSIONS;
use crate::license::phases::TrialRun;
use crate::tenant::command::TrialName;
use crate::tenant::state::recorded_trial::{RecordedAt, RecordedTrial};
use crate::tenant::state::{Effect, RecordState};

impl RecordState {
    /// Returns the time of something that is recorded now.
    fn recorded_now(&self) -> RecordedAt {
        RecordedAt { moment: self.timeline.moment(), documents: self.documents.len() }
    }

    fn at(&self, recorded_at: RecordedAt) -> DateTime<Utc> {
        self.timeline.at(recorded_at.moment).max(self.documents.evidence(recorded_at.documents))
    }

    /// Returns what is recorded of trials, sorted by name. `O(n log n)` in the trials.
    pub(crate) fn recorded(&self) -> Vec<(&TrialName, &RecordedTrial)> {
        let mut trials: Vec<_> = self.trials.iter().flat_map(|trials| trials.iter()).collect();
        trials.sort_unstable_by_key(|(name, _)| *name);
        trials
    }

    fn recorded_of(&self, name: &TrialName) -> Option<&RecordedTrial> {
        self.trials.as_deref()?.get(name)
    }

    fn trials_mut(&mut self) -> &mut SharedHashMap<TrialName, RecordedTrial> {
        Arc::make_mut(self.trials.get_or_insert_with(|| Arc::new(SharedHashMap::new())))
    }

    /// Adds a trial from a snapshot. Returns `Unchanged` if the trial was added before.
    pub(crate) fn restore_trial(&mut self, name: TrialName, recorded: RecordedTrial) -> Effect {
        if self.recorded_of(&name).is_some() {
            return Effect::Unchanged;
        }
        self.trials_mut().insert(name, recorded);
        Effect::Changed
    }

    /// Records that a trial is started; only the first start counts (T1).
    pub(crate) fn start_trial(&mut self, name: &TrialName) -> Effect {
        if self.recorded_of(name).is_some() {
            return Effect::Unchanged;
        }
        let recorded = RecordedTrial { started: self.recorded_now(), extended: Vec::new() };
        self.trials_mut().insert(name.clone(), recorded);
        Effect::Changed
    }

    /// Records that a trial is extended, if it was started and has fewer than [`MAX_EXTENSIONS`]
    /// extensions.
    pub(crate) fn extend_trial(&mut self, name: &TrialName) -> Effect {
        let recorded_at = self.recorded_now();
        let extended = self.recorded_of(name).map(|recorded| recorded.extended.len());
        if extended.is_none_or(|times| times >= MAX_EXTENSIONS) {
            return Effect::Unchanged;
        }
        if let Some(recorded) = self.trials_mut().get_mut(name) {
            recorded.extended.push(recorded_at);
        }
        Effect::Changed
    }

    /// Returns what the record says of a trial, at the times that count under the documents in
    /// force.
    pub(crate) fn run(&self, name: &TrialName) -> Option<TrialRun> {
        let recorded = self.recorded_of(name)?;
        let extended = recorded.extended.iter().map(|&recorded_at| self.at(recorded_at)).collect();
        Some(TrialRun { started: self.at(recorded.started), extended })
    }
}
