//! Decodes the bytes of an edition.

use alloc::string::{String, ToString};

use encoding_rs::WINDOWS_1252;

/// The encoding of an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8 with a byte order mark.
    Utf8WithMark,
    /// UTF-8 without a byte order mark, which includes ASCII.
    Utf8,
    /// Windows-1252, which some editions use: input that is not UTF-8 and has no byte order mark.
    Windows1252,
}

/// Returns the text and its encoding, or the index of the first byte that is not UTF-8 after a byte
/// order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, Encoding), usize> {
    let (rest, mark) = bytes.strip_prefix(b"\xef\xbb\xbf").map_or((bytes, 0), |rest| (rest, 3));
    match core::str::from_utf8(rest) {
        Ok(text) if mark == 0 => Ok((text.to_string(), Encoding::Utf8)),
        Ok(text) => Ok((text.to_string(), Encoding::Utf8WithMark)),
        Err(_) if mark == 0 => {
            // Every byte is a Windows-1252 character. Unassigned bytes become control characters,
            // which no label may contain.
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            Ok((text.into_owned(), Encoding::Windows1252))
        }
        Err(error) => Err(error.valid_up_to().saturating_add(mark)),
    }
}
