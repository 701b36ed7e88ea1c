//! What to check before anything is bought, in a text.

use crate::decision::check_first::{CheckFirst, RecordAhead};
use crate::explain::text::Audience;
use crate::message::{Message, Text, TextPart, Value, messages, wordings};
use crate::tenant::Tenant;

wordings! {
    USER_UNUSABLE_LICENSE = "user.unusable-license",
        "Your organisation has installed a license that gives nothing at present, which may be why. Ask an administrator to look into \
         that.";
    SUPPORT_CLOCK_AHEAD = "support.clock-ahead",
        "The clock of the machine that checks the license shows {now}, but the license record was last written at {floor}: \
         at least one of them is wrong. Have the customer compare the clock with another one before anything is bought.";
    SUPPORT_NOT_CONTAINED = "support.license-not-contained",
        "An installed license, {license}, gives nothing: it was issued for a record that contains the checkpoint {checkpoint}, and \
         this record was not shown to contain it: it is another one, or not complete. Have the customer restore the complete record, \
         or issue the license again for the present one, {record}.";
    SUPPORT_NOT_CERTIFIED = "support.license-not-certified",
        "An installed license gives nothing: the certificate of the key with which it is signed, {key}, is not installed. \
         Send the customer the certificate of this key, and have it installed. If there is no such certificate, have the \
         application updated; if that does not help, issue the license again, signed with a key that it accepts.";
    SUPPORT_KEY_NOT_TRUSTED = "support.license-key-not-trusted",
        "An installed license gives nothing: this version of the application does not accept the key with which it is signed, \
         {key}. If it is a key of the publisher, have the application updated; if that does not help, issue the license again, signed with a key that it accepts. If it is \
         another key, ask the customer where the license is from.";
    SUPPORT_PLANS_UNKNOWN = "support.license-plans-unknown",
        "An installed license, {license}, grants {unknown}, which this version of the application does not know. Have the \
         application updated; if no version knows it any more, issue the license again for a plan that is sold.";
    INDIVIDUAL_PLANS_UNKNOWN = "individual.license-plans-unknown",
        "An installed license, {license}, grants {unknown}, which this version of the application does not know. Update the \
         application; if that does not help, contact the vendor.";
    ADMIN_NOT_CONTAINED = "admin.license-not-contained",
        "An installed license, {license}, gives nothing: it was issued for a record that contains the checkpoint {checkpoint}, and \
         this record was not shown to contain it: it is another one, or not complete. Restore the complete record, or ask the \
         publisher to issue the license again for the present one, {record}.";
    INDIVIDUAL_NOT_CONTAINED = "individual.license-not-contained",
        "An installed license, {license}, gives nothing: it was issued for a record that contains the checkpoint {checkpoint}, and \
         this record was not shown to contain it: it is another one, or not complete. Restore the complete record, or ask the vendor \
         to issue the license again for the present one, {record}.";
    INDIVIDUAL_NOT_CERTIFIED = "individual.license-not-certified",
        "An installed license gives nothing: the certificate of the key with which it is signed, {key}, is not installed. \
         Install the certificate that belongs to the license, or ask the vendor for it. If there is no such certificate, update \
         the application.";
    INDIVIDUAL_KEY_NOT_TRUSTED = "individual.license-key-not-trusted",
        "An installed license gives nothing: this version of the application does not accept the key with which it is signed, \
         {key}. Update the application; if that does not help, contact the vendor.";
    CHECK_FIRST_MORE = "check-first.more", "more installed licenses that give nothing: {more}";
}

messages! {
    CheckFirst;
    Self::RecordAhead(RecordAhead { floor, now }) => "check-first.record-ahead",
        "The clock of the machine that checks the license shows {now}, but the license record was last written at \
         {floor}. Compare the clock with another one. If it is right, do not buy anything: ask the publisher for a \
         time ticket. If it is wrong, correct it; then what follows applies.",
        now, floor;
    Self::LicenseNotContained { license, checkpoint } => "check-first.license-not-contained",
        "An installed license, {license}, gives nothing: it was issued for a record that contains the checkpoint \
         {checkpoint}, and this record was not shown to contain it: it is another one, or not complete. Restore the complete \
         record, or ask the publisher to issue the license again for the present one.", license, checkpoint;
    Self::LicenseNotCertified { key } => "check-first.license-not-certified",
        "An installed license gives nothing: the certificate of the key with which it is signed, {key}, is not installed. \
         Install the certificate that belongs to the license, or ask the publisher or reseller for it. If there is no such certificate, update the application.",
        key;
    Self::LicensePlansUnknown { license, plans } => "check-first.license-plans-unknown",
        "An installed license, {license}, grants {unknown}, which this version of the application does not know. Update the \
         application; if that does not help, contact the publisher.", license, unknown = Value::all(plans);
    Self::LicenseKeyNotTrusted { key } => "check-first.license-key-not-trusted",
        "An installed license gives nothing: this version of the application does not accept the key with which it is \
         signed, {key}. Update the application; if that does not help, contact the publisher.", key;
}

/// The largest number of things to check first in a text.
const SHOWN_CHECKS: usize = 4;

/// States the first few things to check, without those that are stated already.
pub(super) fn state_checks(tenant: &Tenant, checks: &[CheckFirst], stated: usize, audience: Audience, text: &mut Text) {
    for check in checks.iter().take(SHOWN_CHECKS).skip(stated) {
        text.state(stated_for(tenant, check, audience));
    }
    let more = checks.len().saturating_sub(SHOWN_CHECKS);
    if more > 0 {
        text.push(TextPart::Detail, [CHECK_FIRST_MORE.message().with("more", more)]);
    }
}

/// Returns the message of a check for an audience: the support desk issues what others ask for, a user
/// who is the whole tenant the vendor, and an administrator the publisher.
fn stated_for(tenant: &Tenant, check: &CheckFirst, audience: Audience) -> Message {
    match check {
        CheckFirst::RecordAhead(RecordAhead { floor, now }) => match audience {
            Audience::SupportDesk => SUPPORT_CLOCK_AHEAD.message().with("floor", floor).with("now", now),
            _ => check.message(),
        },
        CheckFirst::LicenseNotContained { license, checkpoint } => {
            let wording = match audience {
                Audience::SupportDesk => SUPPORT_NOT_CONTAINED,
                Audience::Individual => INDIVIDUAL_NOT_CONTAINED,
                Audience::User | Audience::Administrator => ADMIN_NOT_CONTAINED,
            };
            let message = wording.message().with("license", license).with("checkpoint", checkpoint);
            message.with("record", &tenant.checkpoint())
        }
        CheckFirst::LicenseKeyNotTrusted { key } => match audience {
            Audience::SupportDesk => SUPPORT_KEY_NOT_TRUSTED.message().with("key", key),
            Audience::Individual => INDIVIDUAL_KEY_NOT_TRUSTED.message().with("key", key),
            Audience::User | Audience::Administrator => check.message(),
        },
        CheckFirst::LicensePlansUnknown { license, plans } => {
            let wording = match audience {
                Audience::SupportDesk => SUPPORT_PLANS_UNKNOWN,
                Audience::Individual => INDIVIDUAL_PLANS_UNKNOWN,
                Audience::User | Audience::Administrator => return check.message(),
            };
            wording.message().with("license", license).with("unknown", Value::all(plans))
        }
        CheckFirst::LicenseNotCertified { key } => match audience {
            Audience::SupportDesk => SUPPORT_NOT_CERTIFIED.message().with("key", key),
            Audience::Individual => INDIVIDUAL_NOT_CERTIFIED.message().with("key", key),
            Audience::User | Audience::Administrator => check.message(),
        },
    }
}

/// States what to check first for a user who has to ask somebody else to do it, given the message
/// about a record that is ahead of the clock without its instants.
pub(super) fn state_checks_for_user(checks: &[CheckFirst], record_ahead: Message, text: &mut Text) {
    let ahead = checks.iter().find_map(|check| match check {
        CheckFirst::RecordAhead(ahead) => Some(*ahead),
        _ => None,
    });
    if let Some(RecordAhead { floor, now }) = ahead {
        text.state(record_ahead.with("floor", floor).with("now", now));
    }
    if checks.len() > usize::from(ahead.is_some()) {
        text.state(USER_UNUSABLE_LICENSE.message());
    }
}
