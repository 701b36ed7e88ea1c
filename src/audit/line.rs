//! A command of an entry, in words.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use crate::id::user::UserId;
use crate::id::{GroupId, PlanId};
use crate::message::{Language, Message};

/// What a command did, in words, and what it names. Its `Display` is the English message, and its
/// details below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditLine {
    /// What the command did.
    pub message: Message,
    /// What the document says that the command installed; empty for other commands.
    ///
    /// A message about a grant comes before those about its trial, grace, end and tolerance.
    pub details: Vec<Message>,
    /// The user whom the command names; for a sign-up or a claim of a seat, its actor.
    pub user: Option<UserId>,
    /// The group that the command names.
    pub group: Option<GroupId>,
    /// The plan that the command names, or the plans that the installed license grants, sorted and
    /// each once.
    pub plans: Vec<PlanId>,
}

impl AuditLine {
    /// Returns a line that is about nobody and no plan.
    pub(super) fn new(message: Message) -> Self {
        Self { message, details: Vec::new(), user: None, group: None, plans: Vec::new() }
    }

    /// Returns the line, about a user.
    pub(super) fn about_user(mut self, user: &UserId) -> Self {
        self.user = Some(user.clone());
        self
    }

    /// Returns the line, about a group.
    pub(super) fn about_group(mut self, group: &GroupId) -> Self {
        self.group = Some(group.clone());
        self
    }

    /// Returns the line, about a plan.
    pub(super) fn about_plan(mut self, plan: &PlanId) -> Self {
        self.plans.push(plan.clone());
        self
    }

    /// Returns whether the command names a user, or is a sign-up of theirs or their claim of a seat.
    ///
    /// A command about a group is not about its members, and no command is about the administrator
    /// who gave it.
    #[must_use]
    pub fn is_about_user(&self, user: &UserId) -> bool {
        self.user.as_ref() == Some(user)
    }

    /// Returns whether the command names a group.
    #[must_use]
    pub fn is_about_group(&self, group: &GroupId) -> bool {
        self.group.as_ref() == Some(group)
    }

    /// Returns whether the command names a plan, or installed a license that grants it. `O(log n)`
    /// in the plans of the license.
    #[must_use]
    pub fn is_about_plan(&self, plan: &PlanId) -> bool {
        self.plans.binary_search(plan).is_ok()
    }
}

impl AuditLine {
    /// Returns the message in a language, and its details below it. `O(n)` in its length.
    #[must_use]
    pub fn in_language(&self, language: &Language<'_>) -> String {
        let details = self.details.iter().map(|detail| alloc::format!("\n  {}", detail.in_language(language)));
        core::iter::once(self.message.in_language(language)).chain(details).collect()
    }
}

impl fmt::Display for AuditLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(&Language::ENGLISH))
    }
}
