//! `entitle tenant report`: a report of this tenant.

use clap::Args;
use entitle::chrono::{DateTime, Utc};

use super::options::TenantOptions;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::report::ReportOptions;

/// Report what is provisioned, assigned and consumed: `entitle report` of this ledger.
///
/// Without an option it prints the License report as of now.
#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    report: ReportOptions,
}

impl Report {
    pub(crate) fn run(&self, options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        self.report.run(core::slice::from_ref(options.ledger()?), options.chosen, now)
    }
}
