//! Letters say the same in every language, whatever people are called; they reach a mail server or
//! the data directory.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::write::{TEXTS, Written};
use super::*;
use crate::domain::clock::Ts;
use crate::domain::colour::{Colour, Palette, Shade};
use crate::domain::letter::Letter;
use crate::settings::{Mail, MailSecurity};

fn keys(source: &str) -> BTreeSet<&str> {
    let lines = source
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    lines
        .filter_map(|line| line.split_once(" ="))
        .map(|(key, _)| key)
        .collect()
}

/// The colours of a hub.
fn purple() -> Shade {
    Palette::from(Colour::parse("#7a1fa2").unwrap()).light
}

fn written(language: &str, draft: &Draft) -> Written {
    let languages = ["en".to_owned(), "de".to_owned()];
    let hub = Hub {
        name: "Acme <Hub>",
        base: "https://hub.test",
        languages: &languages,
    };
    Stationery::default().write(Some(language), hub, purple(), draft)
}

#[test]
fn every_text_exists_in_every_language_and_is_used() {
    let [(_, english), (_, german)] = TEXTS;
    assert_eq!(keys(english), keys(german));
    let own = keys(english);
    for occasion in Occasion::ALL {
        for part in ["subject", "text"] {
            assert!(
                own.contains(format!("{}-{part}", occasion.key()).as_str()),
                "{occasion:?}"
            );
        }
    }
}

#[test]
fn every_letter_is_whole_in_both_languages() {
    for occasion in Occasion::ALL {
        for language in ["en", "de"] {
            let mut draft =
                Draft::new(occasion, "anna").link("https://hub.test/x?token=t".to_owned());
            draft.unsubscribe = Some("https://hub.test/unsubscribe?a=1&b=2".to_owned());
            draft.sections.push(Section {
                heading: Some("digest-threads"),
                items: vec![Item {
                    said: "item-answer",
                    who: "<b>eve</b>\r\nBcc: x@y.test".to_owned(),
                    title: "<script>1</script>".to_owned(),
                    url: "https://hub.test/post/1".to_owned(),
                }],
            });
            let letter = written(language, &draft);
            assert!(
                !letter.subject.contains("-subject") && !letter.subject.contains('\n'),
                "{letter:?}"
            );
            assert!(
                letter.text.contains("https://hub.test/x?token=t"),
                "{}",
                letter.text
            );
            assert!(letter.text.contains("https://hub.test/unsubscribe?a=1&b=2"));
            assert!(letter.html.contains(&format!("<html lang=\"{language}\">")));
            assert!(letter.html.contains("Acme &lt;Hub&gt;") && !letter.html.contains("<script"));
            assert!(
                letter
                    .html
                    .contains(&format!("background: {};", purple().accent))
            );
            assert!(!letter.html.contains("-subject") && !letter.html.contains("item-answer"));
        }
    }
}

#[test]
fn a_letter_is_in_the_first_language_of_the_hub_where_nothing_fits() {
    let german = ["de".to_owned()];
    let hub = Hub {
        name: "Acme",
        base: "https://hub.test",
        languages: &german,
    };
    let letters = Stationery::default();
    let draft = Draft::new(Occasion::Reset, "anna");
    for language in [None, Some("fr"), Some("de-AT")] {
        let letter = letters.write(language, hub, purple(), &draft);
        assert!(letter.html.contains("<html lang=\"de\">"), "{language:?}");
    }
}

fn letter(id: i64) -> Letter {
    Letter {
        id,
        recipient: "anna@example.test".to_owned(),
        subject: "Schöne Grüße\r\nBcc: eve@example.test".to_owned(),
        text: "Hallo".to_owned(),
        html: "<p>Hallo</p>".to_owned(),
        unsubscribe: Some(format!(
            "https://hub.test/unsubscribe?sig={}",
            "a".repeat(120)
        )),
        created_at: Ts(1_780_315_200_000_000),
        expires_at: Ts(1_790_315_200_000_000),
        attempts: 0,
    }
}

/// A mail server that answers as it is told, and keeps what it was sent.
async fn server(answer_to_rcpt: &'static str) -> (Mail, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let kept: Arc<Mutex<Vec<String>>> = Arc::default();
    let keep = Arc::clone(&kept);
    #[expect(
        clippy::disallowed_methods,
        reason = "the server of a test ends with it"
    )]
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 mx.test\r\n").await.unwrap();
            let (mut message, mut inside) = (String::new(), false);
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match line.as_str() {
                    "." if inside => {
                        inside = false;
                        keep.lock().unwrap().push(std::mem::take(&mut message));
                        "250 ok"
                    }
                    line if inside => {
                        message.push_str(line);
                        message.push('\n');
                        continue;
                    }
                    "DATA" => {
                        inside = true;
                        "354 go on"
                    }
                    line if line.starts_with("RCPT") => answer_to_rcpt,
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                };
                write
                    .write_all(format!("{answer}\r\n").as_bytes())
                    .await
                    .unwrap();
            }
        }
    });
    let settings = Mail {
        smtp_host: "127.0.0.1".to_owned(),
        smtp_port: port,
        security: MailSecurity::None,
        ..Mail::default()
    };
    (settings, kept)
}

#[tokio::test]
async fn a_mail_server_gets_a_letter_with_all_its_headers() {
    let folder = tempfile::tempdir().unwrap();
    let courier = Courier::new(folder.path(), "hub.test:8080");
    let (settings, kept) = server("250 ok").await;
    for id in [1, 2] {
        let sent = courier
            .send(&settings, "Acme\r\nBcc: x@y.test", &letter(id))
            .await;
        assert_eq!(sent, Ok(Sent::Handed));
    }
    let kept = kept.lock().unwrap();
    assert_eq!(kept.len(), 2);
    let message = &kept[0];
    assert!(
        message.contains("\nMessage-ID: <1@hub.test>\n"),
        "{message}"
    );
    assert!(
        message.contains("\nAuto-Submitted: auto-generated\n"),
        "{message}"
    );
    let address = format!("<https://hub.test/unsubscribe?sig={}>", "a".repeat(120));
    assert!(
        message.contains(&format!("\nList-Unsubscribe: {address}\n")),
        "{message}"
    );
    assert!(message.contains("\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"));
    assert!(message.contains("hub@hub.test"), "{message}");
    // H249: what people are called is no header.
    assert!(!message.contains("\nBcc:"), "{message}");
    assert!(message.contains("text/plain") && message.contains("text/html"));
}

#[tokio::test]
async fn what_a_mail_server_says_decides_what_becomes_of_a_letter() {
    let folder = tempfile::tempdir().unwrap();
    let courier = Courier::new(folder.path(), "hub.test");
    for (answer, refused) in [("550 no such mailbox", true), ("450 later", false)] {
        let (settings, kept) = server(answer).await;
        let unsent = courier
            .send(&settings, "Acme", &letter(1))
            .await
            .unwrap_err();
        assert_eq!(matches!(unsent, Unsent::Refused(_)), refused, "{unsent}");
        assert_eq!(matches!(unsent, Unsent::Later(_)), !refused, "{unsent}");
        assert!(kept.lock().unwrap().is_empty());
    }
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = Mail {
        smtp_host: "127.0.0.1".to_owned(),
        smtp_port: free.local_addr().unwrap().port(),
        security: MailSecurity::None,
        ..Mail::default()
    };
    drop(free);
    let unsent = courier
        .send(&settings, "Acme", &letter(1))
        .await
        .unwrap_err();
    assert!(matches!(unsent, Unsent::Away(_)), "{unsent}");
    let malformed = Letter {
        recipient: "no address".to_owned(),
        ..letter(1)
    };
    let unsent = courier
        .send(&settings, "Acme", &malformed)
        .await
        .unwrap_err();
    assert!(matches!(unsent, Unsent::Refused(_)), "{unsent}");
}

#[tokio::test]
async fn without_a_mail_server_letters_are_files_that_only_the_hub_reads() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let courier = Courier::new(folder.path(), "hub.test");
    let sent = courier.send(&Mail::default(), "Acme", &letter(7)).await;
    assert_eq!(sent, Ok(Sent::Filed));
    let path = folder.path().join("mail/7.eml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.contains("To: anna@example.test") && text.contains("Hallo"),
        "{text}"
    );
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&folder.path().join("mail")), 0o700);
    let written = Ts::parse("2020-01-01T00:00:00Z").unwrap();
    assert_eq!(courier.sweep(written), 0, "it is no older than that");
    let later = Ts::parse("2100-01-01T00:00:00Z").unwrap();
    assert_eq!(courier.sweep(later), 1);
    assert!(!path.exists());
}
