//! Whom a revocation list revokes, by name: a list has hashes alone.

use crate::deal_book::{GOLD, deal, done, sell, with, with_book};
use crate::desk::{Desk, Run};

#[test]
fn x5_revoke_and_the_log_name_whom_a_list_revokes() {
    let desk = with_book();
    let contoso = sell(&desk, "contoso", GOLD);
    let northwind = sell(&desk, "northwind", GOLD);
    let first = done(&desk, "revoke --deal contoso --key lists.key --from 2026-06-01 -o one.list");
    let one = format!("The contoso ({}), all revisions, from 2026-06-01 on", &contoso[..8]);
    assert_eq!(first.out, format!("one.list: revocation list 1 of fabrikam, 1 entry\n  new: {one}\n"));
    // The next list has it as before, a later one nothing new.
    let second = done(&desk, &format!("revoke --license {northwind}=2 --key lists.key -o two.list --json"));
    let json = second.json()["revokes"].clone();
    assert_eq!(json.as_array().map(Vec::len), Some(2), "{json}");
    let flags = [0, 1].map(|each: usize| json[each]["is_new"].clone());
    assert_eq!(flags, [false, true]);
    assert_eq!((&json[1]["license"], &json[1]["customer"]), (&northwind.into(), &"The northwind".into()));
    assert_eq!((&json[1]["through"], &json[0]["through"]), (&2.into(), &serde_json::Value::Null));
    let third = done(&desk, "revoke --key lists.key -o three.list");
    third.ends(
        0,
        &format!(
            "three.list: revocation list 3 of fabrikam, 2 entries\n  as before: {one}\n  as before: The northwind ("
        ),
    );
    third.ends(0, "), revisions up to 2, from 2026-03-02T08:00:00Z on\n");
    // Each key numbers its own lists.
    done(&desk, "revoke --deal contoso --key fabrikam.key --from 2026-06-01 -o own.list")
        .ends(0, &format!("  new: {one}\n"));
    let log = done(&desk, "book log");
    assert_eq!(
        log.out.matches(&format!("revocation list 1 of fabrikam, 1 entry; new: {one}\n")).count(),
        2,
        "{log:#?}"
    );
    log.ends(0, "revocation list 2 of fabrikam, 2 entries; new: The northwind (");
    log.ends(0, "revocation list 3 of fabrikam, 2 entries\n");
    let json = done(&desk, "book log --json").json();
    let lists = json["entries"].as_array().unwrap().iter().filter(|entry| entry.get("revokes").is_some());
    let new: Vec<usize> = lists
        .map(|list| list["revokes"].as_array().unwrap().iter().filter(|each| each["is_new"] == true).count())
        .collect();
    assert_eq!(new, [1, 1, 0, 1]);
    // Without a file, stdout is the list, and whom it revokes is a note.
    let run = with(&desk, "revoke --key lists.key");
    run.ends(0, &format!("note: as before: {one}\n"));
    assert!(run.out.starts_with("-----BEGIN") && !run.out.contains("contoso"), "{run:#?}");
}

#[test]
fn x5_what_a_book_does_not_know_is_named_by_its_id_or_its_hash() {
    let desk = with_book();
    desk.done("key new stolen.key");
    let unknown = "2a".repeat(16);
    let mut revoke = desk.command(&format!("revoke --license {unknown} --key lists.key --from 2026-06-01 -o one.list"));
    let key = desk.done("key show stolen.pub --json").json()["id"].as_str().unwrap().to_string();
    let run = Run::of(&revoke.args(["--ended-key", &key, "--book", "fabrikam.book", "--as", "ada"]).output().unwrap());
    run.ends(0, &format!("  new: license {unknown}, all revisions, from 2026-06-01 on\n"));
    run.ends(0, &format!("  new: key {key} with all that it signed, from 2026-06-01 on\n"));
    done(&desk, "book log").ends(0, "; new: the license with the hash ");
    // Without a book the ids of the command line are all that is known.
    desk.done(&format!("revoke --publisher fabrikam --license {unknown} --key lists.key -o alone.list"))
        .ends(0, &format!("  new: license {unknown}, all revisions, from "));
    desk.done("revoke --after alone.list --key lists.key -o next.list")
        .ends(0, "  as before: the license with the hash ");
}

/// The list that revokes a deal says by which of its entries.
#[test]
fn x5_a_deal_shows_by_which_entry_a_list_revokes_it() {
    let desk = with_book();
    let contoso = sell(&desk, "contoso", GOLD);
    sell(&desk, "northwind", GOLD);
    done(&desk, "revoke --deal northwind --key lists.key --from 2026-06-01 -o one.list");
    done(&desk, "revoke --deal contoso --key lists.key --from 2026-05-01 -o two.list");
    let shown = done(&desk, "deal show contoso");
    shown.ends(
        0,
        &format!("\n           which revokes The contoso ({}), all revisions, from 2026-05-01 on\n", &contoso[..8]),
    );
    assert!(!shown.out.contains("northwind"), "{shown:#?}");
    // By its key, where the license itself is not named.
    let key = desk.done("key show fabrikam.pub --json").json()["id"].as_str().unwrap().to_string();
    sell(&desk, "fourth", GOLD);
    let mut revoke = desk.command("revoke --key lists.key --from 2026-08-01 -o three.list");
    let run = Run::of(&revoke.args(["--ended-key", &key, "--book", "fabrikam.book", "--as", "ada"]).output().unwrap());
    run.ends(0, "new: key ");
    done(&desk, "deal show fourth")
        .ends(0, &format!("which revokes key {key} with all that it signed, from 2026-08-01 on\n"));
}

/// A long list names all that is new, and the first ones of what was there before.
#[test]
fn x5_a_long_list_names_the_new_ones_first() {
    let desk = Desk::new();
    desk.done("key new lists.key");
    let many = (1..=8).map(|id| format!(" --license {id:032x}")).collect::<Vec<_>>().concat();
    let run = desk.done(&format!("revoke --publisher fabrikam{many} --key lists.key -o one.list"));
    assert_eq!(run.out.matches("  new: license 0").count(), 8, "{run:#?}");
    let run = desk.done(&format!("revoke --after one.list --license {:032x} --key lists.key -o two.list", 9));
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(lines[1].starts_with("  new: license 0") && lines[7] == "  as before: 3 more", "{run:#?}");
    assert_eq!(lines.len(), 8);
    desk.done("book new fabrikam.book --publisher fabrikam");
    done(&desk, &format!("revoke{many} --key lists.key -o all.list"));
    done(&desk, "book log").ends(0, "; and 3 more\n");
}

/// Without a book nothing but --after says that the key has signed a list: a second list 1 would have nothing of
/// the first, and who has the first refuses it.
#[test]
fn x5_a_list_without_a_book_says_that_it_is_the_first_of_its_key() {
    let desk = Desk::new();
    desk.done("key new lists.key");
    let note = "this is list 1 of its key; if the key has signed a list before, name that one with --after: a list \
                replaces the one before as a whole";
    let run = desk.done("revoke --publisher fabrikam --key lists.key -o one.list");
    assert!(run.err.starts_with(&format!("note: {note}\n")), "{run:#?}");
    let json = desk.done("revoke --publisher fabrikam --key lists.key -o other.list --json").json();
    assert_eq!(json["notes"][0], note, "{json}");
    let run = desk.done("revoke --after one.list --key lists.key -o two.list");
    assert!(!run.err.contains("list 1 of its key"), "{run:#?}");
    // A book knows the lists of the key.
    desk.done("book new fabrikam.book --publisher fabrikam");
    let run = done(&desk, "revoke --key lists.key -o booked.list");
    assert!(!run.err.contains("list 1 of its key"), "{run:#?}");
}

/// A list does nothing at the publisher: what makes it count is named, and what a key for both means.
#[test]
fn x5_a_list_says_where_it_counts_and_which_key_it_takes() {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    let run = done(&desk, "revoke --deal contoso --key lists.key -o one.list");
    run.ends(
        0,
        "note: give the list to the customers: it counts where it is installed, and its key trusted for lists\n",
    );
    run.ends(
        0,
        "note: a customer without it stays licensed, except where --fresh of the deal asks for a recent list\n",
    );
    assert!(!run.err.contains("signs licenses too"), "{run:#?}");
    let run = done(&desk, "revoke --deal contoso --key fabrikam.key -o both.list");
    run.ends(0, "note: this key signs licenses too: if it is stolen, no list can revoke it;");
    // As well where the license is the later one.
    deal(&desk, "northwind", GOLD);
    let sealed = done(&desk, "seal northwind.json --key fabrikam.key -o northwind.license");
    sealed.ends(0, "note: this key signs revocation lists too: if it is stolen, no list can revoke it;");
    deal(&desk, "adatum", GOLD);
    done(&desk, "key new sales.key");
    let sealed = done(&desk, "seal adatum.json --key sales.key -o adatum.license");
    assert!(!sealed.err.contains("signs revocation lists too"), "{sealed:#?}");
    let words = |line: &str| desk.done(line).out.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = words("revoke --help");
    for part in [
        "A customer who never installs it stays licensed, unless the license was sold with --fresh",
        "trusted for lists",
    ] {
        assert!(help.contains(part), "{help}");
    }
    assert!(words("key new --help").contains("another one for revocation lists: `entitle key new lists.key`"));
    assert!(words("--help").contains("Sign licenses with one key, and revocation lists with another"));
}
