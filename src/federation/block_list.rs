//! Lists of blocked servers, read from where they are published (Mastodon's CSV).

use http::header::ACCEPT;
use http::{HeaderValue, StatusCode};
use url::Url;

use super::Federation;
use crate::domain::block_list::{self, BlockList};
use crate::domain::caller::Caller;
use crate::domain::host::HostRule;
use crate::domain::host::RuleSource;
use crate::domain::refusal::{Kind, Refusal};
use crate::net::{Client, Limits};
use crate::operations::Operations;
use crate::operations::host::{Changes, ImportRules, RefreshList};

/// The client with which lists are read: the one of the hub, or one made for a verb.
pub(crate) fn client(operations: &Operations) -> Result<Client, Refusal> {
    let development = operations.live.get().federation.development;
    Client::new(operations.names.host(), Limits::default(), development).map_err(Refusal::fault)
}

/// What the list at an address says, within `moderation.list_body`.
///
/// # Errors
/// Why it cannot be had.
pub(crate) async fn read(
    operations: &Operations,
    client: &Client,
    url: &str,
) -> Result<BlockList, Refusal> {
    let unusable = |why: String| {
        Refusal::new(
            Kind::Unavailable,
            "list.unreadable",
            format!("The list cannot be read: {why}"),
        )
    };
    let address = Url::parse(url).map_err(|no| unusable(no.to_string()))?;
    let most = operations.live.get().moderation.list_body.length();
    let accept = [(
        ACCEPT,
        HeaderValue::from_static("text/csv, text/plain;q=0.9, */*;q=0.1"),
    )];
    let fetched = client.get(&address, &accept, None, most).await;
    let fetched = fetched.map_err(|no| unusable(no.to_string()))?;
    if fetched.status != StatusCode::OK {
        return Err(unusable(format!(
            "its server answers {}.",
            fetched.status.as_u16()
        )));
    }
    let text = String::from_utf8_lossy(&fetched.body);
    let list = block_list::parse(&text);
    if list.rules.is_empty() {
        return Err(unusable("it names no server.".to_owned()));
    }
    Ok(list)
}

/// What a list that is followed would change, if it were read now.
///
/// # Errors
/// Why it cannot be had, or that the caller is no admin.
pub(crate) async fn preview(
    operations: &Operations,
    client: &Client,
    caller: Caller,
    url: &str,
    source: RuleSource,
) -> Result<Changes, Refusal> {
    crate::domain::policy::require_admin(caller)?;
    let rules = read(operations, client, url).await?.rules;
    let import = ImportRules {
        rules,
        source,
        dry_run: true,
    };
    operations.run(caller, import).await
}

/// Reads a list that is followed, and does what it says.
///
/// # Errors
/// If the store cannot be written, or the hub does not follow it.
pub(crate) async fn refresh(
    operations: &Operations,
    client: &Client,
    list: i64,
    url: &str,
) -> Result<Changes, Refusal> {
    let read = read(operations, client, url).await;
    let said: Result<Vec<HostRule>, String> = read.map(|list| list.rules).map_err(|no| no.sentence);
    operations
        .run(Caller::System, RefreshList { list, said })
        .await
}

impl Federation {
    /// Reads every list that is due; how many rules changed.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub(crate) async fn refresh_lists(&self) -> Result<usize, Refusal> {
        let now = self.now();
        let due = self.operations.store.read(move |db| {
            let all = crate::store::host_rules::subscriptions(db)?;
            let due = all.into_iter().filter(|list| list.next_at <= now);
            Ok::<_, Refusal>(due.collect::<Vec<_>>())
        });
        let mut touched = 0;
        for list in due.await? {
            let changes = refresh(&self.operations, &self.client, list.id, &list.url).await?;
            touched += changes.added.len() + changes.changed.len() + changes.removed.len();
        }
        Ok(touched)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::operations::host::Subscribe;
    use crate::operations::testing::Hall;
    use crate::settings::ByteSize;
    use crate::store::host_rules;
    use crate::store::testing::db_test;

    /// Serves what it is told; an empty text is a fault.
    fn serve(said: &Arc<Mutex<String>>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/list.csv", listener.local_addr().unwrap());
        let said = Arc::clone(said);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                lines
                    .map_while(Result::ok)
                    .take_while(|line| !line.is_empty())
                    .for_each(drop);
                let body = said.lock().unwrap().clone();
                let status = if body.is_empty() { 500 } else { 200 };
                let head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Type: text/csv\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                // The client may have left already; that is for it to decide.
                drop(stream.write_all(format!("{head}{body}").as_bytes()));
            }
        });
        url
    }

    db_test!(a_list_that_is_followed_is_read_when_it_is_due, |store| {
        let hall = Hall::new(store).await;
        let client = Client::new("hub.test", Limits::default(), true).unwrap();
        let federation = Federation::new(hall.operations.clone(), client);
        let said = Arc::new(Mutex::new("bad.example\nworse.example\n".to_owned()));
        let url = serve(&said);
        let look = preview(
            &hall.operations,
            &federation.client,
            Caller::System,
            &url,
            RuleSource::List(-1),
        );
        assert_eq!(look.await.unwrap().added.len(), 2);
        hall.run(Caller::System, Subscribe { url }).await.unwrap();
        assert_eq!(federation.refresh_lists().await.unwrap(), 2);
        assert!(!hall.operations.admits("bad.example").await.unwrap());
        "worse.example\n".clone_into(&mut said.lock().unwrap());
        assert_eq!(federation.refresh_lists().await.unwrap(), 0, "not due yet");
        hall.pass(24 * 3600);
        assert_eq!(federation.refresh_lists().await.unwrap(), 1);
        assert!(
            hall.operations.admits("bad.example").await.unwrap(),
            "taken back"
        );
        for broken in ["", "<html>an error page</html>"] {
            broken.clone_into(&mut said.lock().unwrap());
            hall.pass(24 * 3600);
            assert_eq!(federation.refresh_lists().await.unwrap(), 0);
            assert!(!hall.operations.admits("worse.example").await.unwrap());
            let list = hall.read(host_rules::subscriptions).await.remove(0);
            assert!(list.error.is_some(), "{broken}");
        }
        let mut settings = (*hall.operations.live.get()).clone();
        settings.moderation.list_body = ByteSize::from_kib(64);
        hall.operations.live.reload(settings).unwrap();
        *said.lock().unwrap() = "x".repeat(100_000);
        hall.pass(24 * 3600);
        federation.refresh_lists().await.unwrap();
        let list = hall.read(host_rules::subscriptions).await.remove(0);
        assert!(list.error.unwrap().contains("longer than"), "it is bounded");
    });
}
