//! Every error of a certificate, and of what a certified key signs.

use core::num::NonZeroU32;

use entitle::explain::{Audience, CheckFirst};
use entitle::license::{Licensee, Revocation, RevocationListDraft, RevokedKey};
use entitle::time::Days;
use entitle::token::{
    CertifiedPurpose, KeyCertificate, KeyCertificateDraft, KeyConstraint, KeyPermissions, KeyPurpose, PlanUnits,
    TokenError,
};
use entitle::{Command, Deal, KeyRing, SecretKey, Zeroizing};

use crate::denials::tenants as denials;
use crate::support::{Scenario, Vendor, beginning, day, days, paid, units, window};
use crate::wordings::message_row;
use crate::{Row, row};

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([seed; 32]))
}

fn draft() -> KeyCertificateDraft {
    let publisher = "fabrikam".parse().unwrap();
    KeyCertificateDraft::new(publisher, key(2).public(), CertifiedPurpose::Licenses, window(-30, 30), day(-20))
}

fn issuer() -> KeyPermissions {
    KeyPermissions::new(KeyPurpose::Certificates).and(KeyPurpose::Licenses).and(KeyPurpose::Revocations)
}

fn ring(issuer: KeyPermissions) -> KeyRing {
    KeyRing::new().trust(Vendor::fabrikam().secret.public(), issuer).unwrap()
}

fn gold(most: u32) -> KeyConstraint {
    KeyConstraint::Units(vec![PlanUnits::new("gold".parse().unwrap(), units(most))])
}

/// What is wrong with a certificate by itself.
fn drafts() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let sealed = |change: &dyn Fn(&mut KeyCertificateDraft)| {
        let mut draft = draft();
        change(&mut draft);
        vendor.secret.seal_certificate(&draft).unwrap_err()
    };
    vec![
        row!("certificate.no-purpose", "this certificate names no purpose: name at least one", {
            sealed(&|draft| draft.purposes.clear())
        }),
        row!("certificate.purpose-twice", "this certificate names a purpose twice: licenses", {
            sealed(&|draft| draft.purposes.push(CertifiedPurpose::Licenses))
        }),
        row!(
            "certificate.too-many-constraints",
            "a certificate has at most 100 constraints, and each lists at most as many, but 101 were found",
            sealed(&|draft| draft.constraints = vec![gold(1); 101])
        ),
        row!(
            "certificate.unenforceable",
            "this certificate is for time tickets and limited to grants of at most so many units in a license: `gold` \
             (1), which does not apply to them: certify another key for time tickets",
            sealed(&|draft| {
                draft.purposes.push(CertifiedPurpose::TimeTickets);
                draft.constraints.push(gold(1));
            })
        ),
        row!(
            "certificate.issued-after-its-window",
            "this certificate is issued on 2026-03-31T00:00:00Z, but the key counts only for what is dated before \
             2026-03-31T00:00:00Z",
            sealed(&|draft| draft.issued = day(30))
        ),
        row!(
            "certificate.self-signed",
            "this certificate is signed with the key that it certifies: another key has to sign it",
            key(2).seal_certificate(&draft()).unwrap_err()
        ),
    ]
}

/// What is wrong with a certificate beside its issuer.
fn issuers() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let verify = |ring: &KeyRing, draft: &KeyCertificateDraft| {
        ring.verify_certificate(&vendor.secret.seal_certificate(draft).unwrap()).unwrap_err()
    };
    let in_ring = ring(issuer()).trust(key(2).public(), KeyPermissions::new(KeyPurpose::TimeTickets)).unwrap();
    let mut tenant = vendor.tenant("contoso").rebase(&vendor.catalog, &ring(issuer()));
    tenant.forge(0, [Command::InstallCertificate(vendor.secret.seal_certificate(&draft()).unwrap())]);
    let by_certified = Command::InstallCertificate(
        key(2)
            .seal_certificate(&{
                let mut draft = draft();
                draft.key = key(3).public();
                draft
            })
            .unwrap(),
    );
    vec![
        row!(
            "certificate.in-ring",
            "this certificate is for a key that the application has itself: its permissions there hold alone",
            verify(&in_ring, &draft())
        ),
        row!(
            "certificate.not-by-ring",
            "this certificate is signed with a key that is certified itself: such a key certifies no other",
            tenant.run(0, [by_certified]).unwrap_err().reason
        ),
        row!(
            "certificate.wider-purpose",
            "this certificate is for licenses for anyone, for which its issuer is not trusted itself",
            verify(&ring(issuer()), &draft().and(CertifiedPurpose::LicensesForAnyone))
        ),
        row!(
            "certificate.wider-constraint",
            "this certificate allows more than its issuer may sign, which is only documents for `f365`",
            verify(&ring(issuer().within(KeyConstraint::Offers(vec!["f365".parse().unwrap()]))), &draft())
        ),
        row!(
            "certificate.longer-window",
            "this certificate allows documents dated until 2026-03-31T00:00:00Z, its issuer only before \
             2026-03-30T00:00:00Z",
            verify(&ring(issuer().within(KeyConstraint::IssuedBefore(day(29)))), &draft())
        ),
        row!(
            "token.not-trusted",
            format!(
                "the key `{}` is not trusted for certificates: update the application, or contact the issuer",
                vendor.secret.public().id()
            ),
            { verify(&ring(KeyPermissions::new(KeyPurpose::Licenses)), &draft()) }
        ),
        row!("token.other-kind", "wrong kind of document: certificate of a key instead of license", {
            ring(issuer()).verify(&vendor.secret.seal_certificate(&draft()).unwrap()).unwrap_err()
        }),
    ]
}

/// What a certified key signs and its certificate does not admit.
fn documents() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let (id, ring) = (key(2).public().id(), ring(issuer()));
    let certify = |draft: &KeyCertificateDraft| -> Vec<KeyCertificate> {
        vec![ring.verify_certificate(&vendor.secret.seal_certificate(draft).unwrap()).unwrap()]
    };
    let verify = |draft: &KeyCertificateDraft, deal: &Deal| {
        ring.verify_with(&certify(draft), &key(2).seal(deal).unwrap()).unwrap_err()
    };
    let deal = vendor.deal_for("contoso").with(paid("gold", 5, days(0, 10)));
    let mut late = deal.clone();
    late.issued = day(30);
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let for_lists = draft().and(CertifiedPurpose::Revocations(2.try_into().unwrap()));
    let none: TokenError = ring.verify(&key(2).seal(&deal).unwrap()).unwrap_err();
    let lacking = |code: &'static str, audience, expected: &str| {
        let mut tenant = entitle::Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
        tenant.forge(0, [Command::Install(key(2).seal(&deal).unwrap())]);
        let text = denials::text(&tenant, denials::AUDIT, 10, audience);
        let mut messages = text.lines().iter().flat_map(|line| &line.messages);
        message_row(code, expected, messages.find(|message| message.code() == code).unwrap())
    };
    vec![
        row!(
            "token.no-certificate",
            format!(
                "signed with the key `{id}`, of which there is no certificate here: install the certificate that belongs \
                 to it first; if there is none, update the application, or contact the issuer"
            ),
            none
        ),
        row!(
            "token.outside-window",
            format!(
                "the key `{id}` is certified for documents dated from 2026-01-30T00:00:00Z until 2026-03-31T00:00:00Z, \
                 this one is of 2026-03-31T00:00:00Z"
            ),
            verify(&draft(), &late)
        ),
        row!(
            "token.beyond-limit",
            format!(
                "what this license grants of `gold` is too much for the key `{id}`, which is trusted only for grants of at most so many units in a license: `gold` (4)"
            ),
            verify(&draft().within(gold(4)), &deal)
        ),
        row!(
            "token.not-trusted",
            format!(
                "the key `{id}` is not trusted for licenses for anyone: update the application, or contact the issuer"
            ),
            { verify(&draft(), &vendor.deal(1, Licensee::Anyone)) }
        ),
        row!(
            "token.list-before-certificate",
            format!("the key `{id}` is certified for revocation lists from 2 on, this is list 1"),
            ring.verify_list_with(&certify(&for_lists), &key(2).seal_list(&list).unwrap()).unwrap_err()
        ),
        row!(
            "token.key-revoked",
            format!(
                "this document is dated 2026-03-01T00:00:00Z, but its key `{id}` is revoked since 2026-02-28T00:00:00Z"
            ),
            {
                let mut tenant = vendor.tenant("contoso").rebase(&vendor.catalog, &ring);
                let ended = list.clone().with(Revocation::Key(RevokedKey::new(id, day(-1))));
                tenant.forge(
                    0,
                    [
                        Command::InstallCertificate(
                            vendor
                                .secret
                                .seal_certificate(&draft().and(CertifiedPurpose::Revocations(NonZeroU32::MIN)))
                                .unwrap(),
                        ),
                        Command::InstallRevocationList(vendor.secret.seal_list(&ended).unwrap()),
                    ],
                );
                let host = entitle::Actor::new("app".parse().unwrap()).with(entitle::Role::Host);
                let command = Command::InstallRevocationList(key(2).seal_list(&list).unwrap());
                tenant.decide(&host, &[command], crate::support::request(), day(0)).unwrap_err().reason
            }
        ),
        row!(
            "install.other-publisher",
            "this document (certificate of a key) is of `adatum`, this application of `fabrikam`",
            {
                let mut other = draft();
                other.publisher = "adatum".parse().unwrap();
                let token = vendor.secret.seal_certificate(&other).unwrap();
                let tenant = entitle::Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
                tenant.install_state(&token).unwrap_err()
            }
        ),
        row!(
            "check-first.license-not-certified",
            format!(
                "An installed license gives nothing: the certificate of the key with which it is signed, {id}, is not \
                 installed. Install the certificate that belongs to the license, or ask the publisher or reseller for it. If \
                 there is no such certificate, update the application."
            ),
            CheckFirst::LicenseNotCertified { key: id }
        ),
        lacking(
            "support.license-not-certified",
            Audience::SupportDesk,
            &format!(
                "An installed license gives nothing: the certificate of the key with which it is signed, {id}, is not \
                 installed. Send the customer the certificate of this key, and have it installed. If there is no such \
                 certificate, have the application updated; if that does not help, issue the license again, signed with a key that it accepts."
            ),
        ),
        lacking(
            "individual.license-not-certified",
            Audience::Individual,
            &format!(
                "An installed license gives nothing: the certificate of the key with which it is signed, {id}, is not \
                 installed. Install the certificate that belongs to the license, or ask the vendor for it. If there is \
                 no such certificate, update the application."
            ),
        ),
        row!(
            "token.beyond-limit",
            format!(
                "what this license grants of `gold` is too much for the key `{id}`, which is trusted only for licenses that give nothing later than 1 day after the issue date, grace and extensions included"
            ),
            { verify(&draft().within(KeyConstraint::Terms(Days::new(1))), &deal) }
        ),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    drafts().into_iter().chain(issuers()).chain(documents()).collect()
}
