//! Compares every answer with the record.

use std::collections::BTreeMap;

use entitle::Tenant;

use super::read::Stored;
use super::report::{FaultsReport, Finding};
use super::scene::{SEATS, Scene};

/// How many acknowledgements there have to be, for the comparison to mean something.
pub(super) const ENOUGH: usize = 50;

/// What the processes left behind.
pub(super) struct Left {
    /// How many of them were killed.
    pub(super) kills: u32,
    /// How those ended that were not killed.
    pub(super) ended: Vec<String>,
    /// The lines in which they wrote what they were answered.
    pub(super) answers: Vec<String>,
}

/// Compares what is stored after a tenant's head with what processes were answered.
pub(super) fn compare(scene: &Scene, mut tenant: Tenant, stored: Stored, left: Left) -> FaultsReport {
    let mut findings = Vec::new();
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    for entry in stored.entries {
        let (request, number) = (entry.request().to_string(), entry.number());
        if let Err(error) = tenant.apply(&entry) {
            findings.push(Finding::OutOfPlace { number, detail: error.to_string() });
            break;
        }
        let seats = scene.given(&tenant);
        if seats > SEATS.into() {
            findings.push(Finding::TooManySeats { number, seats });
        }
        if numbers.insert(request.clone(), number).is_some() {
            findings.push(Finding::StoredTwice { request, number });
        }
    }
    findings.extend(stored.damage);
    let (mut acknowledged, mut denied, mut unknown) = (0_usize, 0_usize, 0_usize);
    for line in left.answers {
        // The last line of a process that was killed may be a part of one.
        let mut words = line.splitn(3, ' ');
        let (Some(word), Some(request), Some(answer)) = (words.next(), words.next(), words.next()) else {
            if let Some(seats) = line.strip_prefix("given ") {
                findings.push(Finding::TooManySeatsSeen { seats: seats.to_string() });
            }
            continue;
        };
        let answer = || format!("request {request}: {answer}");
        match (word, numbers.get(request).copied()) {
            ("stored", Some(_)) => acknowledged = acknowledged.saturating_add(1),
            ("stored", None) => findings.push(Finding::Lost { answer: answer() }),
            ("denied", None) => denied = denied.saturating_add(1),
            ("denied", Some(number)) => findings.push(Finding::DeniedAndStored { answer: answer(), number }),
            ("unknown", _) => unknown = unknown.saturating_add(1),
            _ => {}
        }
    }
    if acknowledged < ENOUGH {
        findings.push(Finding::TooFew { acknowledged });
    }
    findings.extend(left.ended.into_iter().map(|status| Finding::Ended { status }));
    FaultsReport { kills: left.kills, entries: numbers.len(), acknowledged, denied, unknown, findings }
}

#[cfg(test)]
mod tests {
    use entitle::{Command, Entry, RequestId};

    use super::*;
    use crate::faults::scene::NOW;

    /// A record as a store keeps it, and what one process was answered.
    struct Record {
        scene: Scene,
        begun: Tenant,
        tenant: Tenant,
        entries: Vec<Entry>,
        answers: Vec<String>,
    }

    impl Record {
        /// The license, and a seat that is given and taken until enough is acknowledged.
        fn new() -> Self {
            let scene = Scene::new().unwrap();
            let begun = Tenant::new(&scene.catalog, &scene.ring, &scene.beginning());
            let mut record = Self { scene, tenant: begun.clone(), begun, entries: Vec::new(), answers: Vec::new() };
            let install = record.scene.install().unwrap();
            record.store(0, &[install]);
            for request in 1..=50 {
                let (user, plan) = ("mia".parse().unwrap(), record.scene.plan.clone());
                let gives = request % 2 == 1;
                record
                    .store(request, &[if gives { Command::assign(user, plan) } else { Command::unassign(user, plan) }]);
                record.answer("stored", request);
            }
            record
        }

        fn entry(&self, request: u8, commands: &[Command]) -> Entry {
            let request = RequestId::from_random([request; 16]);
            self.tenant.decide(&self.scene.admin, commands, request, NOW).unwrap()
        }

        fn store(&mut self, request: u8, commands: &[Command]) {
            let entry = self.entry(request, commands);
            self.tenant.apply(&entry).unwrap();
            self.entries.push(entry);
        }

        fn seat(&mut self, request: u8, user: &str) {
            self.store(request, &[Command::assign(user.parse().unwrap(), self.scene.plan.clone())]);
        }

        fn answer(&mut self, word: &str, request: u8) {
            self.answers.push(format!("{word} {} by a word", RequestId::from_random([request; 16])));
        }

        fn compared(self, damage: Option<Finding>) -> FaultsReport {
            let stored = Stored { entries: self.entries, damage };
            compare(&self.scene, self.begun, stored, Left { kills: 7, ended: Vec::new(), answers: self.answers })
        }

        fn findings(self) -> Vec<Finding> {
            self.compared(None).findings
        }
    }

    fn answer(request: u8) -> String {
        format!("request {}: by a word", RequestId::from_random([request; 16]))
    }

    #[test]
    fn a_record_of_what_was_answered_is_right() {
        let mut record = Record::new();
        record.answer("unknown", 60);
        record.answer("denied", 61);
        // Of a process that was killed while it wrote.
        record.answers.extend(["stored".to_string(), "seat".to_string()]);
        let report = record.compared(None);
        assert!(report.is_right(), "{report}");
        assert_eq!(report.to_string(), "7 kills: 51 entries, 50 acknowledged, 1 denied, 1 unknown");
    }

    #[test]
    fn an_unknown_answer_may_be_stored() {
        let mut record = Record::new();
        record.seat(60, "mia");
        record.answer("unknown", 60);
        assert_eq!(record.findings(), []);
    }

    #[test]
    fn an_acknowledged_request_that_is_not_stored_is_lost() {
        let mut record = Record::new();
        record.answer("stored", 60);
        assert_eq!(record.findings(), [Finding::Lost { answer: answer(60) }]);
    }

    #[test]
    fn a_denied_request_must_not_be_stored() {
        let mut record = Record::new();
        record.seat(60, "mia");
        record.answer("denied", 60);
        assert_eq!(record.findings(), [Finding::DeniedAndStored { answer: answer(60), number: 52 }]);
    }

    #[test]
    fn a_request_must_not_be_stored_twice() {
        let mut record = Record::new();
        record.seat(1, "mia");
        let request = RequestId::from_random([1; 16]).to_string();
        assert_eq!(record.findings(), [Finding::StoredTwice { request, number: 52 }]);
    }

    #[test]
    fn an_entry_of_another_head_is_out_of_place() {
        let mut record = Record::new();
        // Decided on the head before, as by two writers of whom the store asked neither.
        let other = record.entry(61, &[Command::assign("tom".parse().unwrap(), record.scene.plan.clone())]);
        record.seat(60, "mia");
        record.entries.push(other);
        let findings = record.findings();
        assert!(matches!(findings[..], [Finding::OutOfPlace { number: 52, .. }]), "{findings:?}");
    }

    #[test]
    fn seats_that_the_record_has_too_many_are_a_finding() {
        let mut record = Record::new();
        record.seat(60, "mia");
        record.seat(61, "tom");
        // Two writers give the last seat, and something makes the second entry follow the first.
        let other = record.entry(62, &[Command::assign("uma".parse().unwrap(), record.scene.plan.clone())]);
        record.seat(63, "ida");
        let previous = record.tenant.head().hash().to_string();
        let text =
            other.text().replace(&other.previous().to_string(), &previous).replace("\"number\":54", "\"number\":55");
        record.entries.push(Entry::read(text).unwrap());
        assert_eq!(record.findings(), [Finding::TooManySeats { number: 55, seats: 4 }]);
    }

    #[test]
    fn a_record_that_cannot_be_read_on_is_a_finding() {
        for damage in
            [Finding::Forked { number: 51 }, Finding::Unreadable { number: 52, detail: "damaged".to_string() }]
        {
            assert_eq!(Record::new().compared(Some(damage.clone())).findings, [damage]);
        }
    }

    #[test]
    fn seats_that_a_process_saw_too_many_are_a_finding() {
        let mut record = Record::new();
        record.answers.push("given 4".to_string());
        assert_eq!(record.findings(), [Finding::TooManySeatsSeen { seats: "4".to_string() }]);
    }

    #[test]
    fn few_acknowledgements_and_a_process_that_ended_are_findings() {
        let mut record = Record::new();
        record.answers.pop();
        let stored = Stored { entries: record.entries, damage: None };
        let ended = vec!["exit status: 1".to_string()];
        let left = Left { kills: 0, ended: ended.clone(), answers: record.answers };
        let findings = compare(&record.scene, record.begun, stored, left).findings;
        let ended = ended.into_iter().map(|status| Finding::Ended { status });
        assert_eq!(findings, [Finding::TooFew { acknowledged: 49 }].into_iter().chain(ended).collect::<Vec<_>>());
    }
}
