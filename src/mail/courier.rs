//! Hands letters to the mail server that the settings name, or leaves them as files.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{self, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::domain::clock::Ts;
use crate::domain::letter::Letter;
use crate::settings::{Mail, MailSecurity};

type Smtp = AsyncSmtpTransport<Tokio1Executor>;

/// How long the mail server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Connections that are kept, and how long.
const KEPT: u32 = 2;
const KEPT_FOR: Duration = Duration::from_mins(1);
/// Letters that became files stay so long, in seconds.
const FILED_FOR: i64 = 30 * 24 * 3600;

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// The mail server has it.
    Handed,
    /// It lies in the data directory.
    Filed,
}

/// Why a letter was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsent {
    /// The mail server does not want it, now and later.
    #[error("refused for good: {0}")]
    Refused(String),
    /// It may want it later.
    #[error("refused for now: {0}")]
    Later(String),
    /// The mail server could not be spoken with, so that others need not try.
    #[error("the mail server cannot be reached: {0}")]
    Away(String),
}

/// Brings letters on their way.
#[derive(Debug)]
pub(crate) struct Courier {
    folder: PathBuf,
    host: String,
    smtp: Mutex<Option<(Mail, Smtp)>>,
}

impl Courier {
    /// The courier of the hub at `host`, which leaves letters in `mail` of the data directory where
    /// there is no mail server.
    pub(crate) fn new(data_dir: &Path, host: &str) -> Self {
        Self {
            folder: data_dir.join("mail"),
            host: host.split(':').next().unwrap_or(host).to_owned(),
            smtp: Mutex::default(),
        }
    }

    /// Sends one letter. The same letter sent twice bears the same id, so that mail programs show it once.
    ///
    /// # Errors
    /// Why it was not sent, and what to do with it and with others.
    pub(crate) async fn send(
        &self,
        settings: &Mail,
        hub: &str,
        letter: &Letter,
    ) -> Result<Sent, Unsent> {
        let message = self.message(settings, hub, letter)?;
        if !settings.is_sent() {
            let path = self.folder.join(format!("{}.eml", letter.id));
            return match file(&path, &message.formatted()) {
                Ok(()) => Ok(Sent::Filed),
                Err(error) => Err(Unsent::Away(format!("{}: {error}", path.display()))),
            };
        }
        let smtp = self.smtp(settings).map_err(|error| explain(&error))?;
        match smtp.send(message).await {
            Ok(_) => Ok(Sent::Handed),
            Err(error) => Err(explain(&error)),
        }
    }

    /// Takes away the files of old letters; how many.
    pub(crate) fn sweep(&self, now: Ts) -> usize {
        let before = now.plus_seconds(-FILED_FOR).system_time();
        let Ok(files) = fs::read_dir(&self.folder) else {
            return 0;
        };
        let old = files.flatten().filter(|file| {
            let changed = file.metadata().and_then(|about| about.modified());
            changed.is_ok_and(|changed| changed < before)
        });
        old.filter(|file| fs::remove_file(file.path()).is_ok())
            .count()
    }

    fn message(&self, settings: &Mail, hub: &str, letter: &Letter) -> Result<Message, Unsent> {
        let malformed = |what: &str| Unsent::Refused(format!("{what} is no mail address"));
        let from = match settings.from.as_str() {
            "" => format!("hub@{}", self.host),
            from => from.to_owned(),
        };
        let from: Address = from.parse().map_err(|_malformed| malformed("mail.from"))?;
        let to: Address = letter
            .recipient
            .parse()
            .map_err(|_malformed| malformed("the recipient's"))?;
        let mut message = Message::builder()
            .from(Mailbox::new(Some(crate::text::title::one_line(hub)), from))
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .date(letter.created_at.system_time())
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            // So that nobody's absence is answered (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if let Some(unsubscribe) = &letter.unsubscribe {
            message = message
                .raw_header(header("List-Unsubscribe", &format!("<{unsubscribe}>")))
                .raw_header(header(
                    "List-Unsubscribe-Post",
                    "List-Unsubscribe=One-Click",
                ));
        }
        let parts = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
        message
            .multipart(parts)
            .map_err(|error| Unsent::Refused(error.to_string()))
    }

    /// The way to the mail server, made anew when the settings changed.
    fn smtp(&self, settings: &Mail) -> Result<Smtp, smtp::Error> {
        let mut kept = self.smtp.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((made_for, smtp)) = &*kept
            && made_for == settings
        {
            return Ok(smtp.clone());
        }
        let host = settings.smtp_host.as_str();
        let builder = match settings.security {
            MailSecurity::Starttls => Smtp::starttls_relay(host)?,
            MailSecurity::Tls => Smtp::relay(host)?,
            MailSecurity::None => Smtp::builder_dangerous(host),
        };
        let mut builder = builder
            .port(settings.smtp_port)
            .hello_name(ClientId::Domain(self.host.clone()))
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(KEPT).idle_timeout(KEPT_FOR));
        if !settings.username.is_empty() {
            let password = settings.password.expose().to_owned();
            builder = builder.credentials(Credentials::new(settings.username.clone(), password));
        }
        let smtp: Smtp = builder.build();
        *kept = Some((settings.clone(), smtp.clone()));
        Ok(smtp)
    }
}

/// A header of plain letters, which stays on one line: addresses must not be broken.
fn header(name: &'static str, value: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    let plain: String = value.chars().filter(char::is_ascii_graphic).collect();
    HeaderValue::dangerous_new_pre_encoded(name, plain.clone(), plain)
}

fn explain(error: &smtp::Error) -> Unsent {
    let why = crate::text::plain::excerpt(&causes(error), 300);
    // Who may not sign in was not refused this letter (RFC 4954, section 6).
    let locked_out = error
        .status()
        .is_some_and(|code| ["530", "534", "535", "538"].contains(&code.to_string().as_str()));
    if locked_out {
        Unsent::Away(why)
    } else if error.is_permanent() {
        Unsent::Refused(why)
    } else if error.is_transient() {
        Unsent::Later(why)
    } else {
        Unsent::Away(why)
    }
}

fn causes(error: &smtp::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Writes a letter for the eyes of the hub's own user only: it may hold links that open accounts.
fn file(path: &Path, message: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let draft = path.with_extension("draft");
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(message)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}
