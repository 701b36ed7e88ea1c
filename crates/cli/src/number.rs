//! Whole numbers on the command line.

use core::num::{IntErrorKind, NonZeroU64, ParseIntError};
use core::str::FromStr;

/// Returns the whole number of a text, not negative and within what the option can be.
pub(crate) fn parse<T: FromStr<Err = ParseIntError>>(text: &str) -> Result<T, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return Err(format!("`{text}` is not a whole number like 20"));
    }
    text.parse().map_err(|error: ParseIntError| match error.kind() {
        IntErrorKind::Zero => "it is at least 1".to_string(),
        _ => "it is too large".to_string(),
    })
}

/// Returns the whole number of a text, 1 or more.
pub(crate) fn from_one(text: &str) -> Result<u64, String> {
    parse::<NonZeroU64>(text).map(NonZeroU64::get)
}

#[cfg(test)]
mod tests {
    use core::num::NonZeroU32;

    use super::parse;

    #[test]
    fn a_number_is_read_or_named() {
        assert_eq!((parse::<u32>("20"), parse::<usize>("0")), (Ok(20), Ok(0)));
        for text in ["", "x", "-1", "2.5", "1e3"] {
            assert_eq!(parse::<u32>(text), Err(format!("`{text}` is not a whole number like 20")));
        }
        assert_eq!(parse::<u32>("4294967296"), Err("it is too large".to_string()));
        assert_eq!(parse::<NonZeroU32>("0"), Err("it is at least 1".to_string()));
    }
}
