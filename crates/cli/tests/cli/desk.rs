//! A folder per test, with a catalog in it, in which the command line runs.

use core::sync::atomic::{AtomicU32, Ordering};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program.
pub(crate) const ENTITLE: &str = env!("CARGO_BIN_EXE_entitle");

static DESKS: AtomicU32 = AtomicU32::new(0);

/// A folder that is removed on drop.
pub(crate) struct Desk {
    pub(crate) dir: PathBuf,
}

impl Drop for Desk {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.dir);
    }
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Asserts the exit code, and a text on stdout or stderr.
    #[track_caller]
    pub(crate) fn ends(&self, code: i32, expected: &str) {
        assert_eq!(self.code, code, "{self:#?}");
        assert!(self.out.contains(expected) || self.err.contains(expected), "no {expected:?} in {self:#?}");
    }

    /// Returns the JSON output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

impl Desk {
    /// Returns a folder with the catalog.
    pub(crate) fn new() -> Self {
        let number = DESKS.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("entitle-cli-{}-{number}", std::process::id()));
        _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        let desk = Self { dir };
        desk.write("f365.json", include_str!("../../../../examples/fabrikam.json"));
        desk
    }

    /// Returns a folder in which Fabrikam has a key, and has sold two gold seats to Contoso:
    /// `contoso.license`.
    pub(crate) fn selling() -> Self {
        let desk = Self::new();
        desk.done("key new fabrikam.key");
        desk.done(SELL);
        desk.done("seal deal.json --key fabrikam.key -o contoso.license");
        desk
    }

    /// Returns the same with the license installed at Contoso.
    pub(crate) fn installed() -> Self {
        let desk = Self::selling();
        desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
        desk.done("tenant install contoso.license");
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Returns the command of a line of words separated by spaces; `_` means a space within a word.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(ENTITLE);
        command.args(line.split_whitespace().map(|word| word.replace('_', " "))).current_dir(&self.dir);
        command
            .env("XDG_STATE_HOME", self.path("state"))
            .env_remove("COLUMNS")
            .env("ENTITLE_LEDGER", "contoso.ledger")
            .env("ENTITLE_AT", "2026-03-02T08:00:00Z");
        for name in ["COLUMNS", "ENTITLE_AS", "ENTITLE_ROLE", "ENTITLE_BOOK", "ENTITLE_TRUST"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, line: &str) -> Run {
        Run::of(&self.command(line).output().unwrap())
    }

    /// Runs a command that has to succeed.
    #[track_caller]
    pub(crate) fn done(&self, line: &str) -> Run {
        let run = self.run(line);
        assert_eq!(run.code, 0, "{line}: {run:#?}");
        run
    }
}

/// Two gold seats for Contoso, for a year.
pub(crate) const SELL: &str = "deal new --catalog f365.json --tenant contoso --name Contoso_Ltd --country DE --grant gold=2 \
                               --starts 2026-03-01 --ends 2027-03-01 --at 2026-02-20 -o deal.json";
