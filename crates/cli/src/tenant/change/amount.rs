//! Amounts of capacity on the command line: whole numbers of millionths, never rounded (M5).

use entitle::quantity::{Amount, AmountError};

const DECIMALS: usize = 6;

/// Returns the amount of a text such as `2.5`.
pub(super) fn parse(text: &str) -> Result<Amount, String> {
    let wrong = || format!("`{text}` is not an amount such as 3 or 2.5, with at most {DECIMALS} decimals");
    let (units, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(units) || !is_number(decimals) || decimals.len() > DECIMALS {
        return Err(wrong());
    }
    // Without the point, and with all six decimals, it is the number of millionths.
    let millionths: u64 = format!("{units}{decimals:0<DECIMALS$}").parse().map_err(|_| wrong())?;
    Amount::millionths(millionths).map_err(|error: AmountError| error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::parse;

    #[test]
    fn m5_an_amount_is_read_exactly_or_not_at_all() {
        for (text, millionths) in [("1", 1_000_000), ("2.5", 2_500_000), ("0.000001", 1), ("007.10", 7_100_000)] {
            assert_eq!(parse(text).unwrap().in_millionths(), millionths, "{text}");
        }
        for text in
            ["", "0", "0.0", "-1", "+1", "1.", ".5", "1,5", "1e3", "0.0000001", "1.2.3", "99999999999999999999", "٣"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
