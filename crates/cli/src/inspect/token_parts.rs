//! The parts of a token, read without verification, for display and selection only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entitle::Token;
use entitle::token::Kind;
use serde::Deserialize;

/// The length of the signature in the signed part, in bytes.
const SIGNATURE: usize = 64;

/// The kinds of documents, as footers name them.
const KINDS: [(&str, Kind); 4] = [
    ("license", Kind::License),
    ("revocation-list", Kind::RevocationList),
    ("time-ticket", Kind::TimeTicket),
    ("key-certificate", Kind::KeyCertificate),
];

/// The unverified claims of a footer.
#[derive(Debug, Deserialize)]
pub(crate) struct Footer {
    pub(crate) kid: String,
    pub(crate) typ: String,
}

/// The unverified content of a token.
#[derive(Debug)]
pub(crate) struct TokenParts {
    pub(crate) payload: String,
    pub(crate) footer: Option<Footer>,
}

/// Returns the parts of a token, whose form is already valid.
pub(crate) fn of(token: &Token) -> TokenParts {
    let text = token.to_string();
    let mut fields = text.split('.').skip(2);
    let mut decode = || fields.next().and_then(|field| URL_SAFE_NO_PAD.decode(field).ok()).unwrap_or_default();
    let mut payload = decode();
    payload.truncate(payload.len().saturating_sub(SIGNATURE));
    let footer = serde_json::from_slice(&decode()).ok();
    TokenParts { payload: String::from_utf8_lossy(&payload).into_owned(), footer }
}

/// Returns the kind of document that a token claims to be, if it is a known one.
pub(crate) fn kind(token: &Token) -> Option<Kind> {
    let typ = of(token).footer?.typ;
    let (name, _) = typ.strip_prefix("entitle.")?.rsplit_once(".v")?;
    KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}
