//! `cargo xtask`: everything about building Cadence that plain cargo does not do.
//!
//! Each subcommand has a file (or folder) of its own; this one only names them.

mod bench;
mod features;
mod libraries;
mod progress;
mod site;
mod sqlx;
mod workspace;
mod year;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds Cadence's browser side, and keeps generated files true")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build what the browser loads: Wasm, styles, shell, service worker
    Build(site::BuildOptions),
    /// Print the sizes of the last build
    Size(site::SizeOptions),
    /// Measure what people wait for, in a browser, and how late messages go
    Bench(bench::Options),
    /// Live through a simulated year of following up, and look at every step whether a rule was broken
    Year(year::Options),
    /// Write the checked queries' metadata (.sqlx) from the database in DATABASE_URL
    Sqlx(sqlx::Options),
    /// Look at what comes in with libraries: their licences, where they come from, which are banned (deny.toml); and whether the tests
    /// ask more of them than the server
    Libraries,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Build(options) => site::build(&options),
        Task::Size(options) => site::size(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Year(options) => year::run(&options),
        Task::Sqlx(options) => sqlx::run(&options),
        Task::Libraries => libraries::run().and_then(|()| features::run()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
