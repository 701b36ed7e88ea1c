//! `entitle key`: key pairs of the publisher, and public keys.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use entitle::chrono::{DateTime, Utc};
use entitle::token::{KeyError, KeyPermissions, KeyPurpose};
use entitle::{KeyRing, PublicKey, SecretKey, Zeroizing};
use serde_json::json;

use crate::answer::Answer;
use crate::certify::Certify;
use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::text::name;
use crate::timeless::Timeless;

/// The prefix of every secret key.
pub(crate) const SECRET: &str = "k4.secret.";

/// The beginning of a DER-encoded Ed25519 public key, before its 32 bytes (RFC 8410, 10.1).
const ED25519: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Make key pairs, and show public keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key pair: a secret key, and a public key in a file that ends in `.pub`.
    ///
    /// `entitle key new fabrikam.key`
    ///
    /// The file of the secret key is readable by you only (mode 600). Nothing is overwritten, and the secret key is never shown. Everyone who has it can sign
    /// licenses: keep a copy in a safe place.
    ///
    /// Make one key for licenses, and another one for revocation lists: `entitle key new lists.key`. Applications
    /// trust each for its purpose. A list revokes a stolen key for licenses, but never a key that is trusted
    /// for lists: one key for both could not be revoked.
    New {
        /// The file for the secret key, e.g. `fabrikam.key`.
        file: PathBuf,
        /// The file for the public key [default: FILE with the ending `.pub`].
        #[arg(long, value_name = "FILE")]
        public: Option<PathBuf>,
        #[command(flatten)]
        time: Timeless,
    },
    Certify(Box<Certify>),
    /// Show the public key in a file with a secret or a public key, and its id.
    ///
    /// `entitle key show fabrikam.pub`
    ///
    /// The file may be in PEM, as key services and `openssl pkey -pubout` write it.
    Show {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        time: Timeless,
    },
}

impl KeyCommand {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        match self {
            Self::Certify(certify) => certify.run(now),
            Self::New { file, public, .. } => new(file, public.as_deref()),
            Self::Show { file, .. } => show(file),
        }
    }
}

pub(crate) fn new(file: &Path, public: Option<&Path>) -> Result<Answer, Failure> {
    let public_file = public.map_or_else(|| file.with_extension("pub"), Path::to_path_buf);
    if public_file == file {
        return Err(Failure::usage("cli.same-file", "the secret and the public key cannot share a file"));
    }
    require_free(file, &public_file)?;
    let mut seed = Zeroizing::new([0; 32]);
    crate::random::fill(seed.as_mut_slice())?;
    let secret = SecretKey::from_seed(&seed);
    let public = secret.public();
    // The secret key is written first: a public key without it would be shipped, and nobody could sign for it.
    // In two parts: a growing text would leave a copy of the key in memory.
    let text = secret.to_paserk();
    files::write_bytes(file, &[text.as_bytes(), b"\n"], Secrecy::Secret)?;
    if let Err(failure) = files::write_new(&public_file, &format!("{public}\n"), Secrecy::Public) {
        // Nobody has its public key yet.
        _ = std::fs::remove_file(file);
        return Err(failure);
    }
    let (file, public_file) = (name(file), name(&public_file));
    let json = json!({ "secret_key_file": file, "public_key_file": public_file, "public_key": public.to_string(), "id": public.id() });
    let answer = Answer::new(json)
        .escaped_line(format_args!("{file}: the secret key, readable by you only. Keep a copy in a safe place."));
    Ok(answer.escaped_line(format_args!("{public_file}: the public key, to be compiled into the application.")))
}

/// Fails if one of the files of a key pair is there. Where a command was interrupted between the two, the
/// public key is missing, and the error says how to make it.
fn require_free(file: &Path, public_file: &Path) -> Result<(), Failure> {
    let exists = |path: &Path| files::cannot_write(path, &ErrorKind::AlreadyExists.into());
    if public_file.symlink_metadata().is_ok() {
        return Err(exists(public_file));
    }
    let Ok(metadata) = file.symlink_metadata() else { return Ok(()) };
    if !metadata.is_file() || secret(file).is_err() {
        return Err(exists(file));
    }
    let (shown, public_file) = (name(file), name(public_file));
    Err(exists(file).help(format_args!(
        "nothing was overwritten: it is a whole secret key, and {public_file} is missing: `entitle key show {shown} | head -1 > {public_file}` writes its public key; to make another key, name another file"
    )))
}

pub(crate) fn show(file: &Path) -> Result<Answer, Failure> {
    show_text(file, &files::read_any(file)?)
}

/// Returns the public key in a text that was read from this file.
pub(crate) fn show_text(file: &Path, text: &str) -> Result<Answer, Failure> {
    let (kind, public) = match SecretKey::from_paserk(text.trim()) {
        Ok(secret) => ("secret", secret.public()),
        Err(KeyError::OtherKind { .. }) => ("public", parse_public(file, text)?),
        Err(error) => return Err(not_a_key(file, &error)),
    };
    let answer = Answer::new(
        json!({ "file": file.to_string_lossy(), "kind": kind, "public_key": public.to_string(), "id": public.id() }),
    );
    Ok(answer.escaped_line(format_args!("{public}")).line(format_args!("{}", public.id())))
}

/// Returns the secret key in a file, and warnings about the file.
pub(crate) fn secret(file: &Path) -> Result<(SecretKey, Vec<String>), Failure> {
    let text = files::read_any(file)?;
    let secret = SecretKey::from_paserk(text.trim())
        .map_err(|error| not_a_key(file, &error).help("give the secret key file that `entitle key new` wrote"))?;
    Ok((secret, permission_warnings(file)))
}

/// Returns a public key, from its text or from a file.
pub(crate) fn public(text_or_path: &str) -> Result<PublicKey, Failure> {
    let path = Path::new(text_or_path);
    if text_or_path.starts_with("k4.public.") {
        return text_or_path.parse().map_err(|error| not_a_key(path, &error));
    }
    public_in(path)
}

/// Returns the public key in a file.
pub(crate) fn public_in(path: &Path) -> Result<PublicKey, Failure> {
    let text = files::read_any(path)?;
    if text.contains(SECRET) {
        let name = name(path);
        return Err(Failure::usage(
            "cli.secret-key",
            format!("{name} contains a secret key, a public key is required"),
        )
        .help("give the file that ends in `.pub`; a customer never needs the secret one"));
    }
    parse_public(path, &text)
}

/// Returns a public key from a text that was read from this file: `k4.public.…`, or the PEM that key
/// services and `openssl pkey -pubout` write (RFC 8410).
fn parse_public(file: &Path, text: &str) -> Result<PublicKey, Failure> {
    let Some((_, pem)) = text.split_once("-----BEGIN PUBLIC KEY-----") else {
        return text.trim().parse().map_err(|error| not_a_key(file, &error));
    };
    let encoded: String = pem.split("-----END").next().unwrap_or_default().split_whitespace().collect();
    let der = STANDARD.decode(encoded).unwrap_or_default();
    let key = der.strip_prefix(&ED25519).and_then(|key| <[u8; 32]>::try_from(key).ok()).ok_or_else(|| {
        Failure::unreadable("cli.not-ed25519", format!("{} is not an Ed25519 public key (RFC 8410)", name(file)))
            .help("make a key of the algorithm Ed25519; keys of other algorithms sign no documents")
    })?;
    PublicKey::from_bytes(key).map_err(|error| not_a_key(file, &error))
}

/// Returns a ring that trusts these keys for everything, to check whether one of them signed a
/// document.
pub(crate) fn ring<'a>(keys: impl IntoIterator<Item = &'a PublicKey>) -> KeyRing {
    ring_of(keys, &documents())
}

/// Returns a ring that trusts these keys for everything and for certificates, to check whether one of
/// them signed a certificate, or certified the key that signed a document.
pub(crate) fn issuing_ring<'a>(keys: impl IntoIterator<Item = &'a PublicKey>) -> KeyRing {
    ring_of(keys, &documents().and(KeyPurpose::Certificates))
}

/// Returns the permissions for documents of every kind but certificates.
fn documents() -> KeyPermissions {
    let licenses = KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone);
    licenses.and(KeyPurpose::Revocations).and(KeyPurpose::TimeTickets)
}

fn ring_of<'a>(keys: impl IntoIterator<Item = &'a PublicKey>, permissions: &KeyPermissions) -> KeyRing {
    // A key without constraints is never refused.
    keys.into_iter().try_fold(KeyRing::new(), |ring, key| ring.trust(*key, permissions.clone())).unwrap_or_default()
}

fn not_a_key(file: &Path, error: &KeyError) -> Failure {
    Failure::unreadable(error.code(), format!("{}: {error}", name(file)))
}

/// The error for a secret key on the command line, which is not repeated.
pub(crate) fn secret_on_command_line() -> Failure {
    let message = "a secret key does not belong on the command line, where others and the shell's history can see it";
    Failure::usage("cli.secret-on-the-command-line", message)
        .help("put it into a file of mode 600 and name the file; if others could have seen it, make a new key")
}

/// The error for a secret key in an environment variable.
pub(crate) fn secret_in_environment() -> Failure {
    let message =
        "a secret key does not belong in the environment, which every program that is started from here inherits";
    Failure::usage("cli.secret-in-the-environment", message)
        .help("put it into a file of mode 600 and name the file; if others could have seen it, make a new key")
}

/// Returns a warning if others may read a file with a secret key.
fn permission_warnings(file: &Path) -> Vec<String> {
    #[cfg(unix)]
    if let Ok(metadata) = std::fs::metadata(file) {
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
        if metadata.is_file() && mode & 0o077 != 0 {
            let name = name(file);
            return vec![format!(
                "others can read {name}: run `chmod 600 {name}`, and make a new key if others may have read it"
            )];
        }
    }
    Vec::new()
}
