//! The client of server functions that need a session: it carries the access token.

use bytes::Bytes;
use futures::{Sink, Stream};
use leptos::server_fn::client::Client;
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::error::FromServerFnError;
use std::future::Future;

use super::token;

/// Sends `Authorization: Bearer …` (RFC 6750, 2.1) when the page has a token.
pub struct BearerClient;

impl<E, I, O> Client<E, I, O> for BearerClient
where
    E: FromServerFnError,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = <BrowserClient as Client<E, I, O>>::Request;
    type Response = <BrowserClient as Client<E, I, O>>::Response;

    fn send(request: Self::Request) -> impl Future<Output = Result<Self::Response, E>> + Send {
        if let Some(token) = token::current() {
            request.headers().append("authorization", &format!("Bearer {token}"));
        }
        <BrowserClient as Client<E, I, O>>::send(request)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}
