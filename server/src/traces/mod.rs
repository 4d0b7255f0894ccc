//! Traces for a collector of OpenTelemetry (OTLP/HTTP with protobuf; W3C Trace Context), where `otlp_endpoint` names one.
//!
//! What is sent is what the program says as steps of a trace (`auth::trace`) and nothing of its log: names of ours, templates
//! of routes, numbers and request ids. Spans wait in a bounded queue beside the requests; when it is full they are dropped.

#[cfg(feature = "otlp")]
mod collector;
#[cfg(feature = "otlp")]
mod http;
#[cfg(feature = "otlp")]
mod parent;
mod request;

use tracing_subscriber::{Layer, Registry};

pub use request::{begin, end};

/// Where traces are sent.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceSettings {
    /// The whole address.
    pub endpoint: String,
    /// The share of traces that is sent: 0 to 1.
    pub sampled: f64,
}

/// What hears of spans and events.
pub(crate) type SpanLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// What sends them; none where nobody collects.
#[derive(Default)]
pub struct Traces {
    #[cfg(feature = "otlp")]
    provider: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

impl Traces {
    /// Prepares what the settings say.
    ///
    /// # Errors
    /// When the system has no certificate authorities.
    #[cfg(feature = "otlp")]
    pub(crate) fn prepare(settings: Option<&TraceSettings>) -> anyhow::Result<(Self, Option<SpanLayer>)> {
        let Some(settings) = settings else { return Ok((Self::default(), None)) };
        let provider = collector::provider(settings, tokio::runtime::Handle::current())?;
        let layer = collector::layer(&provider);
        auth::trace::carry(parent::traceparent);
        Ok((Self { provider: Some(provider) }, Some(layer)))
    }

    /// Without the feature there is nothing to prepare; the settings refuse an endpoint.
    ///
    /// # Errors
    /// None.
    #[cfg(not(feature = "otlp"))]
    #[expect(clippy::unnecessary_wraps, reason = "the same door as with the feature")]
    pub(crate) fn prepare(_settings: Option<&TraceSettings>) -> anyhow::Result<(Self, Option<SpanLayer>)> {
        Ok((Self::default(), None))
    }

    /// Sends what waits, for a few seconds at most.
    pub async fn stop(self) {
        #[cfg(feature = "otlp")]
        if let Some(provider) = self.provider {
            // It waits for its own thread, and that for the runtime.
            let stopped = tokio::task::spawn_blocking(move || provider.shutdown()).await;
            if !matches!(stopped, Ok(Ok(()))) {
                tracing::warn!("the last traces were not sent");
            }
        }
    }
}
