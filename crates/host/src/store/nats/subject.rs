//! The subjects of tenants.

use entitle::TenantId;

use crate::store::percent;

/// Returns the last part of the subjects of a tenant. Different tenants have different parts.
///
/// Letters, digits, `-`, `_` and `@` stand for themselves, other bytes are written as `%` with two
/// hexadecimal digits: a subject has neither spaces nor wildcards, and `.` parts it.
pub(super) fn encode(tenant: &TenantId) -> String {
    percent::encode(tenant, |byte| byte.is_ascii_alphanumeric() || b"-_@".contains(&byte))
}

/// Returns the tenant of a part; `None` for one that is not of a tenant.
pub(super) fn decode(part: &str) -> Option<TenantId> {
    percent::decode(part)
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
