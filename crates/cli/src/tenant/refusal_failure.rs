//! The failure for a refused command.

use entitle::{Command, Refusal};

use super::command_text::describe;
use super::suggestions::QUOTAS;
use super::verifier::Verifier;
use crate::exit::Failure;

/// Returns the failure for a refusal: the command, the reason and what to do.
pub(crate) fn refusal_failure(verifier: &Verifier, commands: &[Command], refusal: &Refusal) -> Failure {
    let which = refusal.command(commands).filter(|_| commands.len() > 1);
    let message = match which {
        Some(command) => format!("{}: {}. Nothing was done", describe(verifier, command), refusal.reason),
        None => refusal.reason.to_string(),
    };
    let failure = Failure::refused(refusal.code(), message);
    match refusal.code() {
        "refusal.no-usable-units" if is_consumption(refusal, commands) => failure.help("install a license with units of it"),
        "refusal.no-usable-units" => failure.help(
            "`entitle tenant plans` shows its state; install a license with units of it, or assign it to a group: its members wait for a seat",
        ),
        "refusal.no-free-unit" => failure.help(
            "free a seat with `unassign`, or install a larger license; or assign it to a group: its members wait for a seat",
        ),
        "token.unknown-key" => failure
            .help("`entitle inspect` shows the key; the settings file next to the ledger lists those that are trusted"),
        "token.not-trusted" => {
            let purpose = refusal.command(commands).map_or("PURPOSE", purpose);
            failure.help(format_args!(
                "if the publisher signs with this key, `entitle tenant trust KEY={purpose}` trusts it for that, KEY being its \
                 public key; the settings file next to the ledger lists the purposes of each key"
            ))
        }
        "refusal.not-consumable" => failure.help(QUOTAS),
        _ => failure,
    }
}

/// Returns whether the refused command is a consumption, of which there is no queue to wait in.
fn is_consumption(refusal: &Refusal, commands: &[Command]) -> bool {
    matches!(refusal.command(commands), Some(Command::Consume(_)))
}

/// Returns the purpose of the key that a command takes, as the settings name it.
fn purpose(command: &Command) -> &'static str {
    match command {
        Command::Install(_) => "licenses",
        Command::InstallRevocationList(_) => "lists",
        Command::CorrectTime(_) => "tickets",
        Command::InstallCertificate(_) => "certificates",
        _ => "PURPOSE",
    }
}
