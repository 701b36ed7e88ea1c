//! What `inspect` shows of documents that are no licenses, before their signature is verified.

use crate::desk::{Desk, Run};
use crate::terminal::token;

fn id(desk: &Desk, key: &str) -> String {
    desk.done(&format!("key show {key}.pub --json")).json()["id"].as_str().unwrap().to_string()
}

/// Asserts the rows of a document, with the signer and that it is not verified.
#[track_caller]
fn shows(desk: &Desk, file: &str, signer: &str, expected: &str) {
    let run = desk.done(&format!("inspect {file}"));
    let id = id(desk, signer);
    let end = format!("  key      {id}\n           unverified: give the public key with --trust to verify it\n");
    assert_eq!(run.out, format!("{expected}{end}"));
    // Verified, the same is shown.
    let end = format!("  key      {id}\n           verified with {signer}.pub\n");
    let trust = format!("{signer}.pub=licenses,anyone,lists,tickets,certificates");
    assert_eq!(desk.done(&format!("inspect {file} --trust {trust}")).out, format!("{expected}{end}"));
}

#[test]
fn x5_a_list_says_in_words_what_it_revokes() {
    let desk = Desk::selling();
    desk.done("key new lists.key");
    desk.done("revoke --publisher fabrikam --key lists.key -o empty.list");
    shows(
        &desk,
        "empty.list",
        "lists",
        "revocation list\n  of       fabrikam, number 1 of its key\n  issued   2026-03-02T08:00:00Z\n  revokes  nothing\n",
    );
    let (one, other, key) = ("2a".repeat(16), "2b".repeat(16), id(&desk, "fabrikam"));
    // The id of a key may contain `_`, which means a space in a line.
    let mut revoke = desk.command(&format!(
        "revoke --after empty.list --license {one}=3 --license {other} --from 2026-04-01 --key lists.key -o full.list"
    ));
    Run::of(&revoke.args(["--ended-key", &key]).output().unwrap()).ends(0, "revocation list 2 of fabrikam, 3 entries");
    let entries = desk.done("inspect full.list --json").json()["says"]["entries"].clone();
    let hash = |place: usize| entries[place]["license"]["license"].as_str().unwrap().to_string();
    let expected = format!(
        "revocation list\n  of       fabrikam, number 2 of its key\n  issued   2026-03-02T08:00:00Z\n  \
         revokes  the license with the hash {} up to revision 3, from 2026-04-01 on\n           \
         the license with the hash {} in all revisions, from 2026-04-01 on\n           \
         the key {key} with all that it signed, from 2026-04-01 on\n",
        hash(0),
        hash(1)
    );
    shows(&desk, "full.list", "lists", &expected);
    // Of a long list a screen or two, and how many there are more.
    let many: Vec<String> = (0..102).map(|number| format!("--license {number:032x}")).collect();
    desk.done(&format!("revoke --publisher fabrikam {} --key fabrikam.key -o long.list", many.join(" ")));
    let run = desk.done("inspect long.list");
    assert_eq!(run.out.matches("the license with the hash").count(), 100);
    assert!(run.out.contains("\n           2 more, which --json shows\n"), "{run:#?}");
}

#[test]
fn x6_a_ticket_says_in_words_which_records_it_corrects() {
    let desk = Desk::selling();
    let checkpoint = format!("{}.3.{}", "5a".repeat(16), "A".repeat(43));
    for (anchor, shown) in [("", "any record of the tenant"), (&*format!("--anchor {checkpoint}"), &*checkpoint)] {
        desk.done(&format!("ticket contoso --catalog f365.json --key fabrikam.key {anchor} -o a.ticket"));
        let ticket = desk.done("inspect a.ticket --json").json()["says"]["jti"].as_str().unwrap().to_string();
        let expected = format!(
            "time ticket\n  offer    f365 of fabrikam\n  for      contoso\n  issued   2026-03-02T08:00:00Z\n  id       {ticket}\n  \
             anchor   {shown}\n"
        );
        shows(&desk, "a.ticket", "fabrikam", &expected);
        std::fs::remove_file(desk.path("a.ticket")).unwrap();
    }
}

#[test]
fn x10_a_certificate_says_in_words_what_the_key_may_sign() {
    let desk = Desk::selling();
    desk.done("key new reseller.key");
    desk.done(
        "key certify reseller.pub --publisher fabrikam --for licenses,lists --first-list 3 --until 2027-01-01 --offer f365 \
         --key fabrikam.key -o a.certificate",
    );
    let expected = format!(
        "certificate of a key\n  of       fabrikam\n  subject  the key {}\n           {}\n  signs    licenses\n           \
         revocation lists from number 3 on\n  dated    from 2026-03-02T08:00:00Z until 2027-01-01\n  only     documents for `f365`\n  \
         issued   2026-03-02T08:00:00Z\n",
        id(&desk, "reseller"),
        desk.read("reseller.pub").trim()
    );
    shows(&desk, "a.certificate", "fabrikam", &expected);
}

/// What no document of its kind can claim is shown as it is, and named.
#[test]
fn claims_that_no_document_can_have_are_an_error() {
    let desk = Desk::new();
    for kind in ["revocation-list", "time-ticket", "key-certificate"] {
        desk.write("other", token(r#"{"iss":"fabrikam","more":1}"#, &format!("entitle.{kind}.v1"), "k4.pid.x"));
        let run = desk.run("inspect other");
        run.ends(3, "  says     iss: fabrikam\n           more: 1\n");
        run.ends(3, "[token.claims]\n");
    }
}
