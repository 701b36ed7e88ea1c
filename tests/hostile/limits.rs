//! However much of it there is, bad input is refused, and refused by its length first (X8).

use crate::mint::{self, base64url};
use crate::sample::{KIND, SEED, claims, verify, with};
use crate::support::{Scenario, Vendor, admin, assign, day, join, request, window};
use entitle::license::{Licensee, Revocation, RevokedLicense, TimeTicketDraft};
use entitle::limits::{
    MAX_CATALOG_BYTES, MAX_COMMANDS, MAX_DOCUMENTS, MAX_REVOCATIONS, MAX_STATEMENT_BYTES, MAX_TOKEN_BYTES,
};
use entitle::report::{StatementError, UsageStatement};
use entitle::time::End;
use entitle::token::{
    CertifiedPurpose, KeyCertificateDraft, KeyId, KeyPermissions, KeyPurpose, ParseTokenError, TokenError,
};
use entitle::{
    Catalog, Command, CountryCode, Entry, Event, KeyRing, LicenseId, PublicKey, Role, SecretKey, TicketId, Token,
    UserId, Zeroizing,
};

const MANY: usize = 10 * 1024 * 1024;

/// Does the work and sees that it took little memory, a tenth of the ten mebibytes at most.
fn lean<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let mut done = None;
    let info = allocation_counter::measure(|| done = Some(work()));
    assert!(info.bytes_total < 1024 * 1024, "{what} took {} bytes", info.bytes_total);
    done.unwrap()
}

#[test]
fn x8_ten_mebibytes_of_token_are_refused_by_their_length() {
    let (signed, footer) = (base64url(&vec![7; 400]), base64url(&vec![7; MANY]));
    for text in [
        "v4.public.".repeat(MANY / 10),
        format!("v4.public.{}", "A".repeat(MANY)),
        format!("v4.public.{signed}.{footer}"),
        ".".repeat(MANY),
        "\0".repeat(MANY),
        "é".repeat(MANY / 2),
    ] {
        let error = lean("a token", || text.parse::<Token>()).unwrap_err();
        assert_eq!(error, ParseTokenError::TooLong { bytes: text.len() });
        assert_eq!(error.code(), "token.too-long");
        let message = format!("a token has at most 4194304 characters, this text has {}", text.len());
        assert_eq!(error.to_string(), message);
    }
    let longest = format!("v4.public.{}", "A".repeat(MAX_TOKEN_BYTES - 10));
    assert_eq!(longest.parse::<Token>(), Err(ParseTokenError::NoFooter));
    assert_eq!(format!("{longest}A").parse::<Token>(), Err(ParseTokenError::TooLong { bytes: MAX_TOKEN_BYTES + 1 }));
}

#[test]
fn x8_ten_mebibytes_of_usage_statement_are_refused_by_their_length() {
    for text in ["[".repeat(MANY), " ".repeat(MANY), "{\"statement\":".repeat(MANY / 13), "\0".repeat(MANY)] {
        let error = lean("a statement", || UsageStatement::from_json(&text)).unwrap_err();
        assert_eq!(error, StatementError::TooLong { bytes: text.len() });
    }
    let statement = crate::statements::statement().to_string();
    let padded = |bytes: usize| format!("{statement}{}", " ".repeat(bytes - statement.len()));
    assert!(UsageStatement::from_json(&padded(MAX_STATEMENT_BYTES)).is_ok());
    let error = UsageStatement::from_json(&padded(MAX_STATEMENT_BYTES + 1)).unwrap_err();
    assert_eq!(error.code(), "statement.too-long");
}

#[test]
fn x8_ten_mebibytes_of_catalog_are_refused_by_their_length() {
    for text in ["[".repeat(MANY), " ".repeat(MANY), "{\"apps\":".repeat(MANY / 8), "\0".repeat(MANY)] {
        let error = lean("a catalog", || Catalog::from_json(&text)).unwrap_err();
        assert_eq!(error.code(), "catalog.too-long");
        let message = format!("a catalog has at most 4194304 bytes, this text has {}", text.len());
        assert_eq!(error.to_string(), message);
    }
    let catalog = include_str!("../../examples/fabrikam.json");
    let padded = |bytes: usize| format!("{catalog}{}", " ".repeat(bytes - catalog.len()));
    assert!(Catalog::from_json(&padded(MAX_CATALOG_BYTES)).is_ok());
    assert_eq!(Catalog::from_json(&padded(MAX_CATALOG_BYTES + 1)).unwrap_err().code(), "catalog.too-long");
}

#[test]
fn x8_ten_mebibytes_of_id_are_refused_in_few_words() {
    for text in ["x".repeat(MANY), " ".repeat(MANY), "\0".repeat(MANY), "€".repeat(MANY / 3)] {
        let prefixed = [format!("k4.public.{text}"), format!("k4.secret.{text}")];
        let messages = lean("ids", || {
            [
                text.parse::<UserId>().unwrap_err().to_string(),
                text.parse::<LicenseId>().unwrap_err().to_string(),
                text.parse::<CountryCode>().unwrap_err().to_string(),
                text.parse::<End>().unwrap_err().to_string(),
                text.parse::<KeyId>().unwrap_err().to_string(),
                text.parse::<PublicKey>().unwrap_err().to_string(),
                prefixed[0].parse::<PublicKey>().unwrap_err().to_string(),
                SecretKey::from_paserk(&text).unwrap_err().to_string(),
                SecretKey::from_paserk(&prefixed[1]).unwrap_err().to_string(),
                Vendor::fabrikam().catalog.app(&text).unwrap_err().to_string(),
            ]
        });
        for message in messages {
            assert!(message.len() < 500, "{} bytes: {:.100}", message.len(), message);
        }
    }
}

#[test]
fn x8_ten_thousand_brackets_are_refused_wherever_they_stand() {
    // As many as a token has room for, or ten thousand.
    let nested = |open: &str, shut: &str| {
        let times = (45_000 / (open.len() + shut.len())).min(10_000);
        format!("{}{}", open.repeat(times), shut.repeat(times))
    };
    let payloads = [
        nested("[", "]"),
        "[".repeat(10_000),
        nested("{\"a\":", "}"),
        "{\"a\":".repeat(6_000),
        with("/grants", &nested("[", "]")),
        with("/grants/0/units", &nested("[", "]")),
        with("/grants/0/units", &nested("{\"limited\":", "}")),
        with("/licensee", &"{\"tenant\":".repeat(4_000)),
        with("/licensee/tenant/name", &nested("[", "]")),
    ];
    for payload in payloads {
        assert_eq!(lean("nesting", || verify(&payload)).unwrap_err().code(), "token.claims");
    }
    let mut unknown = claims();
    unknown["notes"] = "x".into();
    let unknown = unknown.to_string().replace("\"x\"", &nested("[", "]"));
    assert_eq!(verify(&unknown).unwrap_err().code(), "token.claims");
    for text in [
        nested("[", "]"),
        nested("{\"publisher\":", "}"),
        format!("{{\"management\":{}", nested("{\"managed\":", "}")),
        format!("{{\"zzz\":{}", nested("[", "]")),
        "[".repeat(MAX_CATALOG_BYTES),
    ] {
        assert_eq!(lean("a catalog", || Catalog::from_json(&text)).unwrap_err().code(), "catalog.not-json");
        assert!(lean("an event", || serde_json::from_str::<Event>(&text)).is_err());
    }
}

#[test]
fn x8_a_footer_of_brackets_is_refused() {
    for footer in ["[".repeat(256), "{\"kid\":".repeat(36)] {
        let text = mint::sign(SEED, b"{}", footer.as_bytes(), b"");
        let error = Vendor::fabrikam().ring().verify(&text.parse().unwrap()).unwrap_err();
        assert_eq!(error.code(), "token.footer");
    }
}

#[test]
fn x8_a_message_repeats_only_a_part_of_what_it_refuses() {
    // A person sees these; a hostile text must not fill their screen.
    let long = "é".repeat(10_000);
    for payload in [
        with("/iat", &format!("\"{long}\"")),
        with("/jti", &format!("\"{long}\"")),
        with("/iss", &format!("\"{long}\"")),
        with("/licensee/tenant/country", &format!("\"{long}\"")),
    ] {
        let message = verify(&payload).unwrap_err().to_string();
        assert!(message.len() < 500, "{} bytes: {:.200}", message.len(), message);
    }
    assert_eq!(KIND, "entitle.license.v1");
}

/// Sealing makes no such list, and a token of it is short enough.
#[test]
fn x8_a_signed_revocation_list_of_too_many_entries_is_refused() {
    let vendor = Vendor::fabrikam();
    let revoked = RevokedLicense::all_revisions(LicenseId::from_random([2; 16]), day(0));
    let entry = serde_json::to_string(&Revocation::License(revoked)).unwrap();
    let verify = |entries: usize| {
        let entries = vec![entry.as_str(); entries].join(",");
        let payload =
            format!(r#"{{"iss":"fabrikam","sequence":1,"iat":"2026-03-01T00:00:00Z","entries":[{entries}]}}"#);
        let footer = mint::footer(SEED, "entitle.revocation-list.v1");
        let token = mint::sign(SEED, payload.as_bytes(), footer.as_bytes(), b"").parse().unwrap();
        vendor.ring().verify_list(&token).map(|list| list.revocations().entries.len())
    };
    assert_eq!(verify(MAX_REVOCATIONS), Ok(MAX_REVOCATIONS));
    assert_eq!(verify(MAX_REVOCATIONS + 1), Err(TokenError::LongList { found: MAX_REVOCATIONS + 1 }));
}

#[test]
fn x8_a_list_of_too_many_commands_is_refused() {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.contoso([]);
    let commands = vec![assign("ada", "gold"); MAX_COMMANDS + 1];
    let refusal = tenant.decide(&admin(), &commands, request(), crate::support::day(1)).unwrap_err();
    assert_eq!(refusal.reason.code(), "refusal.too-many");
    let message = "a list holds at most 1000 commands, this one has 1001";
    assert_eq!(refusal.to_string(), message);
    let refusal = tenant.decide(&admin(), &[], request(), crate::support::day(1)).unwrap_err();
    assert_eq!(refusal.to_string(), "there is nothing to do: the list of commands is empty");
    assert_eq!(refusal.reason.code(), "refusal.nothing");
}

#[test]
fn x8_a_list_of_the_most_commands_is_decided_and_read() {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.contoso([]);
    let most = vec![join("ada", "staff"); MAX_COMMANDS];
    let entry = tenant.decide(&admin(), &most, request(), crate::support::day(1)).unwrap();
    let text = serde_json::to_string(entry.event()).unwrap();
    assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), *entry.event());
    assert_eq!(Entry::read(entry.text()).unwrap(), entry);
    let longer = text.replacen("\"commands\":[", "\"commands\":[\"record_time\",", 1);
    let error = serde_json::from_str::<Event>(&longer).unwrap_err().to_string();
    assert!(error.starts_with("invalid length 1001, expected at most 1000 commands"), "{error}");
}

#[test]
fn x8_a_tenant_takes_in_so_many_documents_and_no_more() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([]);
    let broken = Command::CorrectTime(vendor.seal(&vendor.deal_for("contoso")));
    tenant.forge(1, vec![broken; MAX_DOCUMENTS - 2]);
    // Lists do not count.
    tenant.forge(1, vec![Command::InstallRevocationList(vendor.seal(&vendor.deal_for("contoso"))); 3]);
    let install = |id| Command::Install(vendor.seal(&vendor.deal(id, Licensee::Anyone)));
    tenant.run(1, [install(2)]).unwrap();
    assert_eq!(tenant.run(1, [install(3)]).unwrap_err().code(), "refusal.too-many-documents");
    let id = TicketId::from_random([1; 16]);
    let draft = TimeTicketDraft::new(id, vendor.catalog.offer(), tenant.id().clone(), crate::support::day(1));
    let ticket = Command::CorrectTime(vendor.secret.seal_ticket(&draft).unwrap());
    let refused = tenant.decide(&admin().with(Role::Host), &[ticket], request(), crate::support::day(1)).unwrap_err();
    assert_eq!(refused.code(), "refusal.too-many-documents");

    let issuer = KeyPermissions::new(KeyPurpose::Certificates).and(KeyPurpose::Licenses);
    let mut tenant = tenant.rebase(&vendor.catalog, &KeyRing::new().trust(vendor.secret.public(), issuer).unwrap());
    let (purpose, reseller) = (CertifiedPurpose::Licenses, SecretKey::from_seed(&Zeroizing::new([2; 32])).public());
    let draft = KeyCertificateDraft::new("fabrikam".parse().unwrap(), reseller, purpose, window(0, 9), day(0));
    let certificate = Command::InstallCertificate(vendor.secret.seal_certificate(&draft).unwrap());
    assert_eq!(tenant.run(1, [certificate]).unwrap_err().code(), "refusal.too-many-documents");
}
