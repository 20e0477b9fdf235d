use super::{Where, say};
use crate::{
    clinic::Clinics,
    database::{Database, Purpose},
    follow_up::{news, received, returned},
    host::Machine,
    store::follow_up::attempt,
};
use anyhow::Context;
use clap::Args;
use domain::ids::ClinicId;
use std::{io::Read, process::ExitCode, sync::Arc};
use uuid::Uuid;

/// A mail server that is told so tries again later.
const TRY_LATER: u8 = 75;

/// A larger one tells no more.
const LARGEST: u64 = 20 * 1024 * 1024;

#[derive(Args)]
pub struct Bounced {
    #[command(flatten)]
    database: Where,
    /// To whom the mail server was to deliver it, such as bounce+…@clinic.example; otherwise that is looked for in the mail.
    #[arg(long)]
    recipient: Option<String>,
}

#[derive(Args)]
pub struct Received {
    #[command(flatten)]
    database: Where,
    /// The clinic it was written to, where the mail answers none of ours.
    #[arg(long)]
    clinic: Option<Uuid>,
}

impl Bounced {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mail = read()?;
        let Some(returned) = returned::returned(&mail, self.recipient.as_deref()) else {
            say("This tells of no message of ours.");
            return Ok(ExitCode::SUCCESS);
        };
        or_later(self.record(&returned).await)
    }

    async fn record(&self, returned: &returned::Returned) -> anyhow::Result<()> {
        let (clinics, database) = open(&self.database).await?;
        let known = news::tell(&clinics, returned.token, None, &returned.news).await?;
        say(if known { "Noted." } else { "This tells of no message of ours." });
        close(database).await
    }
}

impl Received {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mail = read()?;
        let Some(written) = returned::written(&mail) else {
            say("Nobody wrote this.");
            return Ok(ExitCode::SUCCESS);
        };
        or_later(self.take(&written).await)
    }

    async fn take(&self, written: &returned::Written) -> anyhow::Result<()> {
        let (clinics, database) = open(&self.database).await?;
        let mut clinic = self.clinic.map(ClinicId);
        for token in &written.answers {
            if let Some((_, known, _)) = attempt::named(&clinics.pool, *token).await? {
                clinic = Some(known);
                break;
            }
        }
        let heard = match clinic {
            Some(clinic) => received::take(&clinics, clinic, &written.incoming).await?,
            None => 0,
        };
        say(if heard > 0 { "Noted." } else { "Nobody here has that address." });
        close(database).await
    }
}

fn read() -> anyhow::Result<Vec<u8>> {
    let mut mail = Vec::new();
    std::io::stdin().take(LARGEST).read_to_end(&mut mail).context("the mail could not be read")?;
    Ok(mail)
}

async fn open(place: &Where) -> anyhow::Result<(Clinics, Database)> {
    let database = place.open(Purpose::Task).await?;
    let audit_key = place.audit_key(&database.pool).await?;
    Ok((Clinics::new(database.pool.clone(), Arc::new(Machine), place.photos()?, audit_key), database))
}

async fn close(database: Database) -> anyhow::Result<()> {
    let Database { pool, private } = database;
    pool.close().await;
    if let Some(private) = private {
        private.stop()?;
    }
    Ok(())
}

fn or_later(done: anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    match done {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            eprintln!("{error:#}");
            Ok(ExitCode::from(TRY_LATER))
        }
    }
}
