//! What says whether a license gives anything: the time, revocation lists, a record of the customer.

use entitle::chrono::{DateTime, Utc};
use entitle::query::GrantStatus;
use entitle::token::KeyId;
use entitle::{Deal, Token};

use super::signed::with_hint;
use super::{Inspect, Inspection};
use crate::application::Application;
use crate::deal::deal_status::{GrantState, states_until};
use crate::exit::Failure;
use crate::instant::day;
use crate::named_keys::NamedKeys;
use crate::tenant::customer_record::CustomerRecord;
use crate::{files, seal, text};

/// What a license is looked at in.
#[derive(Debug)]
pub(super) struct Surroundings {
    at: DateTime<Utc>,
    application: Application,
    record: Option<CustomerRecord>,
    /// What the application makes of the lists of the record alone.
    recorded: Application,
}

impl Surroundings {
    /// Reads the lists and the record that the options name. The lists have to verify.
    pub(super) fn read(
        options: &Inspect,
        keys: &NamedKeys,
        certificates: &[Token],
        at: DateTime<Utc>,
    ) -> Result<Self, Failure> {
        let ring = keys.ring();
        let verified: Vec<_> = certificates.iter().filter_map(|token| ring.verify_certificate(token).ok()).collect();
        let mut lists = Vec::new();
        for file in &options.lists {
            for token in seal::parse_tokens(file, &files::read(file)?)? {
                let list = ring.verify_list_with(&verified, &token);
                lists.push(list.map_err(|error| {
                    Failure::unreadable(error.code(), format!("{}: {}", text::name(file), with_hint(&error)))
                })?);
            }
        }
        let record = options.record.as_deref().map(CustomerRecord::read).transpose()?;
        let in_record: Vec<_> = record.iter().flat_map(CustomerRecord::lists).collect();
        lists.extend(in_record.iter().cloned());
        let ring = record.as_ref().map_or(ring, |record| record.ring().clone());
        let recorded = Application::of_lists(ring.clone(), certificates, in_record);
        Ok(Self { at, application: Application::of_lists(ring, certificates, lists), record, recorded })
    }

    /// Returns what became of an incomplete last line of the record.
    pub(super) fn notes(&self) -> Vec<String> {
        self.record.as_ref().map(CustomerRecord::notes).unwrap_or_default()
    }

    /// Adds the state of each grant, and where the license is in the record.
    pub(super) fn add_states(&self, inspection: &mut Inspection, deal: &Deal, signed: Option<(KeyId, &Token)>) {
        for state in self.states(deal, signed) {
            inspection.add_state(&state, self.at);
        }
        if deal.issued > self.at {
            inspection.add_row("", format_args!("issued later than {}", day(self.at)));
        }
        if let Some(record) = &self.record {
            inspection.add_row(
                "record",
                match record.in_force(deal.id) {
                    Some(found) if found == *deal => "in force there".to_string(),
                    Some(found) => format!("not in force there: revision {} is", found.revision),
                    None => "not installed there".to_string(),
                },
            );
        }
    }

    /// Returns the states in the record if the license is in force there, else those of a new record.
    fn states(&self, deal: &Deal, signed: Option<(KeyId, &Token)>) -> Vec<GrantState> {
        let revoked = |application: &Application| match signed {
            Some((key, token)) => application.license_ends(deal, key, token),
            None => application.deal_ends(deal),
        };
        let in_record = self.record.as_ref().filter(|record| record.in_force(deal.id).as_ref() == Some(deal));
        let Some(record) = in_record else { return states_until(deal, revoked(&self.application), self.at) };
        let revoked = revoked(&self.recorded);
        let grants = |at| record.tenant().grants(at).filter(|status| status.license.deal().id == deal.id);
        let state = |status: GrantStatus<'_>| {
            let then = |from| grants(from).find(|then| then.grant == status.grant).map(|then| (from, then.phase));
            GrantState::of(&status, revoked.and_then(then), self.at)
        };
        grants(self.at).map(state).collect()
    }
}
