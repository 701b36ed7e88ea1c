//! Answers how a decision, or a total over a quota, reads for a user, an administrator or a support desk.
//! It takes an allow, a denial or a total and an audience, and returns lines of messages with codes and
//! values.
//! It must not know how access is decided: it asks the explanations and remedies.

pub(crate) mod checks;
pub(crate) mod detail;
mod missing_list;
mod names;
pub(crate) mod plan_link;

mod taken_back;
pub(crate) mod upcoming;
mod used_trial;
mod warnings;

pub(crate) mod reasons;
pub(crate) mod vendor;

#[cfg(feature = "answers")]
pub(crate) mod losses;
#[cfg(feature = "answers")]
pub(crate) mod own_steps;
#[cfg(feature = "answers")]
pub(crate) mod purchases;

#[cfg(feature = "answers")]
pub(crate) mod remedies;

pub(crate) mod allowed;
pub(crate) mod denied_user;

pub(crate) mod denied;
pub(crate) mod over;

/// The audience of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Audience {
    /// The user who wants to open the app: what they can do alone, and whom to ask.
    User,
    /// A user who is the whole tenant: one person who uses and buys. The same as for a user, who asks
    /// the vendor instead of an administrator.
    Individual,
    /// The administrator who assigns and buys: the reasons, and what to change.
    Administrator,
    /// The support desk, which is at the publisher: everything, with codes, ids and dates, and what
    /// it can issue.
    SupportDesk,
}
