//! Tokens in texts: bare ones, and armored ones for files and e-mail, in PEM (RFC 7468).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use pem::{EncodeConfig, LineEnding, Pem};
use thiserror::Error;

use crate::message::{Value, messages};
use crate::token::{HEADER, MAX_TOKEN_BYTES, ParseTokenError, Token};

/// The longest text in which tokens are searched, in bytes: the longest token in armor, with a
/// letter around it (X8).
pub const MAX_ARMOR_BYTES: usize = 2 * MAX_TOKEN_BYTES;

const LABEL: &str = "ENTITLE TOKEN";
const BEGIN: &str = "-----BEGIN ENTITLE TOKEN-----";
const END: &str = "-----END ENTITLE TOKEN-----";

/// Why the tokens of a text cannot be read. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ArmorError {
    /// The text is longer than [`MAX_ARMOR_BYTES`].
    TooLong {
        /// The length of the text in bytes.
        bytes: usize,
    },
    /// The text has no line `-----BEGIN ENTITLE TOKEN-----`, and no bare token where one may stand.
    NoToken,
    /// An armored token has no line `-----END ENTITLE TOKEN-----`.
    Cut {
        /// The line on which the token begins.
        line: usize,
    },
    /// The text between the two lines is not armor: it was changed.
    Damaged {
        /// The line on which the token begins.
        line: usize,
        /// The parser's message.
        detail: String,
    },
    /// There is something else than a token.
    Token {
        /// The line on which it begins.
        line: usize,
        /// What is wrong with it.
        error: ParseTokenError,
    },
}

messages! {
    ArmorError;
    Self::TooLong { bytes } => "armor.too-long",
        "a text with tokens has at most {max} bytes, this one has {bytes}", max = MAX_ARMOR_BYTES, bytes;
    Self::NoToken => "armor.no-token", "this text contains no token: it has no line `{begin}`",
        begin = Value::Literal(BEGIN.into());
    Self::Cut { line } => "armor.cut",
        "the token that begins on line {line} has no line `{end}`: copy the whole text again",
        line = Value::ordinal(line), end = Value::Literal(END.into());
    Self::Damaged { line, .. } => "armor.damaged",
        "the token that begins on line {line} was changed: copy the whole text again", line = Value::ordinal(line);
    Self::Token { line, error } => (error.code()) "armor.token", "line {line}: {error}", line = Value::ordinal(line), error;
}

impl Token {
    /// Returns the token in lines of 64 characters between `-----BEGIN ENTITLE TOKEN-----` and
    /// `-----END ENTITLE TOKEN-----`.
    #[must_use]
    pub fn to_armor(&self) -> String {
        pem::encode_config(&Pem::new(LABEL, self.to_string()), EncodeConfig::new().set_line_ending(LineEnding::LF))
    }

    /// Returns the first armored token in a text, with any text around it, any line endings and any
    /// wrapping; as [`Token::all_in`], it reads through quotation and empty lines. `O(n)`.
    ///
    /// The token is not verified.
    ///
    /// # Errors
    ///
    /// [`ArmorError`] for a text over [`MAX_ARMOR_BYTES`], a text without armor, armor that was cut
    /// or edited, and armor around something else than a token.
    pub fn from_armor(text: &str) -> Result<Self, ArmorError> {
        armored(text)?.next().unwrap_or(Err(ArmorError::NoToken))
    }

    /// Returns the tokens in a text, in order, at least one: the armored ones with any text around
    /// them, or without armor the bare ones, with white space between them. `O(n)`.
    ///
    /// Armor is found in quoted mail (`> `), with empty lines between its lines, and in text with a
    /// byte order mark. A bare token may be wrapped. The tokens are not verified.
    ///
    /// # Errors
    ///
    /// [`ArmorError`] for a text over [`MAX_ARMOR_BYTES`], a text without tokens, armor that was cut
    /// or edited, and what is not a token, each with its line. Then no token is returned.
    pub fn all_in(text: &str) -> Result<Vec<Self>, ArmorError> {
        let tokens = armored(text)?.collect::<Result<Vec<_>, _>>()?;
        if tokens.is_empty() { bare(text) } else { Ok(tokens) }
    }
}

/// Returns the lines of a text with their numbers, without what mail and editors add around them.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bare = text.lines().map(|line| line.trim_matches(is_added).trim_start_matches(|it| it == '>' || is_added(it)));
    bare.enumerate().map(|(index, line)| (index.saturating_add(1), line))
}

fn is_added(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

/// Returns the armored tokens of a text.
fn armored(text: &str) -> Result<impl Iterator<Item = Result<Token, ArmorError>>, ArmorError> {
    let bytes = text.len();
    if bytes > MAX_ARMOR_BYTES {
        return Err(ArmorError::TooLong { bytes });
    }
    let mut lines = lines(text);
    Ok(core::iter::from_fn(move || {
        let (line, _) = lines.by_ref().find(|(_, text)| text.contains(BEGIN))?;
        Some(block(line, &mut lines))
    }))
}

/// Returns the token of which the first line was read, and reads up to its last.
fn block<'a>(line: usize, lines: &mut impl Iterator<Item = (usize, &'a str)>) -> Result<Token, ArmorError> {
    let mut armor = alloc::format!("{BEGIN}\n");
    loop {
        match lines.next() {
            Some((_, text)) if text.contains(END) => break,
            // In PEM, an empty line would end headers, which this armor does not have.
            Some((_, "")) => {}
            Some((_, text)) if !text.contains(BEGIN) => {
                armor.push_str(text);
                armor.push('\n');
            }
            Some(_) | None => return Err(ArmorError::Cut { line }),
        }
    }
    armor.push_str(END);
    let damaged = |detail: String| ArmorError::Damaged { line, detail };
    let content = pem::parse(armor).map_err(|error| damaged(error.to_string()))?.into_contents();
    let token = String::from_utf8(content).map_err(|error| damaged(error.to_string()))?;
    token.parse().map_err(|error| ArmorError::Token { line, error })
}

/// Returns the bare tokens of a text without armor.
fn bare(text: &str) -> Result<Vec<Token>, ArmorError> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (line, text) in lines(text) {
        for word in text.split_whitespace() {
            match found.last_mut() {
                // What does not begin like a token goes on with the token that was wrapped.
                Some((_, token)) if !word.starts_with(HEADER) => token.push_str(word),
                None if !word.starts_with(HEADER) => return Err(ArmorError::NoToken),
                _ => found.push((line, word.to_string())),
            }
        }
    }
    if found.is_empty() {
        return Err(ArmorError::NoToken);
    }
    found.into_iter().map(|(line, token)| token.parse().map_err(|error| ArmorError::Token { line, error })).collect()
}
