//! The codes of the audit's messages, each with its one English wording.

use crate::message::Message;

/// Defines a wording for each code, and the public list of all.
macro_rules! wordings {
    ($($name:ident => $code:literal, $english:literal;)+) => {
        /// What a message of the audit says.
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Wording {
            $($name,)+
        }

        impl Wording {
            /// Returns the message of this wording, without its values.
            pub(super) fn message(self) -> Message {
                match self {
                    $(Self::$name => Message::new($code, $english),)+
                }
            }
        }

        /// Every code of the audit with its English wording, so that a host can translate all of
        /// them.
        pub const MESSAGES: &[(&str, &str)] = &[$(($code, $english),)+];
    };
}

// A plan's `{name}` is its display name and its id, or the id alone where the catalog does not have
// the plan; `plan` is a value beside it: the id.
wordings! {
    Entry => "audit.entry",
        "entry {number} of {at}, by `{actor}` ({roles})";
    EntryWithoutRole => "audit.entry-without-role",
        "entry {number} of {at}, by `{actor}`, who has no role";

    License => "audit.license",
        "installed revision {revision} of license {license}, issued {issued}";
    List => "audit.revocation-list",
        "installed revocation list {sequence} of `{publisher}`, issued {issued}, entries: {entries}";
    Ticket => "audit.time-ticket",
        "installed time ticket {ticket}, issued {issued}";
    Unverified => "audit.unverified",
        "installed a {kind} that does not verify: {issue}";
    GivesNothing => "audit.gives-nothing",
        "gives nothing here: {issue}";

    Customer => "audit.customer",
        "for {customer} (`{tenant}`), {country}";
    Anyone => "audit.anyone",
        "for anyone";
    NoGrants => "audit.no-grants",
        "grants nothing";
    Paid => "audit.paid",
        "{name}: paid, units: {units}, from {starts} until {ends}";
    Perpetual => "audit.perpetual",
        "{name}: paid, units: {units}, from {starts}, perpetual";
    Trial => "audit.trial",
        "{name}: trial of {length}, units: {units}, can be started from {opens} until {closes}";
    Extensions => "audit.extensions",
        "extensions of the trial: {times}, of {length} each";
    NoExtensions => "audit.no-extensions",
        "extensions of the trial: none";
    Grace => "audit.grace",
        "grace after the end: {grace}";
    Suspension => "audit.suspension",
        "suspended after grace: {suspended}";
    Cancelled => "audit.cancelled",
        "cancelled from {at} on";
    Withdrawn => "audit.withdrawn",
        "withdrawn from {at} on";
    Tolerance => "audit.tolerance",
        "seats tolerated: {units}, until {until}";
    Freshness => "audit.freshness",
        "asks for a recent revocation list: warns after {warn_after}, gives nothing after {deny_after}";
    Anchor => "audit.anchor",
        "counts only on a record that contains the checkpoint `{checkpoint}`";
    NoAnchor => "audit.no-anchor",
        "counts without an anchor";

    Assigned => "audit.assigned",
        "assigned {name} to `{user}`";
    AssignedExcept => "audit.assigned-except",
        "assigned {name} to `{user}` without {except}";
    GroupAssigned => "audit.group-assigned",
        "assigned {name} to the group `{group}`";
    GroupAssignedExcept => "audit.group-assigned-except",
        "assigned {name} to the group `{group}` without {except}";
    Unassigned => "audit.unassigned",
        "unassigned {name} from `{user}`";
    GroupUnassigned => "audit.group-unassigned",
        "unassigned {name} from the group `{group}`";
    Joined => "audit.joined",
        "added `{user}` to the group `{group}`";
    Left => "audit.left",
        "removed `{user}` from the group `{group}`";
    UserRemoved => "audit.user-removed",
        "removed the user `{user}` from all plans and groups";
    GroupRemoved => "audit.group-removed",
        "removed the group `{group}`";

    TrialStarted => "audit.trial-started",
        "started the trial of {name} in license {license}";
    TrialExtended => "audit.trial-extended",
        "extended the trial of {name} in license {license}";
    SignedUp => "audit.signed-up",
        "`{user}` signed up for the trial of {name} in license {license}";
    SignUpsAllowed => "audit.sign-ups-allowed",
        "allowed users to sign up for trials by themselves";
    SignUpsOff => "audit.sign-ups-off",
        "no longer allowed users to sign up for trials by themselves";

    SeatClaimed => "audit.seat-claimed",
        "`{user}` claimed a free seat of {name}";
    ClaimsAllowed => "audit.claims-allowed",
        "allowed users to claim free seats of {name} by themselves";
    ClaimsOff => "audit.claims-off",
        "no longer allowed users to claim free seats of {name} by themselves";

    Consumed => "audit.consumed",
        "consumed {amount} of {name}, consumer `{consumer}`, month {month}, id `{id}`";
    TimeRecorded => "audit.time-recorded",
        "recorded the time";

    DocumentMissing => "audit.document-missing",
        "a {kind} is no longer in the record";
    TrialNotStarted => "audit.trial-not-started",
        "the trial of {name} in license {license} is no longer started";
    TrialExtensions => "audit.trial-extensions",
        "extensions of the trial of {name} in license {license}: {after}, before: {before}";
    ConsumptionAdded => "audit.consumption-added",
        "consumed {amount} of {name}, consumer `{consumer}`, month {month}";
    ConsumptionMissing => "audit.consumption-missing",
        "consumption of {name} is {amount} less, consumer `{consumer}`, month {month}";
}
