//! The trial that a command line names.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::command::TrialName;
use entitle::{LicenseId, PlanId, Tenant};

use crate::exit::Failure;
use crate::tenant::words::id;

/// The trial of a plan.
#[derive(Debug, Args)]
pub(crate) struct Trial {
    /// The plan.
    plan: PlanId,
    /// The license with the trial, if several have one.
    license: Option<LicenseId>,
}

impl Trial {
    /// Returns the trial of the license that is named, or the only one of the plan.
    pub(super) fn name(&self, tenant: &Tenant, now: DateTime<Utc>) -> Result<TrialName, Failure> {
        if let Some(license) = self.license {
            return Ok(TrialName::new(license, self.plan.clone()));
        }
        let licenses: Vec<LicenseId> =
            tenant.trials(now).filter(|trial| trial.name.plan == self.plan).map(|trial| trial.name.license).collect();
        match licenses.as_slice() {
            [license] => Ok(TrialName::new(*license, self.plan.clone())),
            [] => {
                Err(Failure::refused("refusal.no-such-trial", format!("no license has a trial of {}", id(&self.plan)))
                    .help("`entitle tenant licenses` lists the licenses; nothing was done"))
            }
            several => {
                let several: Vec<String> = several.iter().map(ToString::to_string).collect();
                let message = format!("{} licenses have a trial of {}", several.len(), id(&self.plan));
                Err(Failure::usage("cli.several-trials", message)
                    .help(format!("name the license after the plan: {}", several.join(", "))))
            }
        }
    }
}
