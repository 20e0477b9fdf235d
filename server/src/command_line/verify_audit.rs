use super::{Where, say};
use crate::{
    audit::{key, verify},
    clinic::Clinics,
    database::Purpose,
    host::Machine,
};
use clap::Args;
use domain::ids::ClinicId;
use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
    sync::Arc,
};

#[derive(Args)]
pub struct VerifyAudit {
    #[command(flatten)]
    database: Where,
}

impl VerifyAudit {
    /// A line for each clinic; fails when something is wrong with any.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.open(Purpose::Task).await?;
        let key = key::open(&self.database.audit_key_file(), false, &Machine)?;
        let clinics = Clinics::new(database.pool.clone(), Arc::new(Machine), self.database.photos()?, key);
        let live = std::io::stdout().is_terminal();
        let progress = |clinic: ClinicId, done: u64, all: u64| {
            if live && all > 10_000 {
                print!("\rClinic {clinic}: {done} of {all} rows looked at.");
                let _ = std::io::stdout().flush();
            }
        };
        let verdicts = verify::every_clinic(&clinics, &progress).await?;
        if live {
            print!("\r\x1b[K");
        }
        let mut code = ExitCode::SUCCESS;
        for verdict in &verdicts {
            match &verdict.fault {
                None => say(&format!("Clinic {}: all {} rows are good.", verdict.clinic, verdict.good)),
                Some((number, fault)) => {
                    say(&format!("Clinic {}: {} rows are good. BAD at number {number}: {fault}", verdict.clinic, verdict.good));
                    code = ExitCode::FAILURE;
                }
            }
        }
        if verdicts.is_empty() {
            say("Nothing has been audited yet.");
        }
        database.pool.close().await;
        if let Some(private) = database.private {
            private.stop()?;
        }
        Ok(code)
    }
}
