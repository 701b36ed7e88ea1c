//! What says whether a license gives anything: the time, revocation lists, a record of the customer.

use entitle::chrono::{DateTime, Utc};
use entitle::token::{KeyCertificate, KeyId, RevocationList};
use entitle::{Deal, Token};

use super::signed::Named;
use super::{Inspect, Inspection};
use crate::deal::deal_status::{GrantState, revoked_from, states_under};
use crate::exit::Failure;
use crate::instant::day;
use crate::key::issuing_ring;
use crate::tenant::customer_record::CustomerRecord;
use crate::{files, seal, text};

/// What a license is looked at in.
#[derive(Debug)]
pub(super) struct Surroundings {
    at: DateTime<Utc>,
    certificates: Vec<KeyCertificate>,
    lists: Vec<RevocationList>,
    record: Option<CustomerRecord>,
}

impl Surroundings {
    /// Reads the lists and the record that the options name. The lists have to verify.
    pub(super) fn read(
        options: &Inspect,
        keys: &[Named<'_>],
        certificates: &[Token],
        at: DateTime<Utc>,
    ) -> Result<Self, Failure> {
        let ring = issuing_ring(keys.iter().map(|(_, key)| key));
        let certificates: Vec<_> =
            certificates.iter().filter_map(|token| ring.verify_certificate(token).ok()).collect();
        let mut lists = Vec::new();
        for file in &options.lists {
            for token in seal::parse_tokens(file, &files::read(file)?)? {
                let list = ring.verify_list_with(&certificates, &token);
                lists.push(
                    list.map_err(|error| Failure::unreadable(error.code(), format!("{}: {error}", text::name(file))))?,
                );
            }
        }
        let record = options.record.as_deref().map(CustomerRecord::read).transpose()?;
        lists.extend(record.iter().flat_map(CustomerRecord::lists));
        Ok(Self { at, certificates, lists, record })
    }

    /// Returns what became of an incomplete last line of the record.
    pub(super) fn notes(&self) -> Vec<String> {
        self.record.as_ref().map(CustomerRecord::notes).unwrap_or_default()
    }

    /// Adds the state of each grant, and where the license is in the record.
    pub(super) fn add_states(&self, inspection: &mut Inspection, deal: &Deal, signer: Option<KeyId>) {
        let issuers = self.certificates.iter().filter(|each| Some(each.key()) == signer).map(KeyCertificate::issuer);
        let signers: Vec<KeyId> = signer.into_iter().chain(issuers).collect();
        for state in self.states(deal, &signers) {
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
    fn states(&self, deal: &Deal, signers: &[KeyId]) -> Vec<GrantState> {
        let in_record = self.record.as_ref().filter(|record| record.in_force(deal.id).as_ref() == Some(deal));
        let Some(record) = in_record else { return states_under(deal, signers, &self.lists, self.at) };
        let revoked = revoked_from(deal, signers, &self.lists);
        let grants = record.tenant().grants(self.at).filter(|status| status.license.deal().id == deal.id);
        grants.map(|status| GrantState::of(&status, revoked)).collect()
    }
}
