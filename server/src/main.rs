//! `cadence`: the clinic's server.

use clap::Parser;
use server::command_line;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,sqlx=error,server=info".into());
    std::panic::set_hook(Box::new(|panic| eprintln!("cadence: {}", server::bugs::told(panic))));
    tracing_subscriber::fmt().with_env_filter(filter).with_target(false).with_writer(std::io::stderr).init();
    match command_line::run(command_line::Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("cadence: {error}");
            ExitCode::FAILURE
        }
    }
}
