//! Time tickets that are not what they should be (X4, X6).

use entitle::license::TimeTicketDraft;
use entitle::limits::{MAX_TEXT_BYTES, MAX_TICKET_BYTES};
use entitle::record::Anchor;
use entitle::token::{TimeTicket, TokenError};
use entitle::{TicketId, Token};
use serde_json::{Value, json};

use crate::mint;
use crate::sample::SEED;
use crate::support::{Vendor, day};

const KIND: &str = "entitle.time-ticket.v1";

fn claims() -> Value {
    json!({
        "iss": "fabrikam",
        "aud": "f365",
        "jti": "07070707070707070707070707070707",
        "iat": "2026-03-01T00:00:00Z",
        "tenant": "contoso",
        "anchor": { "record": "05050505050505050505050505050505.7.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" },
    })
}

fn verify(payload: &str) -> Result<TimeTicket, TokenError> {
    let text = mint::sign(SEED, payload.as_bytes(), mint::footer(SEED, KIND).as_bytes(), b"");
    Vendor::fabrikam().ring().verify_ticket(&text.parse().unwrap())
}

#[test]
fn x4_every_field_of_a_ticket_is_there_once_and_no_other() {
    assert!(verify(&claims().to_string()).is_ok());
    let fields = claims();
    for (name, value) in fields.as_object().unwrap() {
        let mut without = fields.clone();
        without.as_object_mut().unwrap().remove(name);
        let mut null = fields.clone();
        null[name.as_str()] = Value::Null;
        let twice = fields.to_string().replacen('{', &format!("{{\"{name}\":{value},"), 1);
        let mut other = fields.clone();
        other[format!("{name}s")] = value.clone();
        for payload in [without.to_string(), null.to_string(), twice, other.to_string()] {
            assert_eq!(verify(&payload).unwrap_err().code(), "token.claims", "{payload}");
        }
    }
    let list: Vec<&Value> = fields.as_object().unwrap().values().collect();
    assert_eq!(verify(&json!(list).to_string()).unwrap_err().code(), "token.claims");
    let mut expiring = fields;
    expiring["exp"] = "2027-03-01T00:00:00Z".into();
    let TokenError::Claims { detail, .. } = verify(&expiring.to_string()).unwrap_err() else { panic!("{expiring}") };
    assert!(detail.contains("no `exp` and no `nbf`"), "{detail}");
}

#[test]
fn x4_a_ticket_reads_back_as_it_was_sealed() {
    let vendor = Vendor::fabrikam();
    let ticket = verify(&claims().to_string()).unwrap();
    assert_eq!(ticket.correction().issued, day(0));
    assert!(matches!(ticket.correction().anchor, Anchor::Record(_)));
    assert_eq!(ticket.key(), vendor.secret.public().id());
    let token = vendor.secret.seal_ticket(ticket.correction()).unwrap();
    assert_eq!(vendor.ring().verify_ticket(&token), Ok(ticket));
}

#[test]
fn x2_a_ticket_is_no_license_and_no_license_a_ticket() {
    let vendor = Vendor::fabrikam();
    let id = TicketId::from_random([1; 16]);
    let draft = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(0));
    let ticket = vendor.secret.seal_ticket(&draft).unwrap();
    let license = vendor.seal(&vendor.deal_for("contoso"));
    let ring = vendor.ring();
    assert_eq!(ring.verify(&ticket).unwrap_err().to_string(), "wrong kind of document: time ticket instead of license");
    assert_eq!(
        ring.verify_list(&ticket).unwrap_err().to_string(),
        "wrong kind of document: time ticket instead of revocation list"
    );
    assert_eq!(
        ring.verify_ticket(&license).unwrap_err().to_string(),
        "wrong kind of document: license instead of time ticket"
    );
}

#[test]
fn x8_a_ticket_has_a_limit_that_the_longest_one_fits_in() {
    // The longest ids, of characters that JSON writes as two.
    let longest = "\"".repeat(MAX_TEXT_BYTES);
    let mut fields = claims();
    for name in ["iss", "aud", "tenant"] {
        fields[name] = longest.as_str().into();
    }
    let ticket = verify(&fields.to_string()).unwrap();
    assert!(Vendor::fabrikam().secret.seal_ticket(ticket.correction()).is_ok());

    // White space is free, so a token of any length can be minted; base64 has no text of one length in four.
    let sized = |bytes: usize| {
        let payload = claims().to_string();
        let text = |spaces: usize| {
            let payload = format!("{payload}{}", " ".repeat(spaces));
            mint::sign(SEED, payload.as_bytes(), mint::footer(SEED, KIND).as_bytes(), b"")
        };
        (0..bytes).map(text).find(|text| text.len() >= bytes).unwrap()
    };
    let read = |text: &str| Vendor::fabrikam().ring().verify_ticket(&text.parse::<Token>().unwrap());
    let fits = sized(MAX_TICKET_BYTES - 1);
    assert!(fits.len() <= MAX_TICKET_BYTES && read(&fits).is_ok(), "{}", fits.len());
    let bytes = sized(MAX_TICKET_BYTES + 1).len();
    assert!(bytes <= MAX_TICKET_BYTES + 2);
    let error = read(&sized(MAX_TICKET_BYTES + 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("this document (time ticket) has {bytes} characters: at most 4096 are allowed")
    );
}
