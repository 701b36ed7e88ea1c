//! Whole numbers on the command line.

use core::fmt::Display;
use core::str::FromStr;

/// Returns the whole number of a text, not negative and within what the option can be.
pub(super) fn parse<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return Err(format!("`{text}` is not a whole number like 20"));
    }
    text.parse().map_err(|error: T::Err| error.to_string())
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
        assert_eq!(parse::<u32>("4294967296"), Err("number too large to fit in target type".to_string()));
        assert_eq!(parse::<NonZeroU32>("0"), Err("number would be zero for non-zero type".to_string()));
    }
}
