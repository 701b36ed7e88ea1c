//! An entry of a record, in words.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::audit::command::describe_command;
use crate::audit::line::AuditLine;
use crate::audit::wording;
use crate::id::user::UserId;
use crate::id::{GroupId, PlanId, RequestId};
use crate::message::{Language, Message, Value};
use crate::tenant::Tenant;
use crate::tenant::entry::Entry;
use crate::tenant::role::Actor;
use crate::time::instant;

/// What an entry of a record did, in words. Its `Display` is English: the entry, a line for each
/// command, and its details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditEntry {
    /// The number of the entry.
    pub number: u64,
    /// When the commands were given.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// The request that the entry answers.
    pub request: RequestId,
    /// Who gave the commands, and in which roles.
    pub actor: Actor,
    /// The entry in a sentence: its number, its time and its actor.
    pub message: Message,
    /// What each command did, in the order of the commands.
    pub lines: Vec<AuditLine>,
}

impl Tenant {
    /// Returns what an entry did, in words: plans by the names of this tenant's catalog, documents
    /// as this tenant's key ring verifies them.
    ///
    /// Only the entry is described, not the state before or after it: a command that had no effect,
    /// as a forged record may hold, is described as any other. `O(n)` in the text of the entry,
    /// whose documents are verified.
    ///
    /// ```
    /// use entitle::chrono::{DateTime, Utc};
    /// use entitle::record::Beginning;
    /// use entitle::{Actor, Catalog, Command, KeyRing, RecordId, RequestId, Role, Tenant};
    ///
    /// fn main() -> Result<(), Box<dyn core::error::Error>> {
    ///     let catalog = Catalog::from_json(
    ///         r#"{ "publisher": "fabrikam", "offer": "studio", "management": "unmanaged",
    ///              "apps": [{ "id": "view", "access": "free" }], "plans": [] }"#,
    ///     )?;
    ///     let beginning = Beginning::new("contoso".parse()?, RecordId::from_random([5; 16]));
    ///     let tenant = Tenant::new(&catalog, &KeyRing::new(), &beginning);
    ///     let admin = Actor::new("ada".parse()?).with(Role::UserAdministrator);
    ///     let commands = [Command::join("bo".parse()?, "staff".parse()?)];
    ///     let now: DateTime<Utc> = "2026-03-01T08:00:00Z".parse()?;
    ///     let entry = tenant.decide(&admin, &commands, RequestId::from_random([6; 16]), now)?;
    ///
    ///     let audit = tenant.audit(&entry);
    ///     let english = "entry 1 of 2026-03-01T08:00:00Z, by `ada` (user administrator)\n  \
    ///                    added `bo` to the group `staff`";
    ///     assert_eq!(audit.to_string(), english);
    ///     assert!(audit.lines[0].is_about_user(&"bo".parse()?));
    ///     // In another language.
    ///     let german = audit.lines[0].message.in_words("{user} ist jetzt in der Gruppe {group}");
    ///     assert_eq!(german, "`bo` ist jetzt in der Gruppe `staff`");
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn audit(&self, entry: &Entry) -> AuditEntry {
        let event = entry.event();
        let (number, at, actor) = (event.number, event.at, event.actor.clone());
        let lines = event.commands.iter().map(|command| describe_command(self, &actor.user, command)).collect();
        AuditEntry { number, at, request: entry.request(), message: head(number, at, &actor), actor, lines }
    }
}

fn head(number: u64, at: DateTime<Utc>, actor: &Actor) -> Message {
    let message = if actor.roles.is_empty() {
        wording::ENTRY_WITHOUT_ROLE.message()
    } else {
        wording::ENTRY.message().with("roles", Value::all(&actor.roles))
    };
    message.with("number", Value::ordinal(number)).with("at", at).with("actor", &actor.user)
}

impl AuditEntry {
    /// Returns whether a line of the entry is about a user.
    #[must_use]
    pub fn is_about_user(&self, user: &UserId) -> bool {
        self.lines.iter().any(|line| line.is_about_user(user))
    }

    /// Returns whether a line of the entry is about a group.
    #[must_use]
    pub fn is_about_group(&self, group: &GroupId) -> bool {
        self.lines.iter().any(|line| line.is_about_group(group))
    }

    /// Returns whether a line of the entry is about a plan.
    #[must_use]
    pub fn is_about_plan(&self, plan: &PlanId) -> bool {
        self.lines.iter().any(|line| line.is_about_plan(plan))
    }
}

impl AuditEntry {
    /// Returns the entry in a language, with its lines and their details below it. `O(n)` in its
    /// length.
    #[must_use]
    pub fn in_language(&self, language: &Language<'_>) -> String {
        let lines =
            self.lines.iter().map(|line| alloc::format!("\n{}", line.in_language(language)).replace('\n', "\n  "));
        core::iter::once(self.message.in_language(language)).chain(lines).collect()
    }
}

impl fmt::Display for AuditEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(&Language::ENGLISH))
    }
}
