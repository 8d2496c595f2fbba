//! What is counted of requests, for Prometheus.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// The route of a request as it is written in the router, known once it matched.
#[derive(Clone, Debug)]
pub(crate) struct Route(pub(crate) String);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: String,
    status: u16,
}

/// Latencies by route; cheap to clone.
#[derive(Clone)]
pub(crate) struct Requests(Family<Labels, Histogram, fn() -> Histogram>);

/// Upper bounds in seconds.
const BOUNDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

impl Default for Requests {
    fn default() -> Self {
        Self(Family::new_with_constructor(|| Histogram::new(BOUNDS)))
    }
}

impl Requests {
    /// Shows them in a registry.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "guildhall_request_duration_seconds",
            "Time from a request's arrival to its answer",
            self.0.clone(),
        );
    }

    /// Counts a request that was answered.
    pub(crate) fn observe(
        &self,
        method: &http::Method,
        route: Option<&Route>,
        status: http::StatusCode,
        took: Duration,
    ) {
        let labels = Labels {
            method: known(method),
            route: route.map_or_else(|| "none".to_owned(), |route| route.0.clone()),
            status: status.as_u16(),
        };
        self.0.get_or_create(&labels).observe(took.as_secs_f64());
    }
}

/// The method, or `other`, so that strangers cannot make new series.
fn known(method: &http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
