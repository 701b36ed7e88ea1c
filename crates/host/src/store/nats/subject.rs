//! The subjects of tenants.

use core::fmt::Write as _;

use entitle::TenantId;

/// Returns the last part of the subjects of a tenant. Different tenants have different parts.
///
/// Letters, digits, `-`, `_` and `@` stand for themselves, other bytes are written as `%` with two
/// hexadecimal digits: a subject has neither spaces nor wildcards, and `.` parts it.
pub(super) fn encode(tenant: &TenantId) -> String {
    let mut part = String::new();
    for byte in tenant.as_str().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'@' => part.push(char::from(byte)),
            // Writing to a text does not fail.
            _ => _ = write!(part, "%{byte:02X}"),
        }
    }
    part
}

/// Returns the tenant of a part; `None` for one that is not of a tenant.
pub(super) fn decode(part: &str) -> Option<TenantId> {
    let mut pieces = part.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn different_tenants_have_different_subjects_which_name_them() {
        let long = "ä".repeat(150);
        for id in ["contoso", "Contoso", "a.b", "a b", "*", ">", "a%2Eb", "../Ä", "雪", "$JS", &long] {
            let part = encode(&id.parse().unwrap());
            assert!(part.is_ascii() && !part.contains(['.', ' ', '*', '>']), "{part}");
            assert_eq!(decode(&part).unwrap().as_str(), id);
        }
        assert!(["%", "%4", "%ZZ", "%FF", ""].iter().all(|part| decode(part).is_none()));
    }
}
