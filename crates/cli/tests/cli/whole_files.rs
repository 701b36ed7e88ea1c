//! A document appears under its name at once and whole, or not at all.
#![cfg(unix)]

use std::fs;
use std::process::Command;

use crate::desk::{Desk, ENTITLE, Run};

/// Runs a command that is killed by the system as soon as it has written this many blocks of 512 bytes to
/// a file.
fn cut_short(desk: &Desk, line: &str, blocks: u32) {
    let words = desk.command(line);
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -c 0; ulimit -f {blocks}; exec \"$@\"")).arg("sh").arg(ENTITLE);
    command.args(words.get_args()).current_dir(&desk.dir);
    for (name, value) in words.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let run = Run::of(&command.output().unwrap());
    assert_eq!((run.code, run.out.as_str()), (-1, ""), "killed: {run:#?}");
}

fn names(desk: &Desk) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(&desk.dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What is left of a command that was killed is no document, and the command is simply run again.
#[test]
fn x8_a_command_that_is_killed_while_it_writes_leaves_no_part_of_a_document() {
    let desk = Desk::selling();
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    desk.done("tenant install contoso.license");
    for line in [
        "seal deal.json --key fabrikam.key -o FILE",
        "revise deal.json --catalog f365.json --grant gold=3 -o FILE",
        "revoke --publisher fabrikam --key fabrikam.key -o FILE",
        "tenant statement --months 2026-03 -o FILE",
        "key new other.key --public FILE",
        "book new FILE --publisher fabrikam",
    ] {
        let before = names(&desk);
        // Nothing, and a part where the document is longer.
        let blocks = [0, 1].into_iter().take(if line.contains("seal") || line.contains("revise") { 2 } else { 1 });
        for blocks in blocks {
            cut_short(&desk, &line.replace("FILE", "made"), blocks);
            assert!(!desk.path("made").exists() && !desk.path("other.key").exists(), "{line}");
        }
        let left: Vec<_> = names(&desk).into_iter().filter(|name| !before.contains(name)).collect();
        for name in &left {
            assert!(
                name.starts_with(".entitle-") && desk.path(name).is_dir(),
                "{line}: {name} is taken for a document"
            );
            fs::remove_dir_all(desk.path(name)).unwrap();
        }
        assert!(!left.is_empty(), "{line} was killed while it wrote");
        desk.done(&line.replace("FILE", "made"));
        assert!(names(&desk).iter().all(|name| !name.starts_with('.')), "{line}: {:?}", names(&desk));
        desk.run(&line.replace("FILE", "made")).ends(5, "made already exists");
        fs::remove_file(desk.path("made")).unwrap();
        _ = fs::remove_file(desk.path("other.key"));
    }
}
