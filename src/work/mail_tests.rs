//! Letters, news and digests on their way, and what survives when nobody takes them.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::testing::Peer;
use super::{Metrics, mail, news, push};
use crate::crypto::token::{hash_hex, random};
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, ObjectId};
use crate::federation::Federation;
use crate::mail::Courier;
use crate::net::{Client, Limits};
use crate::operations::Operations;
use crate::operations::account::{AskReset, OpenSession};
use crate::operations::membership::JoinGroup;
use crate::operations::news::Subscribe;
use crate::operations::notice::MarkNoticesRead;
use crate::operations::testing::{Hall, answer};
use crate::operations::trial::{group, hub_with, member, person, read, run, wait};
use crate::settings::MailSecurity;
use crate::store::testing::db_test;
use crate::store::{Store, letters, pushes};

async fn hub(store: Store) -> Operations {
    hub_with(store, |settings| settings.federation.development = true).await
}

/// The letters that lie in the data directory, in the order in which they were written.
fn filed(folder: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder.join("mail")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let text = |path| std::fs::read_to_string(path).unwrap();
    // Long lines are broken on the way.
    paths
        .iter()
        .map(text)
        .map(|text| text.replace("=\r\n", ""))
        .collect()
}

async fn send(operations: &Operations, folder: &Path) -> mail::Turn {
    let courier = Courier::new(folder, "hub.test");
    mail::once(operations, &courier, &Metrics::default())
        .await
        .unwrap()
}

fn reset() -> AskReset {
    AskReset {
        email: "anna@example.test".to_owned(),
        token: random(),
    }
}

db_test!(
    a_letter_waits_until_somebody_takes_it_or_it_is_of_no_use,
    |store| {
        let operations = hub(store).await;
        let folder = tempfile::tempdir().unwrap();
        person(&operations, "anna").await;
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut settings = (*operations.live.get()).clone();
        settings.mail.smtp_host = "127.0.0.1".to_owned();
        settings.mail.smtp_port = free.local_addr().unwrap().port();
        settings.mail.security = MailSecurity::None;
        drop(free);
        operations.live.reload(settings.clone()).unwrap();
        run(&operations, Caller::Visitor, reset()).await;
        assert_eq!(send(&operations, folder.path()).await, mail::Turn::Away);
        assert_eq!(read(&operations, letters::count_waiting).await, 1);
        assert_eq!(
            send(&operations, folder.path()).await,
            mail::Turn::Done,
            "it is not due"
        );
        wait(&operations, 61);
        assert_eq!(send(&operations, folder.path()).await, mail::Turn::Away);
        settings.mail.smtp_host.clear();
        operations.live.reload(settings.clone()).unwrap();
        wait(&operations, 121);
        assert_eq!(send(&operations, folder.path()).await, mail::Turn::Done);
        assert_eq!(read(&operations, letters::count_waiting).await, 0);
        assert_eq!(filed(folder.path()).len(), 1);
        run(&operations, Caller::Visitor, reset()).await;
        wait(&operations, 3601);
        send(&operations, folder.path()).await;
        assert_eq!(filed(folder.path()).len(), 1, "its link is good no longer");
        let dead = read(&operations, |db| letters::list_dead(db, 10)).await;
        assert_eq!(dead.len(), 1);
        assert_eq!(dead[0].recipient, "anna@example.test");
    }
);

/// anna's post in a group that she and ben joined, and ben.
async fn scene(operations: &Operations) -> (ActorId, ActorId, ObjectId) {
    let (anna, ben) = (
        person(operations, "anna").await,
        person(operations, "ben").await,
    );
    let drivers = group(operations, "drivers", Some(anna)).await;
    run(operations, member(ben), JoinGroup { group: drivers }).await;
    let hall = Hall::over(operations.clone());
    let post = hall.post(member(anna), drivers, "Which bit?").await;
    (anna, ben, ObjectId::Post(post))
}

db_test!(what_was_not_seen_within_a_minute_is_told_once, |store| {
    let operations = hub(store).await;
    let folder = tempfile::tempdir().unwrap();
    let (anna, ben, post) = scene(&operations).await;
    run(
        &operations,
        member(ben),
        answer(post, "Before anybody was told."),
    )
    .await;
    wait(&operations, 61);
    while news::once(&operations).await.unwrap() {}
    send(&operations, folder.path()).await;
    assert!(filed(folder.path()).is_empty(), "what is old is no news");
    run(&operations, member(ben), answer(post, "PH2, always.")).await;
    while news::once(&operations).await.unwrap() {}
    send(&operations, folder.path()).await;
    assert!(filed(folder.path()).is_empty(), "she may see it herself");
    wait(&operations, 61);
    while news::once(&operations).await.unwrap() {}
    while news::once(&operations).await.unwrap() {}
    send(&operations, folder.path()).await;
    let sent = filed(folder.path());
    assert_eq!(sent.len(), 1);
    assert!(sent[0].contains("PH2, always.") && sent[0].contains("To: anna@example.test"));
    assert!(sent[0].contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    run(&operations, member(ben), answer(post, "Seen.")).await;
    run(&operations, member(anna), MarkNoticesRead { these: None }).await;
    wait(&operations, 61);
    while news::once(&operations).await.unwrap() {}
    send(&operations, folder.path()).await;
    assert_eq!(filed(folder.path()).len(), 1, "she saw it");
});

db_test!(
    a_digest_tells_of_the_best_threads_and_of_what_waits,
    |store| {
        let operations = hub(store).await;
        let folder = tempfile::tempdir().unwrap();
        let (_, ben, post) = scene(&operations).await;
        while news::once(&operations).await.unwrap() {}
        run(&operations, member(ben), answer(post, "PH2, always.")).await;
        wait(&operations, 7 * 24 * 3600);
        while news::once(&operations).await.unwrap() {}
        send(&operations, folder.path()).await;
        let sent = filed(folder.path());
        let digest = |to: &str| {
            let to = format!("To: {to}@example.test");
            let own = sent.iter().filter(|letter| letter.contains(&to));
            own.filter(|letter| letter.contains("what=3Ddigest"))
                .count()
        };
        assert_eq!(digest("ben"), 1, "{sent:#?}");
        assert_eq!(digest("anna"), 1, "{sent:#?}");
        while news::once(&operations).await.unwrap() {}
        send(&operations, folder.path()).await;
        assert_eq!(filed(folder.path()).len(), sent.len(), "once a week");
    }
);

async fn subscribe(operations: &Operations, actor: ActorId, endpoint: &str) {
    let session = hash_hex(&random());
    let open = OpenSession {
        actor,
        token_hash: session.clone(),
        password_hash: "hash".to_owned(),
        device: String::new(),
    };
    run(operations, Caller::Visitor, open).await;
    let subscribe = Subscribe {
        session,
        endpoint: endpoint.to_owned(),
        // The keys of RFC 8291, section 5.
        public_key: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4".to_owned(),
        secret: "BTBZMqHH6r4Tts7J_aSIgg".to_owned(),
    };
    run(operations, member(actor), subscribe).await;
}

db_test!(
    a_browser_is_told_until_its_push_service_says_that_it_is_gone,
    |store| {
        let operations = hub(store).await;
        let client = Client::new("hub.test", Limits::default(), true).unwrap();
        let federation = Federation::new(operations.clone(), client);
        let service = Peer::new().await;
        let (anna, ben, post) = scene(&operations).await;
        while news::once(&operations).await.unwrap() {}
        subscribe(
            &operations,
            anna,
            &format!("http://{}/push/anna", service.host),
        )
        .await;
        let metrics = Metrics::default();
        for (status, reached) in [(201, 1), (503, 2), (410, 4)] {
            service.answers(move |_| status);
            run(&operations, member(ben), answer(post, "PH2, always.")).await;
            wait(&operations, 121);
            while news::once(&operations).await.unwrap() {}
            while push::once(&federation, &metrics).await.unwrap() {}
            assert_eq!(service.got().len(), reached, "{status}");
        }
        let got = &service.got()[0];
        let header = |name: &str| got.headers[name].to_str().unwrap().to_owned();
        assert_eq!(got.path, "/push/anna");
        assert_eq!(header("content-encoding"), "aes128gcm");
        assert!(header("ttl").parse::<i64>().unwrap() > 0);
        let proof = header("authorization");
        let claims = proof.split('.').nth(1).unwrap();
        let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert!(
            claims.contains(&format!("\"aud\":\"http://{}\"", service.host)),
            "{claims}"
        );
        assert!(
            !String::from_utf8_lossy(&got.body).contains("PH2"),
            "nobody between reads it"
        );
        let left = read(&operations, move |db| pushes::list_of(db, anna, 10)).await;
        assert!(left.is_empty(), "the browser is forgotten");
    }
);
