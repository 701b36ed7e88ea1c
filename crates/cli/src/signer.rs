//! Who signs a document: a secret key in a file, or a command that has the key elsewhere.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use clap::Args;
use entitle::token::{PreparedToken, SealError};
use entitle::{PublicKey, SecretKey, Token};

use crate::exit::Failure;
use crate::key;

/// The most that is read of what a signer writes, in bytes: far more than a signature, so that the
/// error can say how long it was.
const MAX_OUTPUT: u64 = 64 * 1024;

/// The key that signs.
#[derive(Debug, Args)]
pub(crate) struct SignerOptions {
    /// The file with the secret key.
    ///
    /// With --signer, the file with the public key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// A command that signs, where the secret key is in a key service or a hardware module.
    ///
    /// The bytes to sign are its stdin, and the 64 bytes of their Ed25519 signature its stdout.
    /// A shell runs it.
    #[arg(long, value_name = "COMMAND", hide_short_help = true)]
    signer: Option<String>,
}

/// A key that signs, wherever it is.
pub(crate) struct Signer {
    public: PublicKey,
    kind: SignerKind,
    /// Warnings about the file of the key.
    pub(crate) notes: Vec<String>,
}

enum SignerKind {
    Secret(SecretKey),
    Command(String),
}

impl SignerOptions {
    /// Returns the key that signs.
    pub(crate) fn open(&self) -> Result<Signer, Failure> {
        if let Some(command) = &self.signer {
            let public = key::public_in(&self.key)?;
            return Ok(Signer { public, kind: SignerKind::Command(command.clone()), notes: Vec::new() });
        }
        let (secret, notes) = key::secret(&self.key)?;
        Ok(Signer { public: secret.public(), kind: SignerKind::Secret(secret), notes })
    }
}

impl Signer {
    /// Returns the public key.
    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Returns the signed document. The signature is verified, wherever it comes from.
    pub(crate) fn sign(&self, prepared: Result<PreparedToken, SealError>) -> Result<Token, Failure> {
        let prepared = prepared.map_err(|error| Failure::unreadable(error.code(), error))?;
        let signature = match &self.kind {
            SignerKind::Secret(secret) => secret.signature(&prepared).to_vec(),
            SignerKind::Command(command) => run(command, prepared.bytes())?,
        };
        prepared.finish(&signature).map_err(|error| {
            let failure = Failure::unreadable(error.code(), error);
            match &self.kind {
                SignerKind::Secret(_) => failure,
                SignerKind::Command(command) => failure.help(format_args!("`{command}` wrote it")),
            }
        })
    }
}

/// Runs a command in a shell, with these bytes as its stdin, and returns its stdout.
fn run(command: &str, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let failed = |what: &dyn core::fmt::Display| {
        Failure::unreadable("cli.signer-failed", format!("the signer `{command}` failed: {what}"))
    };
    let mut child = shell(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| failed(&error))?;
    let output = exchange(&mut child, bytes);
    let status = child.wait().map_err(|error| failed(&error))?;
    let output = output.map_err(|error| failed(&error))?;
    if !status.success() {
        return Err(failed(&status));
    }
    Ok(output)
}

/// Writes to a command and reads from it at the same time, so that neither waits for the other.
fn exchange(child: &mut Child, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let mut output = Vec::new();
    std::thread::scope(|scope| {
        // A command that does not read everything is not an error: its signature is verified.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(bytes)));
        stdout.map(|stdout| stdout.take(MAX_OUTPUT).read_to_end(&mut output)).transpose()
    })?;
    Ok(output)
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command);
    shell
}
