//! The kinds of the values of messages. Several kinds read alike in English, and another language writes each in its way.

use entitle::language::{Message, Value};

/// The names of values by kind.
const KINDS: [(&str, &str); 16] = [
    ("all", "except groups roles sources unknown"),
    ("any of", "any_of needed offers plans"),
    ("days", "age days deny deny_after grace length suspended warn warn_after"),
    ("detail", "detail"),
    ("hash", "checkpoint hash head key license previous proved record ticket wanted"),
    (
        "id",
        "actor app by consumer consumption excluded group offer our_offer our_publisher ours plan publisher quota \
         required tenant to user",
    ),
    (
        "instant",
        "asked at closes ended ends expires fallback floor from issued now opens release since stands_at started starts until",
    ),
    ("lines", "faults"),
    ("literal", "begin code country end expected url"),
    (
        "message",
        "affected basis change earlier error excluded_scope fault issue kind later part phase purpose reason required_scope role scope \
         users warning what when who why",
    ),
    ("millionths", "after amount before capacity consumed"),
    ("month", "month"),
    ("name", "customer name reference unit"),
    (
        "number",
        "bytes claimants commands entries former found grant limit losing max members millionths more most percent seated \
         seats taken times tolerated total units usable waiting",
    ),
    ("ordinal", "column command entry first in_force line number place position revision sequence"),
    ("quoted", "id other text"),
];

/// The names that mean something else in some messages: the code and the name, by kind.
const EXCEPTIONS: [(&str, &str); 13] = [
    ("ordinal", "entry.control-character.at statement.other-head.earlier statement.other-head.later"),
    ("all", "refusal.group-has-plans.plans key-constraint.units.plans audit.certified.purposes"),
    ("detail", "seal.unwritable.error snapshot.malformed.what"),
    (
        "hash",
        "statement.other-hash.earlier statement.other-hash.later compare.other-record.before compare.other-record.ours proof.other-head.ours proof.other-record.ours",
    ),
    (
        "id",
        "compare.other-tenant.before refusal.no-such-assignment.from refusal.no-such-assignment-group.from \
         remedy.unassign.from remedy.unassign-group.from admin.unassign-group.from audit.consumed.id",
    ),
    (
        "instant",
        "certificate.longer-window.before preview.other-reading.after key-constraint.issued-before.before preview.other-reading.before",
    ),
    ("literal", "key.not-base64.kind catalog.fault.place snapshot.other-format.wanted"),
    (
        "message",
        "preview.pool-change.after preview.pool-change.before token.other-kind.expected token.other-kind.found \
         ring.unenforceable-limit.limit token.beyond-limit.limit token.grant-beyond-limit.limit certificate.unenforceable.limit \
         certificate.wider-constraint.limit audit.constraint.limit audit.assigned.name audit.assigned-except.name \
         audit.claims-allowed.name audit.claims-off.name audit.consumed.name audit.consumption-added.name \
         audit.consumption-missing.name audit.group-assigned.name audit.group-assigned-except.name \
         audit.group-unassigned.name audit.paid.name audit.perpetual.name audit.seat-claimed.name audit.signed-up.name \
         audit.trial.name audit.trial-extended.name audit.trial-extensions.name audit.trial-not-started.name \
         audit.trial-started.name audit.unassigned.name",
    ),
    ("millionths", "refusal.no-capacity.limit refusal.no-capacity-before.limit"),
    ("month", "refusal.other-month.now"),
    ("name", "user.excluded.by"),
    (
        "number",
        "audit.trial-extensions.after text.control-character.at \
         text.turns-direction.at audit.trial-extensions.before key.not-base64.expected \
         reconcile.too-many-groups.groups quota.plan-gives.amount preview.quota-change.after preview.quota-change.before preview.users.users reconcile.loss-of-users.users reconcile.no-users.users",
    ),
    (
        "quoted",
        "catalog.unknown-app.app catalog.unknown-quota.quota entry.unknown-format.found statement.unknown-format.found snapshot.other-format.found \
         snapshot.other-tenant.found token.foreign-kind.found token.newer-format.found token.other-header.found",
    ),
];

/// Fails where a value is not of the kind that its name has in a message.
pub(crate) fn are_of_their_kinds(message: &Message) {
    for (name, value) in message.values() {
        let own = format!("{}.{name}", message.code());
        let kind = kind_in(&EXCEPTIONS, &own).or_else(|| kind_in(&KINDS, name));
        // An administrator reads the display name of a plan instead of its id.
        let is_named = ["remedy.", "reason.", "admin.", "individual."].iter().any(|part| own.starts_with(part))
            && ["plan", "by"].contains(&name)
            && kind_of(value) == "name";
        assert!(is_named || Some(kind_of(value)) == kind, "{own}: {value:?}, {kind:?}");
    }
}

fn kind_in(table: &[(&'static str, &str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(_, names)| names.split(' ').any(|each| each == name)).map(|(kind, _)| *kind)
}

/// The kind of a value. No end is an instant, and no limit a number.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Id(_) => "id",
        Value::Name(_) => "name",
        Value::Quoted(_) => "quoted",
        Value::Hash(_) => "hash",
        Value::Literal(_) => "literal",
        Value::Detail(_) => "detail",
        Value::Number(_) | Value::Unlimited => "number",
        Value::Ordinal(_) => "ordinal",
        Value::Millionths(_) => "millionths",
        Value::Days(_) => "days",
        Value::Instant(_) | Value::EndsAt(_) | Value::Never => "instant",
        Value::Month(_) => "month",
        Value::Message(_) => "message",
        Value::All(_) => "all",
        Value::AnyOf(_) => "any of",
        Value::Lines(_) => "lines",
        other => panic!("another kind: {other:?}"),
    }
}
