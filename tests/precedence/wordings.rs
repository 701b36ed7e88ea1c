//! The public list of wordings, and what of it a message shows.

use std::collections::BTreeMap;

use entitle::language::{Message, Value, wordings};

/// The codes of a message and of the messages within it, each of which has to be as in the list.
pub(crate) fn wordings_in(message: &Message) -> Vec<&'static str> {
    let wording = message.wording();
    assert!(wordings().any(|listed| listed == wording), "not in the list: {wording:?}");
    let missing: Vec<_> = wording.placeholders().filter(|name| message.value(name).is_none()).collect();
    assert!(missing.is_empty(), "{wording:?} without {missing:?}");
    let within = message.values().flat_map(|(_, value)| within(value));
    core::iter::once(wording.code()).chain(within).collect()
}

fn within(value: &Value) -> Vec<&'static str> {
    match value {
        Value::Message(message) => wordings_in(message),
        Value::All(values) | Value::AnyOf(values) | Value::Lines(values) => values.iter().flat_map(within).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn k11_every_wording_has_a_code_of_its_own() {
    let mut found = BTreeMap::new();
    for wording in wordings() {
        assert_eq!(found.insert(wording.code(), wording), None, "{wording:?}");
    }
    assert!(found.len() > 300, "{}", found.len());
}
