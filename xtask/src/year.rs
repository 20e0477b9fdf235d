//! `cargo xtask year`: a simulated year of a large clinic, against a Postgres of its own; then the same clients once more at a clinic
//! that follows nobody up.

use anyhow::Result;
use clap::Args;

use crate::workspace;

#[derive(Args)]
pub struct Options {
    /// Clients who buy a series in that year; a third of them buy two
    #[arg(long, default_value_t = 1_000)]
    plans: u32,
    /// Another number is another year
    #[arg(long, default_value_t = 20_260_102)]
    seed: u64,
}

pub fn run(options: &Options) -> Result<()> {
    let mut cargo = workspace::cargo();
    workspace::run(cargo.args(["build", "--quiet", "--release", "--package", "server"]), "cargo")?;
    for without in [false, true] {
        let cargo = workspace::cargo();
        let mut command = std::process::Command::new(workspace::target_dir().join("release/cadence"));
        command.args(["test-postgres", "--"]).arg(cargo.get_program());
        command.args(["test", "--quiet", "--release", "--package", "server", "--test", "sync", "--", "--nocapture", "follow_up::year"]);
        command.env("CADENCE_YEAR", options.plans.to_string()).env("CADENCE_YEAR_SEED", options.seed.to_string());
        if without {
            eprintln!("The same clients, and nobody who follows up:");
            command.env("CADENCE_YEAR_WITHOUT", "1");
        }
        workspace::run(&mut command, "the year")?;
    }
    Ok(())
}
