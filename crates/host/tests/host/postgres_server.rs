//! A PostgreSQL server of the tests' own, on a socket in a folder of its own.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::Folder;

pub(crate) struct Server {
    folder: Folder,
}

/// The folders in which distributions keep the programs of the server.
const PROGRAMS: [&str; 6] = [
    "/usr/local/bin",
    "/usr/lib/postgresql/17/bin",
    "/usr/lib/postgresql/16/bin",
    "/usr/lib/postgresql/15/bin",
    "/usr/lib/postgresql/14/bin",
    "/usr/bin",
];

fn program(name: &str) -> Option<PathBuf> {
    PROGRAMS.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists())
}

impl Server {
    /// Starts a server; `None`, and a line that cannot be overlooked, where there is none.
    pub(crate) fn start() -> Option<Self> {
        let (Some(initdb), Some(_)) = (program("initdb"), program("pg_ctl")) else {
            // Not by a macro, whose output is shown of tests that fail alone.
            let skipped = "\n*** SKIPPED: PostgreSQL is not installed, so nothing is shown of its store ***\n\n";
            std::io::stderr().write_all(skipped.as_bytes()).unwrap();
            return None;
        };
        let server = Self { folder: Folder::new() };
        // The server refuses to run as root.
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(server.folder.path("")));
        }
        let mut init = server.command(&initdb);
        run(init.arg("-D").arg(server.data()).args(["-A", "trust", "-U", "postgres", "--no-sync"]));
        server.ctl(&["start"]);
        Some(server)
    }

    /// Ends the server as a crash does, and starts it again.
    pub(crate) fn crash(&self) {
        self.ctl(&["-m", "immediate", "restart"]);
    }

    /// The configuration of a connection.
    pub(crate) fn database(&self) -> String {
        format!("host={} user=postgres dbname=postgres", self.folder.path("").display())
    }

    /// The socket on which the server listens.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path(".s.PGSQL.5432")
    }

    fn data(&self) -> PathBuf {
        self.folder.path("data")
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if is_root() {
            command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        }
        command.current_dir(self.folder.path(""));
        command
    }

    fn ctl(&self, action: &[&str]) {
        let mut ctl = self.command(&program("pg_ctl").unwrap());
        let options = format!("-c listen_addresses='' -c max_connections=200 -k {}", self.folder.path("").display());
        ctl.arg("-D").arg(self.data()).args(["-w", "-l"]).arg(self.folder.path("log")).arg("-o").arg(options);
        run(ctl.args(action));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.data().exists() {
            self.ctl(&["-m", "immediate", "stop"]);
        }
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
}
