use super::Where;
use crate::{
    database::Purpose,
    demo::Size,
    host::{Host, Machine},
    seed::seed,
};
use clap::Args;
use sqlx::PgPool;
use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

#[derive(Args)]
pub struct Seed {
    #[command(flatten)]
    database: Where,
    #[arg(long, default_value_t = 400)]
    clients: u32,
    #[arg(long, default_value_t = 2400)]
    sessions: u32,
    /// The same seed on the same day makes the same clinic.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Seed {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.open(Purpose::Task).await?;
        let size = Size { clients: self.clients, sessions: self.sessions, seed: self.seed };
        fill(&database.pool, &Machine, size).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Fills an empty database and shows how far it is.
pub async fn fill(pool: &PgPool, host: &dyn Host, size: Size) -> anyhow::Result<()> {
    let live = std::io::stdout().is_terminal();
    let progress = |done: usize, total: usize| {
        if live || done == total {
            print!(
                "{}Filling the demo clinic: {done} of {total} charts.{}",
                if live { "\r" } else { "" },
                if done == total { "\n" } else { "" }
            );
            let _ = std::io::stdout().flush();
        }
    };
    seed(pool, host, size, &progress).await.map_err(Into::into)
}
