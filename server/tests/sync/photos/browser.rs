//! A browser as the server sees it: requests over a real line, which can be cut in the middle.

use app::api::photos::{PIECE_BYTES, PIECE_HASH, Upload, piece_address, upload_address};
use domain::ids::PhotoId;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub struct Browser {
    pub address: SocketAddr,
    /// The sign-in's token, if somebody is signed in.
    pub token: Option<String>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> String {
        let line = |line: &str| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned());
        self.head.lines().find_map(line).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The page without what is drawn anew for each.
    pub fn without_nonce(&self) -> String {
        let policy = self.header("content-security-policy");
        let nonce = policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).map_or("", |(nonce, _)| nonce);
        if nonce.is_empty() { self.text() } else { self.text().replace(nonce, "") }
    }

    /// Status, and how the upload stands.
    pub fn upload(&self) -> (u16, Option<Upload>) {
        (self.status, serde_json::from_slice(&self.body).ok())
    }
}

impl Browser {
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], &[]).await
    }

    pub async fn state(&self, photo: PhotoId) -> (u16, Option<Upload>) {
        self.get(&upload_address(photo)).await.upload()
    }

    /// Sends the piece of the file that begins there.
    pub async fn piece(&self, photo: PhotoId, file: &[u8], begins: u32) -> (u16, Option<Upload>) {
        self.put(photo, begins, cut(file, begins)).await
    }

    pub async fn put(&self, photo: PhotoId, begins: u32, body: &[u8]) -> (u16, Option<Upload>) {
        self.ask("PUT", &piece_address(photo, begins), &[(PIECE_HASH, &hash(body))], body).await.upload()
    }

    /// Sends all pieces from where the upload stands, and says how it stands afterwards.
    pub async fn send(&self, photo: PhotoId, file: &[u8]) -> (u16, Option<Upload>) {
        let mut stands = self.state(photo).await;
        while let (200, Some(Upload::Received(begins))) = stands {
            stands = self.piece(photo, file, begins).await;
        }
        stands
    }

    /// Begins to send a piece, and hangs up after so many of its bytes.
    pub async fn break_off(&self, photo: PhotoId, file: &[u8], begins: u32, after: usize) {
        let body = cut(file, begins);
        let mut line = TcpStream::connect(self.address).await.unwrap();
        let request = self.request("PUT", &piece_address(photo, begins), &[(PIECE_HASH, &hash(body))], body);
        let head = request.len() - body.len();
        line.write_all(&request[..head + after]).await.unwrap();
        line.flush().await.unwrap();
    }

    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut line = TcpStream::connect(self.address).await.unwrap();
        // Who answers before all is sent may have closed the line already.
        let _ = line.write_all(&self.request(method, path, headers, body)).await;
        let mut answer = Vec::new();
        let _ = line.read_to_end(&mut answer).await;
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head[9..12].parse().unwrap();
        let body = answer[end + 4..].to_vec();
        let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        Answer { status, head, body: if chunked { unchunked(&body) } else { body } }
    }

    /// Only how the answer begins: some never end.
    pub async fn status(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> u16 {
        let mut line = TcpStream::connect(self.address).await.unwrap();
        let _ = line.write_all(&self.request(method, path, headers, body)).await;
        let mut head = [0; 12];
        line.read_exact(&mut head).await.unwrap();
        std::str::from_utf8(&head[9..]).unwrap().parse().unwrap()
    }

    fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n", self.address, body.len());
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if let Some(token) = &self.token {
            head += &format!("cookie: cadence={token}\r\n");
        }
        [(head + "\r\n").as_bytes(), body].concat()
    }
}

pub fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The piece of the file that begins there.
pub fn cut(file: &[u8], begins: u32) -> &[u8] {
    let begins = usize::try_from(begins).unwrap();
    &file[begins..file.len().min(begins + usize::try_from(PIECE_BYTES).unwrap())]
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        whole.extend_from_slice(&body[end + 2..end + 2 + length]);
        body = &body[end + 4 + length..];
    }
    whole
}
