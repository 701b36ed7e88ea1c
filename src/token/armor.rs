//! Armor: a token as wrapped text for files and e-mail, PEM (RFC 7468) around the token's own text.

use alloc::string::{String, ToString};

use pem::{EncodeConfig, LineEnding, Pem};
use thiserror::Error;

use crate::token::{MAX_TOKEN_BYTES, ParseTokenError, Token};

/// The longest text in which an armored token is looked for, in bytes: the longest token in armor, and a letter around it.
pub const MAX_ARMOR_BYTES: usize = 2 * MAX_TOKEN_BYTES;

const LABEL: &str = "ENTITLE TOKEN";
const BEGIN: &str = "-----BEGIN ENTITLE TOKEN-----";

/// Why no token comes out of a text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ArmorError {
    /// The text is longer than [`MAX_ARMOR_BYTES`].
    #[error("a text with an armored token has at most {MAX_ARMOR_BYTES} bytes, this one has {bytes}")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// The text has no line `-----BEGIN ENTITLE TOKEN-----`.
    #[error("no line `{BEGIN}` is in this text")]
    NotArmored,
    /// What follows that line is not armor: its end was cut off, say.
    #[error("the armor is damaged: {error}")]
    Damaged {
        /// What the parser said.
        error: String,
    },
    /// What is in the armor is not a token.
    #[error("in the armor: {0}")]
    Token(#[from] ParseTokenError),
}

impl ArmorError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "armor.too-long",
            Self::NotArmored => "armor.not-armored",
            Self::Damaged { .. } => "armor.damaged",
            Self::Token(error) => error.code(),
        }
    }
}

impl Token {
    /// The token in lines of 64 characters between `-----BEGIN ENTITLE TOKEN-----` and `-----END ENTITLE TOKEN-----`.
    #[must_use]
    pub fn to_armor(&self) -> String {
        pem::encode_config(&Pem::new(LABEL, self.to_string()), EncodeConfig::new().set_line_ending(LineEnding::LF))
    }

    /// The first armored token in a text, whatever stands around it and however its lines end or are wrapped.
    ///
    /// Nothing in it is trusted yet, as in any token.
    ///
    /// # Errors
    ///
    /// [`ArmorError`] for a text over [`MAX_ARMOR_BYTES`], one without armor, armor that was cut or edited, and armor around
    /// something else.
    pub fn from_armor(text: &str) -> Result<Self, ArmorError> {
        let bytes = text.len();
        if bytes > MAX_ARMOR_BYTES {
            return Err(ArmorError::TooLong { bytes });
        }
        let damaged = |error: String| ArmorError::Damaged { error };
        let armor = text.find(BEGIN).and_then(|at| text.get(at..)).ok_or(ArmorError::NotArmored)?;
        let armor = pem::parse(armor).map_err(|error| damaged(error.to_string()))?;
        let token = String::from_utf8(armor.into_contents()).map_err(|error| damaged(error.to_string()))?;
        Ok(token.parse::<Self>()?)
    }
}
