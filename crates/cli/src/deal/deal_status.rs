//! What a deal gives at an instant: the phase of each grant, in words.
//!
//! The phases are those of the library: the deal is installed in an empty record.

use entitle::catalog::{InstallPolicy, Management, Offer, Plan, Scope};
use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::id::Label;
use entitle::license::{Extensions, Fallback, Freshness, GrantKind, Licensee, Termination, TrialTerms};
use entitle::record::{Anchor, Beginning};
use entitle::time::{End, Phase};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Grant, KeyRing, RecordId, RequestId, Role, SecretKey, Tenant, TenantId, Zeroizing,
};
use serde_json::{Value, json};

use crate::instant::{Instant, day, day_or_never};
use crate::summary;

/// A grant with its phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GrantState {
    pub(crate) grant: Grant,
    pub(crate) phase: Phase,
    /// When the phase ends: by time, or by the list that revokes it before.
    pub(crate) until: End,
    /// From when on a list revokes it, now or later; not what ends before.
    revoked: Option<DateTime<Utc>>,
}

/// Returns the state of each grant of a deal at an instant, in a record of its own, without the effects
/// of lists, freshness and anchors. Empty if the deal breaks a rule of deals.
pub(crate) fn states(deal: &Deal, at: DateTime<Utc>) -> Vec<GrantState> {
    let Some(tenant) = installed(deal) else { return Vec::new() };
    let state = |status: entitle::query::GrantStatus<'_>| GrantState {
        grant: status.grant.clone(),
        phase: status.phase,
        until: status.until,
        revoked: None,
    };
    tenant.grants(at).map(state).collect()
}

/// Returns the state of each grant of a deal that lists revoke from an instant on.
pub(crate) fn states_until(deal: &Deal, revoked: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Vec<GrantState> {
    let mut states = states(deal, at);
    let Some(from) = revoked else { return states };
    // What had ended by then stays ended (X5).
    let ended = self::states(deal, from);
    for (state, then) in states.iter_mut().zip(ended).filter(|(_, then)| then.phase != Phase::Ended) {
        *state = if from <= at {
            GrantState { phase: Phase::Revoked, until: End::Never, revoked: Some(from), ..then }
        } else {
            GrantState { until: state.until.min(End::At(from)), revoked: Some(from), ..state.clone() }
        };
    }
    states
}

/// Returns a tenant with the deal and nothing else.
fn installed(deal: &Deal) -> Option<Tenant> {
    let mut deal = deal.clone();
    (deal.freshness, deal.anchor) = (Freshness::NotAsked, Anchor::Anywhere);
    let tenant: TenantId = match &deal.licensee {
        Licensee::Tenant(customer) => customer.id.clone(),
        Licensee::Anyone => "anyone".parse().ok()?,
    };
    let managed = Management::Managed(InstallPolicy::WithLicense);
    let mut offer = Offer::new(deal.publisher.clone(), deal.offer.clone(), managed);
    for grant in &deal.grants {
        if offer.plans.iter().all(|plan| plan.id != grant.plan) {
            let name: Label = "plan".parse().ok()?;
            offer.plans.push(Plan::new(grant.plan.clone(), Scope::User, name));
        }
    }
    if offer.plans.is_empty() {
        return None;
    }
    let catalog = Catalog::new(offer).ok()?;
    // The key is trusted nowhere else, and the token is dropped.
    let key = SecretKey::from_seed(&Zeroizing::new([0; 32]));
    let permissions = KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone);
    let ring = KeyRing::new().trust(key.public(), permissions).ok()?;
    let mut installed = Tenant::new(&catalog, &ring, &Beginning::new(tenant, RecordId::from_random([0; 16])));
    let actor = Actor::new("publisher".parse().ok()?).with(Role::GlobalAdministrator).with(Role::Host);
    let commands = [Command::install_any(key.seal(&deal).ok()?)];
    let entry = installed.decide(&actor, &commands, RequestId::from_random([0; 16]), deal.issued).ok()?;
    installed.apply(&entry).ok()?;
    Some(installed)
}

impl GrantState {
    /// Returns the state of a grant in a record at an instant, where a list of the record revokes its
    /// license from an instant on, at which the grant is in the phase `then`.
    pub(crate) fn of(
        status: &entitle::query::GrantStatus<'_>,
        revoked: Option<(DateTime<Utc>, Phase)>,
        at: DateTime<Utc>,
    ) -> Self {
        let is_revoked = status.phase == Phase::Revoked;
        // What has ended by then is not revoked (X5).
        let is_ended = |then: Phase| [status.phase, then].contains(&Phase::Ended);
        let revoked = revoked.filter(|(from, then)| is_revoked || (*from > at && !is_ended(*then)));
        let revoked = revoked.map(|(from, _)| from);
        let ends = revoked.filter(|_| !is_revoked).map_or(End::Never, End::At);
        Self { grant: status.grant.clone(), phase: status.phase, until: status.until.min(ends), revoked }
    }

    /// Returns when the grant ends, or a trial can no longer be started: by its terms, an early end or the
    /// list that revokes it.
    pub(crate) fn end(&self) -> End {
        self.revoked.map_or(End::Never, End::At).min(end_of(&self.grant))
    }

    /// Returns whether it is paid, not a trial.
    pub(crate) fn is_paid(&self) -> bool {
        matches!(self.grant.kind, GrantKind::Paid(_))
    }

    /// Returns whether a list revokes it later.
    pub(crate) fn is_revoked_later(&self) -> bool {
        self.revoked.is_some() && self.phase != Phase::Revoked
    }

    /// Returns the state in words: `active until 2027-03-01`, `expired on 2027-03-01, …`. Of a grant that a
    /// list revokes later it says when.
    pub(crate) fn text(&self, at: DateTime<Utc>) -> String {
        let text = self.text_until(at);
        let names_until = match self.phase {
            Phase::Active | Phase::Grace | Phase::Suspended => true,
            // Before a trial can be started, its text names the window.
            Phase::NotStarted => !self.opens_after(at),
            _ => false,
        };
        match self.revoked.filter(|_| self.is_revoked_later()) {
            None => text,
            Some(from) if names_until && self.until == End::At(from) => format!("{text}, then revoked"),
            Some(from) => format!("{text}; revoked from {} on", day(from)),
        }
    }

    /// Returns whether a trial can be started.
    pub(crate) fn is_startable(&self, at: DateTime<Utc>) -> bool {
        self.phase == Phase::NotStarted && !self.opens_after(at)
    }

    /// Returns whether a trial can be started later only.
    fn opens_after(&self, at: DateTime<Utc>) -> bool {
        matches!(&self.grant.kind, GrantKind::Trial(trial) if at < trial.may_start.opens())
    }

    /// Returns the phase in words, and until when it is.
    fn text_until(&self, at: DateTime<Utc>) -> String {
        let until = day_or_never(self.until);
        match (self.phase, &self.grant.kind) {
            (Phase::Revoked, _) => match self.revoked {
                Some(from) => format!("revoked on {}", day(from)),
                None => "revoked".to_string(),
            },
            (Phase::NotFresh, _) => "waiting for a revocation list".to_string(),
            (Phase::Active, _) if self.until == End::Never => "active, without an end".to_string(),
            (Phase::Active, _) => format!("active until {until}"),
            (Phase::Pending, GrantKind::Paid(paid)) => format!("not yet: begins on {}", day(paid.term.starts())),
            (Phase::NotStarted, GrantKind::Trial(trial)) if at < trial.may_start.opens() => {
                let (opens, closes) = (day(trial.may_start.opens()), day(trial.may_start.closes()));
                format!("not yet: the trial can be started from {opens} until {closes}")
            }
            (Phase::NotStarted, _) => format!("trial, can be started until {until}"),
            (Phase::Pending, GrantKind::Trial(trial)) => format!("not yet: begins on {}", day(trial.may_start.opens())),
            (Phase::Grace, _) => format!("{}, in grace until {until}", self.over()),
            (Phase::Suspended, _) => format!("{}, suspended until {until}", self.over()),
            (Phase::ReleaseNotCovered, GrantKind::Paid(paid)) => match paid.fallback {
                Fallback::Before(before) => {
                    format!("{}; releases from before {} have no end", self.over(), day(before))
                }
                Fallback::None => self.over(),
            },
            (Phase::Ended, GrantKind::Trial(trial)) => self.trial_over(trial, at),
            _ => self.over(),
        }
    }

    /// Returns why and when the term of a grant is over.
    fn over(&self) -> String {
        let ends = match &self.grant.kind {
            GrantKind::Paid(paid) => paid.term.ends(),
            GrantKind::Trial(trial) => last_end(trial),
        };
        match summary::early(&self.grant) {
            Termination::Cancelled(at) if End::At(at) < ends => format!("cancelled for {}", day(at)),
            Termination::Withdrawn(at) if End::At(at) < ends => format!("withdrawn from {} on", day(at)),
            _ => match ends {
                End::At(ends) => format!("expired on {}", day(ends)),
                End::Never => "ended".to_string(),
            },
        }
    }

    /// Returns that a trial cannot be started, and until when it runs where it was.
    fn trial_over(&self, trial: &TrialTerms, at: DateTime<Utc>) -> String {
        let last = last_end(trial);
        if summary::early(&self.grant) != Termination::Never {
            return self.over();
        }
        let ends = if last <= End::At(at) { "ended" } else { "ends" };
        let (closes, last) = (day(trial.may_start.closes()), day_or_never(last));
        format!("expired on {closes} where it was not started; started, it {ends} by {last}")
    }

    pub(crate) fn json(&self, at: DateTime<Utc>) -> Value {
        json!({ "plan": self.grant.plan, "units": self.grant.units, "phase": self.phase, "until": self.until, "revoked_from": self.revoked.map(Instant), "text": self.text(at) })
    }
}

/// Returns when the term of a grant ends, or a trial can no longer be started; early ends considered.
pub(crate) fn end_of(grant: &Grant) -> End {
    let ends = match &grant.kind {
        GrantKind::Paid(paid) => paid.term.ends(),
        GrantKind::Trial(trial) => End::At(trial.may_start.closes()),
    };
    match summary::early(grant) {
        Termination::Never => ends,
        Termination::Cancelled(at) | Termination::Withdrawn(at) => ends.min(End::At(at)),
    }
}

/// Returns when a trial ends that is started on the last day and extended as often as it may be.
fn last_end(trial: &TrialTerms) -> End {
    let length = i64::from(trial.length.in_days().get());
    let more = match trial.extensions {
        Extensions::None => 0,
        Extensions::UpTo(extension) => {
            i64::from(extension.times.get()).saturating_mul(extension.length.in_days().get().into())
        }
    };
    let days = length.saturating_add(more).saturating_add(trial.grace.get().into());
    let end = TimeDelta::try_days(days).and_then(|days| trial.may_start.closes().checked_add_signed(days));
    end.map_or(End::Never, End::At)
}
