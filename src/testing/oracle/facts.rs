//! The facts of a record, command by command: documents in force, trials, assignments and claims.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::clock::{Clock, Moment};
use crate::catalog::Catalog;
use crate::catalog::offer::{Offer, Plan};
use crate::id::user::UserId;
use crate::id::{AppId, GroupId, LicenseId, PlanId, TenantId, TicketId};
use crate::key::KeyId;
use crate::license::checkpoint::{Anchor, Checkpoint};
use crate::license::grant::MAX_EXTENSIONS;
use crate::tenant::command::{Assignee, ClaimOnFirstUse, ClaimPolicy, Command, Event, TrialName};
use crate::tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
use crate::time::EARLIEST;
use crate::token::Token;
use crate::token::certificate::KeyCertificate;
use crate::token::certificate_draft::CertifiedPurpose;
use crate::token::license::License;
use crate::token::list::RevocationList;
use crate::token::ring::KeyRing;

/// The facts of a record under the rules, independent of the reading.
#[derive(Debug, Clone)]
pub struct Facts {
    pub(super) catalog: Catalog,
    pub(super) ring: KeyRing,
    pub(super) tenant: TenantId,
    /// The checkpoints that the record is proved to contain (X7).
    pub(super) contained: BTreeSet<Checkpoint>,
    floor: DateTime<Utc>,
    pub(super) clock: Clock,
    /// The used time tickets (X6).
    pub(super) used: BTreeSet<TicketId>,
    pub(super) in_force: BTreeMap<LicenseId, License>,
    /// The certificates of the whole record, wherever they stand (X10).
    pub(super) certificates: Vec<KeyCertificate>,
    /// The list of each key of the ring that counts in the end.
    pub(super) ring_lists: BTreeMap<KeyId, RevocationList>,
    /// The certificates that the commands so far installed.
    certified: Vec<KeyCertificate>,
    /// Of each license under a certified key, the issuers of the certificates that admit it.
    pub(super) issuers: BTreeMap<LicenseId, Vec<KeyId>>,
    /// The revocation list of each key that counts (X5).
    pub(super) lists: BTreeMap<KeyId, RevocationList>,
    /// When each license was installed.
    pub(super) installed: BTreeMap<LicenseId, Moment>,
    pub(super) lists_installed: BTreeMap<KeyId, Moment>,
    pub(super) starts: BTreeMap<TrialName, Moment>,
    pub(super) extensions: BTreeMap<TrialName, Vec<Moment>>,
    /// Assignments to users and to groups, each with its deny list.
    assigned: BTreeMap<(Assignee, PlanId), Vec<AppId>>,
    members: BTreeSet<(GroupId, UserId)>,
    /// The claims, each with the event that made it, which determines the place in the queue
    /// together with the user (S10).
    claims: BTreeMap<(UserId, PlanId), u64>,
    /// The plans of which users may claim seats by themselves (S18).
    claimable: BTreeSet<PlanId>,
    /// The users removed in the current event.
    removed: BTreeSet<UserId>,
}

impl Facts {
    /// Returns the facts of the empty record of a tenant.
    #[must_use]
    pub fn none(catalog: &Catalog, ring: &KeyRing, tenant: TenantId) -> Self {
        Self {
            catalog: catalog.clone(),
            ring: ring.clone(),
            tenant,
            contained: BTreeSet::new(),
            floor: EARLIEST,
            clock: Clock::default(),
            used: BTreeSet::new(),
            in_force: BTreeMap::new(),
            certificates: Vec::new(),
            ring_lists: BTreeMap::new(),
            certified: Vec::new(),
            issuers: BTreeMap::new(),
            lists: BTreeMap::new(),
            installed: BTreeMap::new(),
            lists_installed: BTreeMap::new(),
            starts: BTreeMap::new(),
            extensions: BTreeMap::new(),
            assigned: BTreeMap::new(),
            members: BTreeSet::new(),
            claims: BTreeMap::new(),
            claimable: BTreeSet::new(),
            removed: BTreeSet::new(),
        }
    }

    /// Adds a checkpoint that the record is proved to contain, for the commands that follow.
    #[must_use]
    pub fn anchored(mut self, checkpoint: &Checkpoint) -> Self {
        self.contained.insert(checkpoint.clone());
        self
    }

    /// Adds what a command installs that decides on other documents wherever in the record it stands:
    /// certificates, and lists of keys of the ring (X10).
    #[must_use]
    pub fn knowing(mut self, command: &Command) -> Self {
        match command {
            Command::InstallCertificate(token) => self.certificates.extend(self.certificate(token)),
            Command::InstallRevocationList(token) => {
                if let Ok(list) = self.ring.verify_list(token) {
                    let there = self.ring_lists.get(&list.key()).map(|there| there.revocations().sequence);
                    let is_newer = there.is_none_or(|there| there < list.revocations().sequence);
                    if is_newer && self.is_of_publisher(&list) {
                        self.ring_lists.insert(list.key(), list);
                    }
                }
            }
            _ => {}
        }
        self
    }

    /// Returns whether a certificate for lists or tickets counts (X10).
    #[must_use]
    pub fn certifies_more_than_licenses(&self) -> bool {
        let more = |purpose: &CertifiedPurpose| {
            !matches!(purpose, CertifiedPurpose::Licenses | CertifiedPurpose::LicensesForAnyone)
        };
        self.certificates.iter().any(|certificate| certificate.certified().purposes.iter().any(more))
    }

    /// Returns whether the record has time tickets, in force or not (X6).
    #[must_use]
    pub fn has_tickets(&self) -> bool {
        self.clock.has_tickets()
    }

    /// Returns whether a token is a certificate that counts if it is installed now (X10).
    #[must_use]
    pub fn takes_certificate(&self, token: &Token) -> bool {
        self.certificate(token).is_some_and(|certificate| !self.certified.contains(&certificate))
    }

    /// Returns the offer.
    #[must_use]
    pub fn offer(&self) -> &Offer {
        self.catalog.offer()
    }

    /// Returns the latest instant of which there is evidence (X6).
    #[must_use]
    pub fn floor(&self) -> DateTime<Utc> {
        self.floor
    }

    /// Reads one more event.
    pub fn event(&mut self, event: &Event) {
        self.begin(event.at);
        for command in &event.commands {
            self.perform(&event.actor.user, command);
        }
        self.finish(event.number);
    }

    /// Begins an event.
    pub fn begin(&mut self, at: DateTime<Utc>) {
        self.clock.event(at);
        self.floor = self.clock.at(self.clock.now());
    }

    /// Applies a command of the current event as far as it counts, for any actor.
    pub fn perform(&mut self, actor: &UserId, command: &Command) {
        match command {
            Command::Install(token) => {
                if let Some((license, issuers)) = self.license(token) {
                    if self.is_new(&license) {
                        self.issuers.insert(license.deal().id, issuers);
                        self.clock.issued(license.deal().issued);
                        self.installed.insert(license.deal().id, self.clock.now());
                        self.in_force.insert(license.deal().id, license);
                    }
                }
            }
            Command::InstallRevocationList(token) => {
                if let Some(list) = self.revocation_list(token) {
                    if self.is_new_list(&list) {
                        self.clock.issued(list.revocations().issued);
                        self.lists_installed.insert(list.key(), self.clock.now());
                        self.lists.insert(list.key(), list);
                    }
                }
            }
            Command::CorrectTime(token) if self.takes_ticket(token) => {
                if let Some(ticket) = self.time_ticket(token) {
                    let draft = ticket.correction();
                    self.used.insert(draft.id);
                    let anchored = match &draft.anchor {
                        Anchor::Record(checkpoint) => Some(checkpoint.position()),
                        Anchor::Anywhere => None,
                    };
                    self.clock.correct(draft.issued, anchored);
                }
            }
            Command::SignUp(name) => {
                self.starts.entry(name.clone()).or_insert(self.clock.now());
                self.claim(actor, &name.plan);
            }
            Command::ClaimSeat(plan) => self.claim(actor, plan),
            Command::StartTrial(name) => {
                self.starts.entry(name.clone()).or_insert(self.clock.now());
            }
            // A trial that is not started is not active, whatever its start will count as (T4).
            Command::ExtendTrial(name) if !self.starts.contains_key(name) => {}
            Command::ExtendTrial(name) => {
                let extensions = self.extensions.entry(name.clone()).or_default();
                extensions.push(self.clock.now());
                extensions.truncate(MAX_EXTENSIONS);
            }
            Command::Assign(to) if !self.may_have(&to.to, &to.plan) => {}
            Command::Assign(to) => {
                self.assigned.insert((to.to.clone(), to.plan.clone()), to.except.clone());
            }
            Command::Unassign(from) => {
                self.assigned.remove(&(from.from.clone(), from.plan.clone()));
            }
            // A user in the largest number of groups joins no more (X8).
            Command::Join(who) if self.groups_of(&who.user).len() >= MAX_GROUPS => {}
            Command::Join(who) => {
                self.members.insert((who.group.clone(), who.user.clone()));
            }
            Command::Leave(who) => {
                self.members.remove(&(who.group.clone(), who.user.clone()));
            }
            Command::RemoveUser(user) => {
                self.assigned.retain(|(to, _), _| *to != Assignee::User(user.clone()));
                self.members.retain(|(_, member)| member != user);
                self.removed.insert(user.clone());
            }
            Command::RemoveGroup(group) => {
                self.assigned.retain(|(to, _), _| *to != Assignee::Group(group.clone()));
                self.members.retain(|(other, _)| other != group);
            }
            Command::CorrectTime(_) => self.clock.idle_ticket(),
            Command::InstallCertificate(token) => {
                if let Some(certificate) = self.certificate(token).filter(|it| !self.certified.contains(it)) {
                    self.clock.issued(certificate.certified().issued);
                    self.certified.push(certificate);
                }
            }
            // These do not affect a check.
            Command::RecordTime | Command::SetSignUps(_) | Command::Consume(_) => {}
            Command::SetClaimOnFirstUse(ClaimOnFirstUse { plan, policy }) => match policy {
                ClaimPolicy::Allowed => {
                    self.claimable.insert(plan.clone());
                }
                ClaimPolicy::Off => {
                    self.claimable.remove(plan);
                }
            },
        }
        self.floor = self.clock.at(self.clock.now());
    }

    /// Returns whether users may claim seats of a plan by themselves (S18).
    #[must_use]
    pub fn is_claimable(&self, plan: &PlanId) -> bool {
        self.claimable.contains(plan)
    }

    /// Assigns a plan to a user who gives the command; a deny list that they have stays.
    fn claim(&mut self, actor: &UserId, plan: &PlanId) {
        let actor = Assignee::User(actor.clone());
        if self.may_have(&actor, plan) {
            self.assigned.entry((actor, plan.clone())).or_default();
        }
    }

    /// Returns whether a plan is assigned, or one more can be (X8).
    #[must_use]
    pub fn may_have(&self, to: &Assignee, plan: &PlanId) -> bool {
        self.has(to, plan) || self.assigned.keys().filter(|(other, _)| other == to).count() < MAX_ASSIGNED
    }

    /// Ends an event: a claim with a source before and after keeps its place unless its user is
    /// removed in between (S6); other claims go to the end of the queue.
    pub fn finish(&mut self, number: u64) {
        let before = core::mem::take(&mut self.claims);
        let removed = core::mem::take(&mut self.removed);
        let users = self.assigned.keys().filter_map(|(to, _)| match to {
            Assignee::User(user) => Some(user),
            Assignee::Group(_) => None,
        });
        let users: BTreeSet<UserId> = users.chain(self.members.iter().map(|(_, member)| member)).cloned().collect();
        let plans: BTreeSet<PlanId> = self.assigned.keys().map(|(_, plan)| plan.clone()).collect();
        let all = users.iter().flat_map(|user| plans.iter().map(move |plan| (user.clone(), plan.clone())));
        let claims = all.filter(|(user, plan)| !self.sources(user, plan).is_empty()).map(|claim| {
            let kept = before.get(&claim).filter(|_| !removed.contains(&claim.0));
            (claim, kept.copied().unwrap_or(number))
        });
        self.claims = claims.collect();
        self.clock.finish();
    }

    /// Returns the sources of a user's claim.
    #[must_use]
    pub fn sources(&self, user: &UserId, plan: &PlanId) -> Vec<Assignee> {
        let groups = self.groups_of(user).into_iter().map(Assignee::Group);
        let all = core::iter::once(Assignee::User(user.clone())).chain(groups);
        all.filter(|source| self.has(source, plan)).collect()
    }

    /// Returns whether an app is off, which needs every source to deny it (S3).
    #[must_use]
    pub fn is_off(&self, user: &UserId, plan: &PlanId, app: &AppId) -> bool {
        self.sources(user, plan).into_iter().all(|source| self.assigned[&(source, plan.clone())].contains(app))
    }

    /// Returns whether a plan is assigned to a user or a group.
    #[must_use]
    pub fn has(&self, assignee: &Assignee, plan: &PlanId) -> bool {
        self.assigned.contains_key(&(assignee.clone(), plan.clone()))
    }

    /// Returns every assignment.
    pub fn assigned(&self) -> impl Iterator<Item = &(Assignee, PlanId)> {
        self.assigned.keys()
    }

    /// Returns every membership.
    pub fn members(&self) -> impl Iterator<Item = &(GroupId, UserId)> {
        self.members.iter()
    }

    /// Returns the groups that a user is a member of.
    #[must_use]
    pub fn groups_of(&self, user: &UserId) -> Vec<GroupId> {
        self.members.iter().filter(|(_, member)| member == user).map(|(group, _)| group.clone()).collect()
    }

    /// Returns the users and plans of all claims.
    pub fn claims(&self) -> impl Iterator<Item = &(UserId, PlanId)> {
        self.claims.keys()
    }

    /// Returns the event that made a claim.
    #[must_use]
    pub fn claimed(&self, user: &UserId, plan: &PlanId) -> Option<u64> {
        self.claims.get(&(user.clone(), plan.clone())).copied()
    }

    /// Returns the users who claim a plan, in queue order (S10).
    #[must_use]
    pub fn queue(&self, plan: &PlanId) -> Vec<UserId> {
        let claims = self.claims.iter().filter(|((_, claimed), _)| claimed == plan);
        let mut queue: Vec<_> = claims.map(|((user, _), event)| (*event, user.clone())).collect();
        queue.sort();
        queue.into_iter().map(|(_, user)| user).collect()
    }

    /// Returns a plan of the catalog.
    #[must_use]
    pub fn plan(&self, id: &PlanId) -> Option<&Plan> {
        self.offer().plans.iter().find(|plan| plan.id == *id)
    }
}
