//! From bytes to text.

use alloc::string::{String, ToString};

use encoding_rs::WINDOWS_1252;

/// How an edition is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8 that begins with a byte order mark.
    Utf8WithMark,
    /// UTF-8 without one; plain ASCII is.
    Utf8,
    /// Windows-1252, as some editions are: what is not UTF-8 and does not begin as such.
    Windows1252,
}

/// The text; or the byte that is no UTF-8, where a byte order mark says that it should be.
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, Encoding), usize> {
    let (rest, mark) = bytes.strip_prefix(b"\xef\xbb\xbf").map_or((bytes, 0), |rest| (rest, 3));
    match core::str::from_utf8(rest) {
        Ok(text) if mark == 0 => Ok((text.to_string(), Encoding::Utf8)),
        Ok(text) => Ok((text.to_string(), Encoding::Utf8WithMark)),
        Err(_) if mark == 0 => {
            // Every byte is a character there; those that are not assigned become control characters, which no name has.
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            Ok((text.into_owned(), Encoding::Windows1252))
        }
        Err(error) => Err(error.valid_up_to().saturating_add(mark)),
    }
}
