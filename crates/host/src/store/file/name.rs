//! The names of the files of tenants.

use core::fmt::Write as _;

use entitle::RecordId;
use entitle::TenantId;
use entitle::record::Beginning;

/// The longest part of a name that shows the id.
const SHOWN: usize = 120;

/// Returns the name of the file of a tenant's record. Different tenants have different names, also
/// where a file system compares names without regard to letter case.
///
/// Small letters, digits, `-`, `_`, `@` and `.` stand for themselves, other bytes are written as `%`
/// with two hexadecimal digits. Of a long id the beginning is shown, and a hash of all of it.
pub(super) fn file_name(tenant: &TenantId) -> String {
    let mut shown = String::new();
    for byte in tenant.as_str().bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'@' | b'.' => shown.push(char::from(byte)),
            // Writing to a text does not fail.
            _ => _ = write!(shown, "%{byte:02X}"),
        }
    }
    if shown.len() > SHOWN {
        shown.truncate(SHOWN);
        // A hash that the core makes of everything that has an id: that of a beginning.
        let hash = Beginning::new(tenant.clone(), RecordId::from_random([0; 16])).head().hash();
        shown.push('~');
        for byte in hash.to_bytes() {
            _ = write!(shown, "{byte:02X}");
        }
    }
    format!("tenant-{shown}.record")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::file_name;

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
}
