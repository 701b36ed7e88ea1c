//! What it costs to verify a license, beside its signature alone, and under a certified key.

use core::hint::black_box;
use core::time::Duration;

use ed25519_dalek::{Signature, Signer, SigningKey};
use entitle::time::{LATEST, Window};
use entitle::token::{CertifiedPurpose, KeyCertificateDraft, KeyConstraint, KeyPermissions, KeyPurpose, PlanUnits};
use entitle::{Grant, KeyRing, SecretKey, Token, Zeroizing};

use crate::figures::{Goal, figure, ratio, time};
use crate::workload::{Kind, deal, offer, plan, ring, secret, year};

pub fn run() {
    for (grants, limit) in [(1, 1.08), (6, 1.12)] {
        let units = entitle::Units::limited(25).unwrap();
        let deal = deal(&offer(Kind::Plain), (0..grants).map(|number| Grant::paid(plan(number), units, year())));
        let (token, ring) = (secret().seal(&deal).unwrap(), ring());
        let bytes = token.to_string().len();
        let key = SigningKey::from_bytes(&[9; 32]);
        // A message of the length that a verifier of this token hashes.
        let message = vec![7_u8; bytes * 3 / 4];
        let signature: Signature = key.sign(&message);
        let verifying = key.verifying_key();
        let ours = || -> Duration {
            time(|| (0..200).for_each(|_| assert!(black_box(&ring).verify(black_box(&token)).is_ok())))
        };
        let raw = || -> Duration {
            time(|| (0..200).for_each(|_| verifying.verify_strict(black_box(&message), &signature).unwrap()))
        };
        let name = format!("verify a token of {bytes} bytes / dalek verify_strict");
        figure(&name, ratio(31, ours, raw), "", Goal::AtMost(limit));
    }
    certified();
}

/// A license under a certified key, with its certificate verified before, beside one under a key of the ring.
fn certified() {
    let units = entitle::Units::limited(25).unwrap();
    let deal = deal(&offer(Kind::Plain), [Grant::paid(plan(0), units, year())]);
    let (issuer, reseller) = (secret(), SecretKey::from_seed(&Zeroizing::new([123; 32])));
    let permissions = KeyPermissions::new(KeyPurpose::Certificates).and(KeyPurpose::Licenses);
    let ring = KeyRing::new().trust(issuer.public(), permissions).unwrap();
    let window = Window::new(deal.issued, LATEST).unwrap();
    let purpose = CertifiedPurpose::Licenses;
    let draft = KeyCertificateDraft::new(deal.publisher.clone(), reseller.public(), purpose, window, deal.issued);
    let draft = draft.within(KeyConstraint::Offers(vec![deal.offer.clone()]));
    let draft = draft.within(KeyConstraint::Units(vec![PlanUnits::new(plan(0), units)]));
    let certificates = [ring.verify_certificate(&issuer.seal_certificate(&draft).unwrap()).unwrap()];
    let (own, token) = (issuer.seal(&deal).unwrap(), reseller.seal(&deal).unwrap());
    let verify = |token: &Token| -> Duration {
        time(|| {
            (0..200).for_each(|_| {
                assert!(black_box(&ring).verify_with(black_box(&certificates), black_box(token)).is_ok());
            });
        })
    };
    let name = "verify a license under a certified key / under a key of the ring";
    figure(name, ratio(31, || verify(&token), || verify(&own)), "", Goal::AtMost(1.05));
}
