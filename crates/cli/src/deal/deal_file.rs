//! Deals as files: the claims of a license before it is signed, in the format of the manual.

use core::num::NonZeroU32;
use std::path::Path;

use entitle::catalog::{Management, Offer};
use entitle::license::{Freshness, Licensee, Reference};
use entitle::record::Anchor;
use entitle::{Deal, Grant, LicenseId, OfferId, PublisherId, SecretKey, Zeroizing};
use serde::{Deserialize, Serialize};

use crate::exit::Failure;
use crate::files;
use crate::instant::Instant;

/// The claims of a license, in the order in which they are written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with the fields of a deal")]
struct DealFile {
    iss: PublisherId,
    aud: OfferId,
    jti: LicenseId,
    iat: Instant,
    revision: NonZeroU32,
    licensee: Licensee,
    reference: Reference,
    freshness: Freshness,
    anchor: Anchor,
    grants: Vec<Grant>,
}

/// Returns the text of a deal.
pub(crate) fn write(deal: &Deal) -> Result<String, Failure> {
    let deal = deal.clone();
    let form = DealFile {
        iss: deal.publisher,
        aud: deal.offer,
        jti: deal.id,
        iat: Instant(deal.issued),
        revision: deal.revision,
        licensee: deal.licensee,
        reference: deal.reference,
        freshness: deal.freshness,
        anchor: deal.anchor,
        grants: deal.grants,
    };
    let text = serde_json::to_string_pretty(&form);
    text.map(|text| text + "\n").map_err(|error| Failure::unreadable("cli.unwritable", error))
}

/// Returns the deal in a text, which may have been edited.
pub(crate) fn parse(text: &str) -> Result<Deal, String> {
    let form: DealFile = serde_json::from_str(text).map_err(|error| crate::text::json_error(&error))?;
    // The deal takes only the two ids from the offer.
    let offer = Offer::new(form.iss, form.aud, Management::Unmanaged);
    let mut deal = Deal::new(form.jti, &offer, form.licensee, form.iat.0);
    deal.revision = form.revision;
    deal.reference = form.reference;
    deal.freshness = form.freshness;
    deal.anchor = form.anchor;
    deal.grants = form.grants;
    Ok(deal)
}

/// Returns the deal in a file that `deal new` wrote, or the deal of a license.
pub(crate) fn read(path: &Path) -> Result<Deal, Failure> {
    let text = files::read(path)?;
    parse(&text).map_err(|error| {
        let failure =
            Failure::unreadable("cli.not-a-deal", format!("{} is not a deal: {error}", crate::text::name(path)));
        // A book and a ledger, which are JSON, have many licenses in them.
        let is_json = text.trim_start().starts_with('{');
        if !is_json && (text.contains("v4.public.") || text.contains("-----BEGIN")) {
            return failure.help("it is signed already: `entitle inspect --deal` writes the deal in a license");
        }
        failure.help("`entitle deal new` writes one; its fields are those of a license in the manual's formats")
    })
}

/// Checks the rules of deals before a deal is signed.
pub(crate) fn check_rules(deal: &Deal) -> Result<(), Failure> {
    // Sealing checks the rules. The key is trusted nowhere, and the token is dropped.
    let throwaway_key = SecretKey::from_seed(&Zeroizing::new([0; 32]));
    throwaway_key.seal(deal).map(|_| ()).map_err(|error| Failure::unreadable(error.code(), error))
}
