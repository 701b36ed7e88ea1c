//! Signed documents: what they claim, and what a key proves of it.

use entitle::token::{Kind, TokenError};
use entitle::{PublicKey, Token};
use serde_json::{Value, json};

use super::Finding;
use super::parts::{self, Parts};
use crate::answer::Answer;
use crate::deal::form;
use crate::exit::Failure;
use crate::key::ring;

/// A public key, and how it was named.
type Named<'a> = (&'a str, PublicKey);

pub(super) fn inspect(token: &Token, keys: &[Named<'_>]) -> Finding {
    let Parts { payload, footer } = parts::of(token);
    let kind = parts::kind(token);
    let says: Value = serde_json::from_str(&payload).unwrap_or(Value::Null);
    let title = kind.map_or("a signed document of an unknown kind".to_string(), |kind| kind.to_string());
    let mut finding = Finding::new(title, says);
    match kind {
        Some(Kind::License) => license(&mut finding, &payload),
        Some(_) => plainly(&mut finding),
        None => finding.row("kind", footer.as_ref().map_or("none", |footer| footer.typ.as_str())),
    }
    let signer = footer.map_or("nobody".to_string(), |footer| footer.kid);
    let proved = if keys.is_empty() { None } else { Some(prove(token, kind, keys)) };
    let named = keys.iter().find(|(_, key)| key.id().to_string() == signer).map(|(name, _)| *name);
    let verdict = match (&proved, named) {
        (None, _) => "unverified: nothing of this is proved without the public key, as --trust".to_string(),
        (Some(Ok(())), Some(name)) if !name.starts_with("k4.") => format!("verified with {name}"),
        (Some(Ok(())), _) => "verified".to_string(),
        (Some(Err(_)), _) => "not verified: trust nothing of this".to_string(),
    };
    finding.row("key", &signer);
    finding.row("", verdict);
    let verdict = match proved {
        None => "unverified",
        Some(Ok(())) => "verified",
        Some(Err(_)) => "failed",
    };
    finding.signed = json!({ "key": signer, "verdict": verdict });
    if let Some(Err(error)) = proved {
        finding.wrong(error.code(), error);
    }
    finding
}

fn prove(token: &Token, kind: Option<Kind>, keys: &[Named<'_>]) -> Result<(), TokenError> {
    let ring = ring(keys.iter().map(|(_, key)| key));
    match kind {
        Some(Kind::RevocationList) => ring.verify_list(token).map(|_| ()),
        Some(Kind::TimeTicket) => ring.verify_ticket(token).map(|_| ()),
        _ => ring.verify(token).map(|_| ()),
    }
}

fn license(finding: &mut Finding, payload: &str) {
    let deal = match form::parse(payload) {
        Ok(deal) => deal,
        Err(error) => {
            plainly(finding);
            return finding.wrong("token.claims", error);
        }
    };
    super::unsigned::rows(finding, &deal);
    if let Err(failure) = form::prove(&deal) {
        finding.wrong(failure.code, failure.message);
    }
}

/// The claims as they stand there.
fn plainly(finding: &mut Finding) {
    let claims = finding.says.as_object().cloned().unwrap_or_default();
    for (name, value) in &claims {
        let shown = value.as_str().map_or_else(|| value.to_string(), ToString::to_string);
        finding.row("says", format!("{name}: {shown}"));
    }
}

/// The deal in a license; proved, if keys were named.
pub(super) fn deal(token: &Token, keys: &[Named<'_>]) -> Result<Answer, Failure> {
    if !keys.is_empty() {
        let proved = prove(token, parts::kind(token), keys);
        proved.map_err(|error| Failure::unreadable(error.code(), error))?;
    }
    let payload = parts::of(token).payload;
    let deal = form::parse(&payload).map_err(|error| Failure::unreadable("token.claims", error))?;
    let text = form::write(&deal)?;
    let said: Value = serde_json::from_str(&text).unwrap_or_default();
    let answer = Answer::new(json!({ "deal": said })).raw(&text);
    Ok(if keys.is_empty() { answer.note("unverified: nothing of this is proved") } else { answer })
}
