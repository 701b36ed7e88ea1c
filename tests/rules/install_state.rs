//! Documents of any kind: what they claim to be, and where they stand beside those that are installed.

use core::num::NonZeroU32;

use entitle::license::{RevocationListDraft, TimeTicketDraft};
use entitle::query::InstallState::{AlreadyThere, New, Superseded};
use entitle::query::{DocumentIssue, InstallState};
use entitle::record::Anchor;
use entitle::token::{Kind, TokenError};
use entitle::{Command, Role, SecretKey, Tenant, TicketId, Token, Zeroizing};

use crate::support::{Vendor, admin, day, days, paid, request};

fn list(vendor: &Vendor, sequence: u32) -> Token {
    let sequence = NonZeroU32::new(sequence).unwrap();
    let draft = RevocationListDraft::new("fabrikam".parse().unwrap(), sequence, day(0));
    vendor.secret.seal_list(&draft).unwrap()
}

fn ticket(vendor: &Vendor, id: u8) -> Token {
    let (id, tenant) = (TicketId::from_random([id; 16]), "contoso".parse().unwrap());
    let draft = TimeTicketDraft::new(id, vendor.catalog.offer(), tenant, day(0));
    vendor.secret.seal_ticket(&draft).unwrap()
}

/// Where a document stands before and after it is installed by the one command for all kinds.
fn before_and_after(tenant: &mut Tenant, token: &Token) -> [InstallState; 2] {
    let before = tenant.install_state(token).unwrap();
    let host = admin().with(Role::Host);
    let entry = tenant.decide(&host, &[Command::install_any(token.clone())], request(), day(1)).unwrap();
    tenant.apply(&entry).unwrap();
    [before, tenant.install_state(token).unwrap()]
}

#[test]
fn l3_a_document_of_any_kind_is_new_then_there_then_superseded() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 365)));
    let revised = deal.revise(day(1)).unwrap();
    let (first, second) = (vendor.seal(&deal), vendor.seal(&revised));
    let (old, recent) = (list(&vendor, 1), list(&vendor, 2));
    assert_eq!(before_and_after(&mut tenant, &first), [New, AlreadyThere]);
    assert_eq!(before_and_after(&mut tenant, &second), [New, AlreadyThere]);
    assert_eq!(before_and_after(&mut tenant, &old), [New, AlreadyThere]);
    assert_eq!(before_and_after(&mut tenant, &recent), [New, AlreadyThere]);
    assert_eq!([&first, &old].map(|token| tenant.install_state(token)), [Ok(Superseded), Ok(Superseded)]);
    assert_eq!(before_and_after(&mut tenant, &ticket(&vendor, 1)), [New, AlreadyThere]);
    assert_eq!(tenant.install_state(&ticket(&vendor, 2)), Ok(New));
    // The same number with other content never counts as new.
    let other = deal.revise(day(0)).unwrap().with(paid("silver", 1, days(0, 365)));
    assert_eq!(tenant.install_state(&vendor.seal(&other)), Ok(Superseded));
}

#[test]
fn l1_what_does_not_verify_or_is_for_another_has_no_state() {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.tenant("contoso");
    let deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 365)));
    let stranger = SecretKey::from_seed(&Zeroizing::new([9; 32])).seal(&deal).unwrap();
    let unknown = tenant.install_state(&stranger).unwrap_err();
    assert!(matches!(unknown, DocumentIssue::Token(TokenError::UnknownKey { .. })), "{unknown}");
    let elsewhere = vendor.seal(&vendor.deal_for("northwind").with(paid("gold", 1, days(0, 365))));
    assert_eq!(tenant.install_state(&elsewhere).unwrap_err().code(), "install.other-tenant");
    let mut anchored = deal;
    anchored.anchor = Anchor::Record(vendor.tenant("northwind").checkpoint());
    assert_eq!(tenant.install_state(&vendor.seal(&anchored)).unwrap_err().code(), "install.not-contained");
}

#[test]
fn x2_a_claimed_kind_is_asked_without_proof_and_chooses_the_command() {
    let vendor = Vendor::fabrikam();
    let license = vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 1, days(0, 365))));
    let documents =
        [(license, Kind::License), (list(&vendor, 1), Kind::RevocationList), (ticket(&vendor, 1), Kind::TimeTicket)];
    for (token, kind) in documents {
        assert_eq!(token.claimed_kind(), Ok(kind));
        let expected = match kind {
            Kind::RevocationList => Command::InstallRevocationList(token.clone()),
            Kind::TimeTicket => Command::CorrectTime(token.clone()),
            _ => Command::Install(token.clone()),
        };
        assert_eq!(Command::install_any(token.clone()), expected);
        // The claim of a token that was tampered with is the same, and proves nothing.
        let text = token.to_string();
        let tampered: Token = text.replacen("v4.public.ey", "v4.public.e3", 1).parse().unwrap();
        assert_eq!(tampered.claimed_kind(), Ok(kind));
        assert!(vendor.tenant("contoso").install_state(&tampered).is_err());
    }
}
