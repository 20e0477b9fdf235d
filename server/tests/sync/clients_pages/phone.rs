//! A client's phone: a browser that keeps its cookies and sends forms.

use crate::photos::{
    browser::{Answer, Browser},
    studio::Studio,
};
use domain::{
    ids::{ClientId, ClinicId},
    time::Moment,
};
use server::{
    store::{self, own_pages::sign_in},
    token,
};
use std::{collections::BTreeMap, net::SocketAddr};

pub struct Phone {
    browser: Browser,
    pub cookies: BTreeMap<String, String>,
}

impl Phone {
    pub fn new(address: SocketAddr) -> Self {
        Self { browser: Browser { address, token: None }, cookies: BTreeMap::new() }
    }

    /// Of a client who is signed in already.
    pub async fn of(studio: &Studio, clinic: ClinicId, client: ClientId) -> Self {
        let mut secret = [0; 32];
        studio.clinics.host.fill(&mut secret);
        let token = hex::encode(secret);
        let mut tx = store::begin(&studio.clinics.pool, clinic).await.unwrap();
        let (since, until) = (Moment::from_millis(0), Moment::from_millis(2_000_000_000_000));
        sign_in::add(&mut tx, clinic, client, &token::hash(&token), since, until).await.unwrap();
        tx.commit().await.unwrap();
        let mut phone = Self::new(studio.nobody().address);
        phone.cookies.insert("cadence-me".into(), token);
        phone
    }

    /// The same phone with a browser that knows nothing.
    pub fn other_browser(&self) -> Self {
        Self::new(self.browser.address)
    }

    /// The same cookies, as in a second tab.
    pub fn tab(&self) -> Self {
        Self { cookies: self.cookies.clone(), ..self.other_browser() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "").await
    }

    pub async fn post(&mut self, path: &str, form: &str) -> Answer {
        self.ask("POST", path, form).await
    }

    pub async fn ask(&mut self, method: &str, path: &str, form: &str) -> Answer {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookies.as_str())];
        let answer = self.browser.ask(method, path, &headers, form.as_bytes()).await;
        if let Some((name, value)) = answer.header("set-cookie").split(';').next().and_then(|cookie| cookie.split_once('=')) {
            self.cookies.insert(name.to_owned(), value.to_owned());
            self.cookies.retain(|_, value| !value.is_empty());
        }
        answer
    }
}

/// What was written to a client, the oldest first; waits until there are so many.
pub async fn messages(studio: &Studio, clinic: ClinicId, client: ClientId, many: usize) -> Vec<String> {
    for _ in 0..200 {
        let mut tx = store::begin(&studio.clinics.pool, clinic).await.unwrap();
        let texts: Vec<String> = sqlx::query_scalar("select text from message where clinic_id = $1 and client_id = $2 order by made_at")
            .bind(clinic.0)
            .bind(client.0)
            .fetch_all(&mut *tx)
            .await
            .unwrap();
        if texts.len() >= many {
            return texts;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{many} messages to {client} never came");
}

/// Where a message leads to.
pub fn link(text: &str) -> String {
    let begins = text.find("/me/link/").expect("a link");
    text[begins..].split(' ').next().unwrap().to_owned()
}

/// Puts an address on file.
pub async fn on_file(studio: &Studio, clinic: ClinicId, client: ClientId, email: &str, phone: &str) {
    let mut tx = store::begin(&studio.clinics.pool, clinic).await.unwrap();
    sqlx::query("update client set email = $3, phone = $4 where clinic_id = $1 and id = $2")
        .bind(clinic.0)
        .bind(client.0)
        .bind(email)
        .bind(phone)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}
