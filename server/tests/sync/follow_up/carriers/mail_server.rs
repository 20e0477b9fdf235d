//! A real mail server, `smtp-server` for Node, as a child on loopback. Without Node and the npm packages there is none.

use serde::Deserialize;
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

/// An e-mail it took.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub user: Option<String>,
    /// How many lines had been opened to it by then.
    pub line: u32,
    pub text: String,
}

pub struct MailServer {
    pub port: u16,
    _child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    took: Vec<Mail>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Told {
    Port { port: u16 },
    Mood { mood: String },
    Mail(Mail),
}

impl MailServer {
    pub async fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end");
        if !folder.join("node_modules/smtp-server").is_dir() {
            eprintln!("skipped: the npm packages of end2end are not here; bin/setup test installs them");
            return None;
        }
        let mut child = Command::new("node")
            .current_dir(&folder)
            .arg("carriers/smtp.mjs")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut server = Self { port: 0, _child: child, input, output: BufReader::new(output).lines(), took: Vec::new() };
        match server.next().await {
            Some(Told::Port { port }) => server.port = port,
            _ => panic!("it says its port first"),
        }
        Some(server)
    }

    async fn next(&mut self) -> Option<Told> {
        let line = tokio::time::timeout(Duration::from_secs(10), self.output.next_line()).await.ok()?.unwrap()?;
        Some(serde_json::from_str(&line).unwrap())
    }

    /// From now on it does that; and tells what it took before.
    pub async fn is(&mut self, mood: &str) {
        self.input.write_all(format!("{mood}\n").as_bytes()).await.unwrap();
        loop {
            match self.next().await {
                Some(Told::Mood { mood: said }) if said == mood => return,
                Some(Told::Mail(mail)) => self.took.push(mail),
                _ => panic!("it says what it does"),
            }
        }
    }

    /// All it took.
    pub async fn took(&mut self) -> Vec<Mail> {
        self.is("take").await;
        self.took.clone()
    }
}
