//! From steps to spans, and to the collector.

use anyhow::Context as _;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider};
use std::time::Duration;
use tokio::runtime::Handle;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::filter_fn;

use super::http::Sender;
use super::{SpanLayer, TraceSettings};

/// Spans that may wait; the next one is dropped.
const QUEUE: usize = 2048;
/// Spans of one request to the collector.
const BATCH: usize = 256;
/// How long a span waits for others.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the collector may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// More than any span of ours has.
const ATTRIBUTES: u32 = 16;

/// What keeps spans and sends them, from a thread of its own.
pub(super) fn provider(settings: &TraceSettings, runtime: Handle) -> anyhow::Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(settings.endpoint.as_str())
        .with_timeout(PATIENCE)
        .with_http_client(Sender::new(runtime)?)
        .build()
        .context("otlp_endpoint cannot be used")?;
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(QUEUE)
        .with_max_export_batch_size(BATCH)
        .with_scheduled_delay(PAUSE)
        .build();
    let resource = Resource::builder_empty()
        .with_service_name("keywright")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_span_processor(BatchSpanProcessor::builder(exporter).with_batch_config(batches).build())
        // By the number of the trace alone, so all its spans are sent or none, and nobody who calls decides it.
        .with_sampler(Sampler::TraceIdRatioBased(settings.sampled))
        .with_resource(resource)
        .with_max_attributes_per_span(ATTRIBUTES)
        .with_max_events_per_span(0)
        .build())
}

/// Turns steps of a trace into spans. Events are lines of the log, and may name addresses: none is taken.
pub(super) fn layer(provider: &SdkTracerProvider) -> SpanLayer {
    let is_step = filter_fn(|metadata| metadata.is_span() && metadata.target() == auth::trace::TARGET);
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("keywright"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_filter(is_step.with_max_level_hint(LevelFilter::DEBUG))
        .boxed()
}
