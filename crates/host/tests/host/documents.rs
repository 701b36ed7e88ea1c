//! A folder of documents, each reported.

use std::fs;

use entitle::{Actor, Deal, Role};
use entitle_host::{DocumentOutcome, Local, LocalOptions};

use crate::support::{Folder, admin, anchored, deal, license, now, open, open_with, publisher, resold, submit};

fn outcomes(local: &mut Local, folder: &Folder) -> Vec<String> {
    let reports = local.install_all(folder.path("licenses"), &admin(), now()).unwrap();
    let path = folder.path("licenses").display().to_string();
    reports.iter().map(|report| report.to_string().replace(&path, "")).collect()
}

#[test]
fn each_document_of_a_folder_is_installed_once_and_reported() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    assert!(outcomes(&mut local, &folder).is_empty(), "no folder, no documents");
    let licenses = folder.path("licenses");
    fs::create_dir_all(licenses.join("a folder in it")).unwrap();
    let two = format!("{}\n{}", license("contoso", 1, 1).to_armor(), license("contoso", 2, 1).to_armor());
    fs::write(licenses.join("a"), two).unwrap();
    fs::write(licenses.join("b"), license("northwind", 3, 1).to_string()).unwrap();
    fs::write(licenses.join("c"), "hello").unwrap();
    fs::write(licenses.join("d"), [0xFF, 0xFE]).unwrap();
    fs::write(licenses.join("e"), license("contoso", 4, 1).to_string().replace("v4.public.e", "v4.public.f")).unwrap();
    let revision = publisher().seal(&deal("contoso", 5, 2).revise(now()).unwrap()).unwrap();
    fs::write(licenses.join("f"), revision.to_string()).unwrap();
    fs::write(licenses.join("g"), license("contoso", 5, 1).to_string()).unwrap();
    let first = outcomes(&mut local, &folder);
    assert_eq!(first.len(), 8, "{first:#?}");
    assert_eq!(first[..2], ["`/a`: installed by entry 1", "`/a`, document 2: installed by entry 2"]);
    assert!(first[2].starts_with("`/b`: this document (license) is for the tenant `northwind`"), "{}", first[2]);
    assert!(first[3].starts_with("`/c`: "), "{}", first[3]);
    assert_eq!(first[4], "`/d`: it is not text: save the file again as it was sent");
    assert_eq!(first[6..], ["`/f`: installed by entry 3", "`/g`: superseded by what is installed"]);
    let again = outcomes(&mut local, &folder);
    assert_eq!(again[..2], ["`/a`: already installed", "`/a`, document 2: already installed"]);
    assert_eq!(local.tenant().position(), 3);
}

/// The second revision of a license, for so many users.
fn revision(units: u32) -> Deal {
    let deal = deal("contoso", 5, units);
    deal.grants.iter().cloned().fold(deal.revise(now()).unwrap(), Deal::with)
}

/// A second revision 2 of one license holds a purchase that nobody has: it does not read as one that is no
/// longer needed.
#[test]
fn l3_another_license_with_the_revision_installed_is_reported_with_what_to_do() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    let [sold, other] = [2, 9].map(|units| publisher().seal(&revision(units)).unwrap());
    assert!(matches!(local.install(&sold, &admin(), now()), DocumentOutcome::Installed(_)));
    let outcome = local.install(&other, &admin(), now());
    assert!(matches!(outcome, DocumentOutcome::Refused(_)), "{outcome:?}");
    let report = outcome.message().to_string();
    assert!(report.starts_with("another revision 2 of this license is installed: ask"), "{report}");
}

#[test]
fn l3_what_another_process_installed_meanwhile_supersedes_or_conflicts_as_what_this_one_did() {
    let folder = Folder::new();
    let mut ours = open(&folder.record()).unwrap();
    let install_elsewhere = |token| {
        let outcome = open(&folder.record()).unwrap().install(&token, &admin(), now());
        assert!(matches!(outcome, DocumentOutcome::Installed(_)), "{outcome:?}");
    };
    // This process has not read yet what the other one did.
    install_elsewhere(publisher().seal(&revision(2)).unwrap());
    let earlier = ours.install(&license("contoso", 5, 1), &admin(), now());
    assert!(matches!(earlier, DocumentOutcome::Superseded), "{earlier:?}");
    let next = revision(2).revise(now()).unwrap();
    let [third, other] = [3, 9].map(|units| {
        let next = revision(units).grants.iter().cloned().fold(next.clone(), Deal::with);
        publisher().seal(&next).unwrap()
    });
    install_elsewhere(third);
    let outcome = ours.install(&other, &admin(), now());
    assert!(matches!(outcome, DocumentOutcome::Refused(_)), "{outcome:?}");
    let report = outcome.message().to_string();
    assert!(report.starts_with("another revision 3 of this license is installed: ask"), "{report}");
}

#[test]
fn x10_a_certificate_is_installed_before_what_it_admits() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    let licenses = folder.path("licenses");
    fs::create_dir_all(&licenses).unwrap();
    let [license, certificate] = resold(1);
    fs::write(licenses.join("a"), format!("{}\n{}", license.to_armor(), resold(2)[0].to_armor())).unwrap();
    fs::write(licenses.join("b"), certificate.to_string()).unwrap();
    let expected =
        ["`/a`: installed by entry 2", "`/a`, document 2: installed by entry 3", "`/b`: installed by entry 1"];
    assert_eq!(outcomes(&mut local, &folder), expected);
    assert_eq!(local.tenant().position(), 3);
}

#[test]
fn a_document_that_another_process_installed_is_already_there() {
    let folder = Folder::new();
    let (mut one, mut other) = (open(&folder.record()).unwrap(), open(&folder.record()).unwrap());
    assert!(matches!(one.install(&license("contoso", 1, 1), &admin(), now()), DocumentOutcome::Installed(_)));
    assert!(matches!(other.install(&license("contoso", 1, 1), &admin(), now()), DocumentOutcome::AlreadyThere));
    let nobody = Actor::new("eve".parse().unwrap()).with(Role::UserAdministrator);
    assert!(matches!(other.install(&license("contoso", 2, 1), &nobody, now()), DocumentOutcome::Refused(_)));
}

#[test]
fn x7_an_anchored_license_counts_on_the_record_that_contains_its_checkpoint() {
    let folder = Folder::new();
    let mut local = open_with(LocalOptions::new().snapshot_every(1), &folder.record()).unwrap();
    submit(&mut local, "bo");
    let token = anchored(local.tenant(), 1);
    submit(&mut local, "cy");
    // From a snapshot too, which has no proof.
    drop(open_with(LocalOptions::new().snapshot_every(1), &folder.record()).unwrap());
    let mut local = open(&folder.record()).unwrap();
    assert_eq!(local.opening().from_snapshot, Some(2));
    let outcome = local.install(&token, &admin(), now());
    assert!(matches!(outcome, DocumentOutcome::Installed(_)), "{outcome:?}");
    assert!(local.tenant().may_install(now()).is_allowed());
    for _ in 0..2 {
        let local = open_with(LocalOptions::new().snapshot_every(1), &folder.record()).unwrap();
        assert!(local.tenant().may_install(now()).is_allowed());
    }
    // Another record of the tenant does not contain it.
    let mut other = open(&folder.path("other")).unwrap();
    assert!(!matches!(other.install(&token, &admin(), now()), DocumentOutcome::Installed(_)));
}

#[test]
fn x7_what_another_process_installed_is_proved_when_it_is_read() {
    let folder = Folder::new();
    let (mut one, mut other) = (open(&folder.record()).unwrap(), open(&folder.record()).unwrap());
    let mut reader = open_with(LocalOptions::new().read_only(), &folder.record()).unwrap();
    submit(&mut one, "bo");
    let token = anchored(one.tenant(), 1);
    assert!(matches!(one.install(&token, &admin(), now()), DocumentOutcome::Installed(_)));
    for local in [&mut other, &mut reader] {
        assert!(!local.tenant().may_install(now()).is_allowed());
        assert_eq!(local.refresh().unwrap(), 2);
        assert!(local.tenant().may_install(now()).is_allowed());
    }
}

#[test]
fn a_file_that_is_too_long_is_named_with_its_size() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    let licenses = folder.path("licenses");
    fs::create_dir(&licenses).unwrap();
    fs::write(licenses.join("photo"), "x".repeat(9_000_000)).unwrap();
    let reports = local.install_all(&licenses, &admin(), now()).unwrap();
    assert!(reports[0].to_string().contains("this one has 9000000"), "{}", reports[0]);
}
