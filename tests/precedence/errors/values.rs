//! Every error of a value: ids, amounts, instants, units, and the hash seed.

use entitle::hashing::HashSeedError;
use entitle::time::Length;
use entitle::{AppId, CountryCode, GroupId, LicenseId, PlanId, Term, Units, UserId};

use crate::support::day;
use crate::{Row, row};

pub(super) fn words() -> Vec<Row> {
    vec![
        row!("text.empty", "user id is empty: at least one character is needed", "".parse::<UserId>().unwrap_err()),
        row!(
            "text.too-long",
            "plan id has 301 bytes: at most 300 are allowed",
            "x".repeat(301).parse::<PlanId>().unwrap_err()
        ),
        row!(
            "text.control-character",
            r"user id `a\nb` has a control character at byte 1",
            "a\nb".parse::<UserId>().unwrap_err()
        ),
        row!(
            "text.turns-direction",
            r"group id `a\u{202e}b` has a character that turns the direction of text at byte 1",
            "a\u{202e}b".parse::<GroupId>().unwrap_err()
        ),
        row!("text.padded", "app id ` a` begins or ends with white space", " a".parse::<AppId>().unwrap_err()),
        row!(
            "text.not-hexadecimal",
            "license id `F00D` is not 32 lower-case hexadecimal digits",
            "F00D".parse::<LicenseId>().unwrap_err()
        ),
        row!(
            "text.not-a-country",
            "country code `Germany` is not two capital letters as in ISO 3166-1",
            "Germany".parse::<CountryCode>().unwrap_err()
        ),
        row!(
            "amount.not-an-amount",
            "invalid amount of 0 millionths: an amount is from 1 to 9007199254740991 millionths",
            entitle::quantity::Amount::millionths(0).unwrap_err()
        ),
        row!("time.not-a-month", "`March` is not a month like 2026-03 between 1970 and 9999", {
            "March".parse::<entitle::time::Month>().unwrap_err()
        }),
        row!("units.zero", "invalid grant of 0 units: leave the grant out", Units::limited(0).unwrap_err()),
        row!(
            "time.not-an-instant",
            "`2026-03-01` is not an instant like 2026-03-01T00:00:00Z between 1970 and 9999",
            "2026-03-01".parse::<entitle::time::End>().unwrap_err()
        ),
        row!(
            "time.ends-before-it-starts",
            "invalid term from 2026-03-02T00:00:00Z to 2026-03-01T00:00:00Z: it must end after it starts",
            Term::new(day(1), day(0)).unwrap_err()
        ),
        row!("time.zero-length", "invalid length of 0 days: at least 1 day is needed", Length::days(0).unwrap_err()),
        row!(
            "hash-seed.zero",
            "the hash seed is 16 zero bytes: fill it with random bytes of the operating system",
            entitle::seed_hashes([0; 16]).unwrap_err()
        ),
        // What else a seed is refused for is for processes of their own: tests/hash_seed.rs, tests/late_hash_seed.rs.
        row!(
            "hash-seed.other-seed",
            "this process already has another hash seed: call `seed_hashes` once",
            HashSeedError::OtherSeed
        ),
        row!(
            "hash-seed.too-late",
            "ids were hashed before the hash seed was set: call `seed_hashes` first in `main`",
            HashSeedError::TooLate
        ),
    ]
}
