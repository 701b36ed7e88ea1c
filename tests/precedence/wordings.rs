//! The public list of wordings, and what of it a message shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use entitle::explain::Text;
use entitle::language::{Language, Message, Value, Wording, wordings};

use crate::{Row, values};

/// The codes of a message, of the messages within it and of the words for its values, each of which is in the list.
pub(crate) fn wordings_in(message: &Message) -> Vec<&'static str> {
    let wording = message.wording();
    assert!(wordings().any(|listed| listed == wording), "not in the list: {wording:?}");
    let missing: Vec<_> = wording.placeholders().filter(|name| message.value(name).is_none()).collect();
    assert!(missing.is_empty(), "{wording:?} without {missing:?}");
    values::are_of_their_kinds(message);
    let within = message.values().flat_map(|(_, value)| within(value));
    asked_for(|language| message.in_language(language)).into_iter().chain(within).collect()
}

fn within(value: &Value) -> Vec<&'static str> {
    match value {
        Value::Message(message) => wordings_in(message),
        Value::All(values) | Value::AnyOf(values) | Value::Lines(values) => values.iter().flat_map(within).collect(),
        _ => Vec::new(),
    }
}

/// The codes for which a language is asked in order to word something, each of which is in the list.
fn asked_for(word: impl FnOnce(&Language<'_>) -> String) -> Vec<&'static str> {
    let asked = Mutex::new(BTreeSet::new());
    word(&Language::new(&|code| {
        asked.lock().unwrap().insert(code.to_string());
        None
    }));
    let mut asked = asked.into_inner().unwrap();
    let listed = wordings().map(Wording::code).filter(|code| asked.remove(*code)).collect();
    assert!(asked.is_empty(), "not in the list: {asked:?}");
    listed
}

/// A row with a message, for what has a message and no code of its own.
pub(crate) fn message_row(code: &'static str, text: &str, message: &Message) -> Row {
    let actual = (message.code().to_string(), message.to_string());
    Row { code, text: text.to_string(), actual, wordings: wordings_in(message) }
}

/// A row with a message in other words, for values that the English wording does not show.
pub(crate) fn in_words_row(code: &'static str, words: &str, text: &str, message: &Message) -> Row {
    let actual = (message.code().to_string(), message.in_words(words));
    Row { code, text: text.to_string(), actual, wordings: Vec::new() }
}

/// A row with a whole text. Its code is that of the first message.
pub(crate) fn text_row(code: &'static str, lines: &[&str], text: &Text) -> Row {
    let messages = || text.lines().iter().flat_map(|line| &line.messages);
    let actual = (messages().next().unwrap().code().to_string(), text.to_string());
    let wordings = messages().flat_map(wordings_in).chain(asked_for(|language| text.in_language(language))).collect();
    Row { code, text: lines.join("\n"), actual, wordings }
}

#[test]
fn k11_every_wording_has_a_code_of_its_own() {
    let mut found = BTreeMap::new();
    for wording in wordings() {
        assert_eq!(found.insert(wording.code(), wording), None, "{wording:?}");
    }
    assert!(found.len() > 300, "{}", found.len());
}

/// Whether a word that takes the gender or the number of what follows stands before a placeholder.
fn has_article(wording: Wording) -> bool {
    let is_article = |word: &str| ["a", "an", "the", "this", "these", "every"].contains(&word.to_lowercase().as_str());
    let texts: Vec<&str> = wording.english().split('{').collect();
    let before = texts.iter().take(texts.len().saturating_sub(1)).filter(|text| text.ends_with(' '));
    before.filter_map(|text| text.split_whitespace().next_back()).any(is_article)
}

#[test]
fn k11_no_article_stands_before_a_placeholder() {
    assert!(has_article(Wording::new("x", "{a} is The {b}")) && !has_article(Wording::new("x", "it is {a} the")));
    let found: Vec<Wording> = wordings().filter(|wording| has_article(*wording)).collect();
    assert_eq!(found, []);
}
