//! The deal book as a file: one writer at a time, and a last line whose writing was interrupted.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::process::Stdio;

use crate::deal_book::{GOLD, deal, done, entries, sell, with, with_book};
use crate::desk::Run;

/// Many processes write at once: each gets a number of its own, and the book stays whole.
#[test]
fn several_commands_write_one_after_the_other() {
    let desk = with_book();
    for number in 0..4 {
        deal(&desk, &format!("c{number}"), GOLD);
    }
    let start = |line: String| {
        let mut command = desk.command(&line);
        command.env("ENTITLE_BOOK", "fabrikam.book").env("ENTITLE_AS", "ada");
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let mut running = Vec::new();
    for number in 0..4 {
        running.push(start(format!("revoke --key lists.key --wait 60 -o {number}.list")));
        running.push(start(format!("seal c{number}.json --key fabrikam.key --wait 60 -o c{number}.license")));
    }
    for each in running {
        Run::of(&each.wait_with_output().unwrap()).ends(0, "fabrikam.book: entry ");
    }
    assert_eq!(entries(&desk), 10, "two keys, four lists, four licenses");
    let titles: BTreeSet<String> = (0..4)
        .map(|number| desk.done(&format!("inspect {number}.list --json")).json()["says"]["sequence"].to_string())
        .collect();
    assert_eq!(titles.into_iter().collect::<Vec<_>>(), ["1", "2", "3", "4"]);
    assert_eq!(done(&desk, "deal list --json").json()["deals"].clone().as_array().unwrap().len(), 4);
}

/// A log is whole at every instant; where --at is given, the refusal says so, and nothing about the value.
#[test]
fn the_log_has_the_entries_of_all_instants() {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    let whole = done(&desk, "book log").out;
    assert_eq!(whole.lines().filter(|line| line.contains("license")).count(), 1, "{whole}");
    let mut before = desk.command("book log --book fabrikam.book");
    assert_eq!(Run::of(&before.env("ENTITLE_AT", "2020-01-01").output().unwrap()).out, whole);
    for line in [
        "book log --at 2020-01-01",
        "book --at 2020-01-01 log",
        "--at 2020-01-01 book log",
        "book log --at=yesterday --last 1",
        "book log --at",
        "book log --at=",
        "book log --at --last 1",
    ] {
        let run = with(&desk, line);
        let refused = "error: the log of a book has the entries of all instants: leave out --at [cli.usage]\n";
        assert_eq!((run.code, run.err.as_str()), (2, refused), "{line}");
    }
    // Another command of the book has nothing to do with the time.
    let run = with(&desk, "book document 1 --at 2020-01-01");
    assert_eq!(run.err, "error: this command does not depend on the time: leave out --at [cli.usage]\n");
}

#[test]
fn a_locked_book_is_waited_for_and_nothing_is_signed() {
    let desk = with_book();
    deal(&desk, "contoso", GOLD);
    let lock = OpenOptions::new().create(true).append(true).open(desk.path("fabrikam.book.lock")).unwrap();
    fs4::FileExt::lock(&lock).unwrap();
    let seal = "seal contoso.json --key fabrikam.key -o contoso.license --wait 0";
    with(&desk, seal).ends(4, "[cli.locked]");
    assert!(!desk.path("contoso.license").exists() && entries(&desk) == 0);
    // Reading does not wait.
    done(&desk, "deal list").ends(0, "The book has no deals.");
    drop(lock);
    done(&desk, seal);
    // A pipe or a link in the place of the lock is not opened.
    fs::remove_file(desk.path("fabrikam.book.lock")).unwrap();
    fs::create_dir(desk.path("fabrikam.book.lock")).unwrap();
    with(&desk, "revoke --key lists.key").ends(5, "fabrikam.book.lock");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = desk.path("fabrikam.book").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "readable by its owner only");
    }
}

/// Links lead to one book, which one command alone writes to.
#[cfg(unix)]
#[test]
fn a_link_to_a_book_has_the_lock_of_the_book() {
    let desk = with_book();
    deal(&desk, "contoso", GOLD);
    fs::create_dir(desk.path("links")).unwrap();
    std::os::unix::fs::symlink("../fabrikam.book", desk.path("links/link.book")).unwrap();
    std::os::unix::fs::symlink(&desk.dir, desk.path("links/folder")).unwrap();
    let books = ["links/link.book", "links/folder/fabrikam.book", "./fabrikam.book"];
    let lock = OpenOptions::new().create(true).append(true).open(desk.path("fabrikam.book.lock")).unwrap();
    fs4::FileExt::lock(&lock).unwrap();
    let seal = |book: &str| desk.run(&format!("seal contoso.json --key fabrikam.key --as ada --wait 0 --book {book}"));
    for book in books {
        seal(book).ends(4, "[cli.locked]");
    }
    drop(lock);
    for book in books {
        seal(book).ends(0, "-----BEGIN ENTITLE TOKEN-----");
    }
    assert_eq!((entries(&desk), fs::read_dir(desk.path("links")).unwrap().count()), (2, 2), "no lock beside a link");
    // A name of its own would have a lock of its own: nothing is written, under either name.
    fs::hard_link(desk.path("fabrikam.book"), desk.path("links/second.book")).unwrap();
    deal(&desk, "northwind", GOLD);
    for book in ["links/second.book", "fabrikam.book", "links/link.book"] {
        let run = desk.run(&format!("seal northwind.json --key fabrikam.key --as ada --book {book}"));
        run.ends(5, "has 2 names (hard links), and commands under different names would not wait for each other [cli.hard-link]");
        assert!(run.out.is_empty(), "{run:#?}");
        desk.done(&format!("deal list --book {book}"));
    }
    assert!(entries(&desk) == 2 && !desk.path("links/second.book.lock").exists());
    fs::remove_file(desk.path("links/second.book")).unwrap();
    desk.done("seal northwind.json --key fabrikam.key --as ada --book fabrikam.book");
}

/// A line whose writing was interrupted was never acknowledged.
#[test]
fn x7_an_incomplete_last_line_is_ignored_and_removed() {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    let whole = desk.read("fabrikam.book");
    deal(&desk, "northwind", GOLD);
    for torn in ["{", "{\"number\":3,\"previous\":\"", &whole.lines().next_back().unwrap()[..200], "\0\0\0"] {
        desk.write("fabrikam.book", format!("{whole}{torn}"));
        let run = done(&desk, "deal list");
        run.ends(0, "note: fabrikam.book: ignored an incomplete last line, which was never acknowledged");
        assert!(
            run.out.contains("The contoso") && desk.read("fabrikam.book").ends_with(torn),
            "reading removes nothing"
        );
        let run = done(&desk, "seal northwind.json --key fabrikam.key");
        run.ends(0, "entry 3");
        let book = desk.read("fabrikam.book");
        assert!(book.starts_with(&whole) && book.lines().count() == 4 && book.ends_with("\"}\n"), "{torn:?}: {book}");
        done(&desk, "deal show northwind");
    }
    // A book that ends with an invalid byte.
    let mut file = OpenOptions::new().append(true).open(desk.path("fabrikam.book")).unwrap();
    file.write_all(b"\xff").unwrap();
    done(&desk, "deal list").ends(0, "ignored an incomplete last line");
    file.write_all(b"\n").unwrap();
    with(&desk, "deal list").ends(3, "[cli.not-a-book]");
}
