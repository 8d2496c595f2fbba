//! Where log lines go: to stderr, as text for people or JSON for machines.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::settings::{LogFormat, Observe};

/// Begins logging. A subscriber that is there already stays.
pub(super) fn begin(observe: &Observe) {
    let level = observe.log_level.as_str();
    let filter = EnvFilter::new(format!(
        "{level},hyper=warn,h2=warn,rustls=warn,reqwest=warn"
    ));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let begun = match observe.log_format {
        LogFormat::Text => {
            let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
            builder
                .with_ansi(colours)
                .with_target(false)
                .finish()
                .try_init()
        }
        LogFormat::Json => builder.json().flatten_event(true).finish().try_init(),
    };
    drop(begun);
}
