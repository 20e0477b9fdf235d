//! The clinic's server, called through the app's server functions, and never waited for without end.

use app::{
    api::{self, ApiError, PullRequest, PushRequest, SignedIn, audit::LookedRequest},
    ports::Server,
};
use async_trait::async_trait;
use domain::sync::{Body, Outcome};
use futures::future::{Either, select};
use gloo::timers::future::TimeoutFuture;
use std::pin::pin;

pub struct Clinic;

/// A treatment room's Wi-Fi may swallow a request without a word. Whatever was sent twice is answered once.
const PATIENCE_MS: u32 = 20_000;

pub async fn in_time<T>(call: impl Future<Output = Result<T, ApiError>>) -> Result<T, ApiError> {
    match select(pin!(call), TimeoutFuture::new(PATIENCE_MS)).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(ApiError::Unreachable),
    }
}

#[async_trait(?Send)]
impl Server for Clinic {
    async fn who(&self) -> Result<SignedIn, ApiError> {
        in_time(api::who()).await
    }

    async fn push(&self, request: PushRequest) -> Result<Vec<Outcome>, ApiError> {
        in_time(api::push(request)).await
    }

    async fn pull(&self, request: PullRequest) -> Result<Body, ApiError> {
        in_time(api::pull(request)).await
    }

    async fn looked(&self, request: LookedRequest) -> Result<(), ApiError> {
        in_time(api::looked(request)).await
    }
}
