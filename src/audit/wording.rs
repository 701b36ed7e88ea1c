//! The codes of the audit's messages, each with its one English wording.

use crate::message::wordings;

// A plan's `{name}` is its display name and its id, or the id alone where the catalog does not have
// the plan; `plan` is a value beside it: the id.
wordings! {
    ENTRY = "audit.entry",
        "entry {number} of {at}, by {actor} ({roles})";
    ENTRY_WITHOUT_ROLE = "audit.entry-without-role",
        "entry {number} of {at}, by {actor}, who has no role";

    LICENSE = "audit.license",
        "installed revision {revision} of license {license}, issued {issued}";
    LIST = "audit.revocation-list",
        "installed revocation list {sequence} of {publisher}, issued {issued}, entries: {entries}";
    TICKET = "audit.time-ticket",
        "installed time ticket {ticket}, issued {issued}";
    CERTIFICATE = "audit.certificate",
        "installed the certificate of the key {key}, issued {issued}";
    CERTIFIED = "audit.certified",
        "for {purposes}, dated from {opens} until {closes}";
    CONSTRAINT = "audit.constraint",
        "only {limit}";
    UNVERIFIED = "audit.unverified",
        "installed a document that does not verify ({kind}): {issue}";
    GIVES_NOTHING = "audit.gives-nothing",
        "gives nothing here: {issue}";

    CUSTOMER = "audit.customer",
        "for {customer} ({tenant}), {country}";
    ANYONE = "audit.anyone",
        "for anyone";
    REFERENCE = "audit.reference",
        "reference of the publisher: {reference}";
    NO_GRANTS = "audit.no-grants",
        "grants nothing";
    PAID = "audit.paid",
        "{name}: paid, units: {units}, from {starts} until {ends}";
    PERPETUAL = "audit.perpetual",
        "{name}: paid, units: {units}, from {starts}, perpetual";
    TRIAL = "audit.trial",
        "{name}: trial of {length}, units: {units}, can be started from {opens} until {closes}";
    EXTENSIONS = "audit.extensions",
        "extensions of the trial: {times}, of {length} each";
    NO_EXTENSIONS = "audit.no-extensions",
        "extensions of the trial: none";
    FALLBACK = "audit.fallback",
        "without an end in releases from before {fallback}";
    GRACE = "audit.grace",
        "grace after the end: {grace}";
    SUSPENSION = "audit.suspension",
        "suspended after grace: {suspended}";
    AMOUNT = "audit.amount",
        "amount of the quota {quota}: {limit}";
    CANCELLED = "audit.cancelled",
        "cancelled from {at} on";
    WITHDRAWN = "audit.withdrawn",
        "withdrawn from {at} on";
    TOLERANCE = "audit.tolerance",
        "seats tolerated: {units}, until {until}";
    FRESHNESS = "audit.freshness",
        "asks for a recent revocation list: warns after {warn_after}, gives nothing after {deny_after}";
    ANCHOR = "audit.anchor",
        "counts only on a record that contains the checkpoint `{checkpoint}`";
    NO_ANCHOR = "audit.no-anchor",
        "counts without an anchor";

    ASSIGNED = "audit.assigned",
        "assigned {name} to {user}";
    ASSIGNED_EXCEPT = "audit.assigned-except",
        "assigned {name} to {user} without {except}";
    GROUP_ASSIGNED = "audit.group-assigned",
        "assigned {name} to the group {group}";
    GROUP_ASSIGNED_EXCEPT = "audit.group-assigned-except",
        "assigned {name} to the group {group} without {except}";
    UNASSIGNED = "audit.unassigned",
        "unassigned {name} from {user}";
    GROUP_UNASSIGNED = "audit.group-unassigned",
        "unassigned {name} from the group {group}";
    JOINED = "audit.joined",
        "added {user} to the group {group}";
    LEFT = "audit.left",
        "removed {user} from the group {group}";
    USER_REMOVED = "audit.user-removed",
        "removed the user {user} from all plans and groups";
    GROUP_REMOVED = "audit.group-removed",
        "removed the group {group}";

    TRIAL_STARTED = "audit.trial-started",
        "started the trial of {name} in license {license}";
    TRIAL_EXTENDED = "audit.trial-extended",
        "extended the trial of {name} in license {license}";
    SIGNED_UP = "audit.signed-up",
        "{user} signed up for the trial of {name} in license {license}";
    SIGN_UPS_ALLOWED = "audit.sign-ups-allowed",
        "allowed users to sign up for trials by themselves";
    SIGN_UPS_OFF = "audit.sign-ups-off",
        "no longer allowed users to sign up for trials by themselves";

    SEAT_CLAIMED = "audit.seat-claimed",
        "{user} claimed a free seat of {name}";
    CLAIMS_ALLOWED = "audit.claims-allowed",
        "allowed users to claim free seats of {name} by themselves";
    CLAIMS_OFF = "audit.claims-off",
        "no longer allowed users to claim free seats of {name} by themselves";

    CONSUMED = "audit.consumed",
        "consumed {amount} of {name}, consumer {consumer}, month {month}, id {id}";
    TIME_RECORDED = "audit.time-recorded",
        "recorded the time";

    DOCUMENT_MISSING = "audit.document-missing",
        "a document is no longer in the record ({kind})";
    TRIAL_NOT_STARTED = "audit.trial-not-started",
        "the trial of {name} in license {license} is no longer started";
    TRIAL_EXTENSIONS = "audit.trial-extensions",
        "extensions of the trial of {name} in license {license}: {after}, before: {before}";
    CONSUMPTION_ADDED = "audit.consumption-added",
        "consumed {amount} of {name}, consumer {consumer}, month {month}";
    CONSUMPTION_MISSING = "audit.consumption-missing",
        "consumption of {name} is {amount} less, consumer {consumer}, month {month}";
}
