//! What it costs to verify a license, beside its signature alone.

use core::hint::black_box;
use core::time::Duration;

use ed25519_dalek::{Signature, Signer, SigningKey};
use entitle::Grant;

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
}
