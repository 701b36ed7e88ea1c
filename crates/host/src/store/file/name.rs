//! The names of the files of tenants.

use core::fmt::Write as _;

use entitle::RecordId;
use entitle::TenantId;
use entitle::record::Beginning;

use crate::store::percent;

/// The longest part of a name that shows the id.
const SHOWN: usize = 120;

const PREFIX: &str = "tenant-";
const ENDING: &str = ".record";

/// Returns the name of the file of a tenant's record. Different tenants have different names, also
/// where a file system compares names without regard to letter case.
///
/// Small letters, digits, `-`, `_`, `@` and `.` stand for themselves, other bytes are written as `%`
/// with two hexadecimal digits. Of a long id the beginning is shown, and a hash of all of it.
pub(super) fn file_name(tenant: &TenantId) -> String {
    let mut shown =
        percent::encode(tenant, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_@.".contains(&byte));
    if shown.len() > SHOWN {
        shown.truncate(SHOWN);
        // A hash that the core makes of everything that has an id: that of a beginning.
        let hash = Beginning::new(tenant.clone(), RecordId::from_random([0; 16])).head().hash();
        shown.push('~');
        for byte in hash.to_bytes() {
            _ = write!(shown, "{byte:02X}");
        }
    }
    format!("{PREFIX}{shown}{ENDING}")
}

/// Whose record a file is, by its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NamedTenant {
    /// The record of this tenant.
    Whole(TenantId),
    /// The record of a tenant whose id is longer than what is shown of it.
    Cut,
}

/// Returns whose record the file of a name is; `None` for a file that is not a record.
pub(super) fn tenant_of(name: &str) -> Option<NamedTenant> {
    let shown = name.strip_prefix(PREFIX)?.strip_suffix(ENDING)?;
    if shown.contains('~') {
        return Some(NamedTenant::Cut);
    }
    let tenant = percent::decode(shown).filter(|tenant| file_name(tenant) == name)?;
    Some(NamedTenant::Whole(tenant))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{NamedTenant, file_name, tenant_of};

    #[test]
    fn different_tenants_have_different_files_in_any_folder() {
        let name = |id: &str| file_name(&id.parse().unwrap());
        assert_eq!(name("contoso"), "tenant-contoso.record");
        assert_eq!(name("../Ä"), "tenant-..%2F%C3%84.record");
        let long = "x".repeat(300);
        let ids = ["contoso", "Contoso", "con", "a/b", "a\\b", "a%2Fb", "a.", ".", "..", "ä", &long, &long[1..]];
        let names: BTreeSet<String> = ids.iter().map(|id| name(id).to_lowercase()).collect();
        assert_eq!(names.len(), ids.len());
        assert!(names.iter().all(|name| name.len() < 255 && !name.contains(['/', '\\', ':'])));
    }

    #[test]
    fn a_name_says_whose_record_a_file_is() {
        let long = "x".repeat(300);
        for id in ["contoso", "Contoso", "../Ä", "a b", "a~b", ".", "con", "雪"] {
            let tenant = id.parse().unwrap();
            assert_eq!(tenant_of(&file_name(&tenant)), Some(NamedTenant::Whole(tenant)));
        }
        assert_eq!(tenant_of(&file_name(&long.parse().unwrap())), Some(NamedTenant::Cut));
        let others = ["tenant-.record", "tenant-A.record", "tenant-a.record.lock", "a.record", "tenant-%.record", ""];
        assert_eq!(others.map(tenant_of), others.map(|_| None));
    }
}
