//! Every error of a deal.

use core::num::NonZeroU32;

use entitle::license::{
    Freshness, FreshnessLimit, Licensee, Revocation, RevocationListDraft, RevokedLicense, Tolerance, ToleratedUnits,
};
use entitle::time::{Days, Length};
use entitle::token::SealError;
use entitle::{Deal, Grant, LicenseId, SecretKey, Zeroizing};

use crate::support::{Vendor, day, days, paid, units, window};
use crate::{Row, row};

fn long_list() -> RevocationListDraft {
    let mut list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let license = RevokedLicense::new(LicenseId::from_random([1; 16]), NonZeroU32::MIN, day(0));
    list.entries = vec![Revocation::License(license); 20_001];
    list
}

pub(super) fn deals() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso");
    let prepared = deal.prepare(&vendor.secret.public()).unwrap();
    let trial = || Grant::trial("gold".parse().unwrap(), units(1), window(0, 9), Length::days(5).unwrap());
    let sealed = |deal: &Deal| vendor.secret.seal(deal).unwrap_err();
    let many = |n| (0..n).fold(deal.clone(), |deal, _| deal.with(paid("gold", 1, days(0, 9))));
    let mut last = deal.clone();
    last.revision = NonZeroU32::MAX;
    let mut tolerant = paid("gold", 5, days(0, 9));
    tolerant.tolerance = Tolerance::UpTo(ToleratedUnits::new(units(5), day(5)));
    let long = "p".repeat(300);
    let wide = (0..900).fold(deal.clone(), |deal, _| deal.with(paid(&long, 1, days(0, 9))));
    vec![
        row!(
            "deal.last-revision",
            "this license has reached its last revision: issue a new license",
            last.revise(day(0)).unwrap_err()
        ),
        row!("deal.too-many-grants", "a license holds at most 1000 grants, this one has 1001", sealed(&many(1_001))),
        row!(
            "deal.paid-for-anyone",
            "grants[1]: a license for anyone holds trials only, but `gold` is paid",
            sealed(&vendor.deal(1, Licensee::Anyone).with(trial()).with(paid("gold", 1, days(0, 9))))
        ),
        row!(
            "deal.second-trial",
            "grants[1]: a license holds one trial of a plan, but this is the second of `gold`",
            sealed(&deal.clone().with(trial()).with(trial()))
        ),
        row!("deal.too-many-extensions", "grants[0]: a trial is extended at most 100 times, this one 101 times", {
            let mut often = trial();
            if let entitle::license::GrantKind::Trial(trial) = &mut often.kind {
                let times = NonZeroU32::new(101).unwrap();
                let length = Length::days(1).unwrap();
                trial.extensions = entitle::license::Extensions::UpTo(entitle::license::Extension::new(times, length));
            }
            sealed(&deal.clone().with(often))
        }),
        row!(
            "deal.small-tolerance",
            "grants[0]: the tolerance is 5, but must be more than the grant's 5 units",
            sealed(&deal.clone().with(tolerant))
        ),
        row!(
            "deal.fallback-on-trial",
            "a trial covers no release after its end: only a paid grant of `gold` can have a fallback",
            trial().with_fallback(day(0)).unwrap_err()
        ),
        row!("seal.too-long", "the token would have 618565 characters, at most 524288 are allowed: split it", {
            sealed(&wide)
        }),
        row!(
            "deal.denies-before-it-warns",
            "freshness: `deny_after` is 1 day, which is less than `warn_after`, 2 days",
            {
                let mut hasty = deal.clone();
                hasty.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(2), Days::new(1)));
                sealed(&hasty)
            }
        ),
        row!(
            "seal.long-list",
            "a revocation list has at most 20000 entries, this one has 20001",
            vendor.secret.seal_list(&long_list()).unwrap_err()
        ),
        row!(
            "seal.unwritable",
            "the document cannot be serialized: why",
            SealError::Unwritable { error: "why".into() }
        ),
        row!(
            "signature.length",
            "a signature has 64 bytes, this one 65: it must be raw, not in base64, hexadecimal or DER",
            prepared.finish(&[0; 65]).unwrap_err()
        ),
        row!(
            "signature.not-a-signature",
            "these bytes are not an Ed25519 signature (RFC 8032): use the algorithm Ed25519, and its output as it is",
            prepared.finish(&[0; 64]).unwrap_err()
        ),
        row!(
            "signature.mismatch",
            format!(
                "this signature is not of the key `{}` over this document: sign with that key, and sign the bytes \
                 themselves, not a hash of them",
                vendor.secret.public().id()
            ),
            prepared.finish(&SecretKey::from_seed(&Zeroizing::new([9; 32])).signature(&prepared)).unwrap_err()
        ),
        row!(
            "revocation.last-list",
            "this key has signed its last possible revocation list: ship a release that trusts another key for lists",
            RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MAX, day(0)).next(day(1)).unwrap_err()
        ),
    ]
}
