//! Requests with any bytes anywhere in them, and no patience.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Nothing takes as long, on however slow a machine.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    /// Path and query, encoded.
    pub target: Vec<u8>,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// All values of that header.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }
}

impl Request {
    /// What it is, in a message of a test that failed.
    pub fn told(&self) -> String {
        let short = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            text.chars().take(300).collect::<String>()
        };
        format!(
            "{} {} {:?} {}",
            self.method,
            short(&self.target),
            self.headers.iter().map(|(name, value)| (name, short(value))).collect::<Vec<_>>(),
            short(&self.body)
        )
    }

    /// Sends it and reads the answer to its end; of a stream without end, its head.
    pub async fn ask(&self, address: SocketAddr) -> Answer {
        match timeout(PATIENCE, self.answered(address)).await {
            Ok(answer) => answer,
            Err(_) => panic!("no answer in time: {}", self.told()),
        }
    }

    async fn answered(&self, address: SocketAddr) -> Answer {
        let mut line = TcpStream::connect(address).await.unwrap();
        let mut sent = [self.method.as_bytes(), b" ", &self.target, b" HTTP/1.1\r\nhost: clinic.example\r\nconnection: close\r\n"].concat();
        for (name, value) in &self.headers {
            sent.extend_from_slice(&[name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        sent.extend_from_slice(format!("content-length: {}\r\n\r\n", self.body.len()).as_bytes());
        sent.extend_from_slice(&self.body);
        let _ = line.write_all(&sent).await;
        let mut got = Vec::new();
        let head_end = |got: &[u8]| got.windows(4).position(|four| four == b"\r\n\r\n");
        loop {
            let mut piece = [0; 16 * 1024];
            match line.read(&mut piece).await {
                Ok(read @ 1..) => got.extend_from_slice(&piece[..read]),
                _ => break,
            }
            let endless = |end| String::from_utf8_lossy(&got[..end]).to_lowercase().contains("text/event-stream");
            if head_end(&got).is_some_and(endless) {
                break;
            }
        }
        let Some(end) = head_end(&got) else { panic!("no answer at all: {}", self.told()) };
        let head = String::from_utf8_lossy(&got[..end]).into_owned();
        let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("an odd answer: {head}"));
        Answer { status, head, body: String::from_utf8_lossy(&got[end + 4..]).into_owned() }
    }
}
