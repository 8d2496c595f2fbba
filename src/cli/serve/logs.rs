//! Where log lines go: to stderr, as text for people or JSON for machines.

use std::fmt::{self, Debug, Write as _};

use tracing::field::Field;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::format::{self, Writer};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::settings::{LogFormat, Observe};

/// Characters of one value that are written: some come from elsewhere (security.md R-55).
const LONGEST: usize = 256;

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
                .fmt_fields(format::debug_fn(write_field).delimited(" "))
                .with_ansi(colours)
                .with_target(false)
                .finish()
                .try_init()
        }
        LogFormat::Json => builder.json().flatten_event(true).finish().try_init(),
    };
    drop(begun);
}

/// Writes a value on one line and within bounds, whatever is in it.
fn write_field(writer: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> fmt::Result {
    if field.name() != "message" {
        write!(writer, "{field}=")?;
    }
    let mut line = Line {
        writer,
        left: LONGEST,
    };
    write!(line, "{value:?}")
}

/// What is left of a line for one value.
struct Line<'a, 'b> {
    writer: &'a mut Writer<'b>,
    left: usize,
}

impl fmt::Write for Line<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for sign in text.chars() {
            match self.left {
                0 => return Ok(()),
                1 => self.writer.write_char('…')?,
                _ if sign.is_control() => write!(self.writer, "{}", sign.escape_default())?,
                _ => self.writer.write_char(sign)?,
            }
            self.left -= 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn r55_what_others_said_stays_on_its_line_and_within_bounds() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(format::debug_fn(write_field).delimited(" "))
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let (forged, long) = (
                "a\n2026 INFO all is well\r\u{1b}[31m\u{9b}",
                "x".repeat(1 << 20),
            );
            tracing::info!(why = %forged, name = forged, long = %long, count = 7, "said {forged}");
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        let controls = text.trim_end().chars().filter(|sign| sign.is_control());
        assert_eq!(controls.count(), 0, "{text}");
        assert!(text.len() < 5 * LONGEST, "{}", text.len());
        assert!(
            text.contains("said a") && text.contains("count=7"),
            "{text}"
        );
        assert!(text.contains("why=a\\n2026"), "{text}");
    }
}
