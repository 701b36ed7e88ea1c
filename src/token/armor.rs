//! Armor: a token as wrapped text for files and e-mail, in PEM (RFC 7468).

use alloc::string::{String, ToString};

use pem::{EncodeConfig, LineEnding, Pem};
use thiserror::Error;

use crate::message::{Value, messages};
use crate::token::{MAX_TOKEN_BYTES, ParseTokenError, Token};

/// The longest text in which an armored token is searched, in bytes: the longest token in armor,
/// with a letter around it (X8).
pub const MAX_ARMOR_BYTES: usize = 2 * MAX_TOKEN_BYTES;

const LABEL: &str = "ENTITLE TOKEN";
const BEGIN: &str = "-----BEGIN ENTITLE TOKEN-----";

/// Why a text contains no armored token.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ArmorError {
    /// The text is longer than [`MAX_ARMOR_BYTES`].
    TooLong {
        /// The length of the text in bytes.
        bytes: usize,
    },
    /// The text has no line `-----BEGIN ENTITLE TOKEN-----`.
    NotArmored,
    /// The text after that line is not armor, for example because its end is cut.
    Damaged {
        /// The parser's message.
        detail: String,
    },
    /// The armor contains something else than a token.
    Token(#[from] ParseTokenError),
}

messages! {
    ArmorError;
    Self::TooLong { bytes } => "armor.too-long",
        "a text with an armored token has at most {max} bytes, this one has {bytes}", max = MAX_ARMOR_BYTES, bytes;
    Self::NotArmored => "armor.not-armored", "this text has no line `{line}`", line = Value::Literal(BEGIN.into());
    Self::Damaged { .. } => "armor.damaged", "the armor is damaged: it was cut or changed, so copy the whole text again";
    Self::Token(error) => (error.code()) "armor.token", "in the armor: {error}", error;
}

impl Token {
    /// Returns the token in lines of 64 characters between `-----BEGIN ENTITLE TOKEN-----` and
    /// `-----END ENTITLE TOKEN-----`.
    #[must_use]
    pub fn to_armor(&self) -> String {
        pem::encode_config(&Pem::new(LABEL, self.to_string()), EncodeConfig::new().set_line_ending(LineEnding::LF))
    }

    /// Returns the first armored token in a text, with any text around it, any line endings and any
    /// wrapping.
    ///
    /// The token is not verified.
    ///
    /// # Errors
    ///
    /// [`ArmorError`] for a text over [`MAX_ARMOR_BYTES`], a text without armor, armor that was cut
    /// or edited, and armor around something else than a token.
    pub fn from_armor(text: &str) -> Result<Self, ArmorError> {
        let bytes = text.len();
        if bytes > MAX_ARMOR_BYTES {
            return Err(ArmorError::TooLong { bytes });
        }
        let damaged = |detail: String| ArmorError::Damaged { detail };
        let armor = text.find(BEGIN).and_then(|at| text.get(at..)).ok_or(ArmorError::NotArmored)?;
        let armor = pem::parse(armor).map_err(|error| damaged(error.to_string()))?;
        let token = String::from_utf8(armor.into_contents()).map_err(|error| damaged(error.to_string()))?;
        Ok(token.parse::<Self>()?)
    }
}
