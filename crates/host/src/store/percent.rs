//! Ids of tenants as parts of names that allow few characters.

use core::fmt::Write as _;

use entitle::TenantId;

/// Returns an id of which the plain bytes, and no `%`, stand for themselves, and others are written as
/// `%` with two hexadecimal digits. Different ids have different texts.
pub(super) fn encode(tenant: &TenantId, is_plain: fn(u8) -> bool) -> String {
    let mut text = String::new();
    for byte in tenant.as_str().bytes() {
        if is_plain(byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// Returns the id of a text; `None` for one that is not of an id.
pub(super) fn decode(text: &str) -> Option<TenantId> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()?.parse().ok()
}
