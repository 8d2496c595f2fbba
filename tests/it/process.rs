//! The process: how it starts, takes new settings and stops.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Hub, Kind, Peer, eventually, eventually_within, on_both, uri};

/// Tells whoever runs the tests with `--nocapture` what was measured.
fn note(words: &str) {
    drop(std::io::Write::write_all(
        &mut std::io::stderr(),
        format!("{words}\n").as_bytes(),
    ));
}

on_both!(hub_starts_at_once_and_rests_small, |kind| {
    let mut hub = Hub::new(kind);
    let first = hub.start().await;
    assert_eq!(
        hub.ended(Duration::from_millis(200)).await,
        None,
        "it stays"
    );
    hub.kill();
    let again = hub.start().await;
    let resident = hub.memory("VmRSS") / 1024;
    note(&format!(
        "{kind:?}: ready in {} ms with an empty database, in {} ms the next time; {resident} MiB resident",
        first.as_millis(),
        again.as_millis()
    ));
    // No timed test: bounds that only something broken exceeds, in a build without optimisation.
    assert!(again < Duration::from_secs(5), "{again:?}");
    assert!(resident < 96, "{resident} MiB");
});

on_both!(a_hub_that_nobody_runs_says_how_that_is_changed, |kind| {
    let mut hub = Hub::new(kind);
    hub.start().await;
    eventually("the way to a first admin in the log", async || {
        hub.log().contains("--role admin").then_some(())
    })
    .await;
    hub.kill();
    hub.user("anna", "admin");
    let before = hub.log().matches("--role admin").count();
    hub.start().await;
    assert_eq!(hub.log().matches("--role admin").count(), before);
});

async fn name_of(hub: &Hub) -> Value {
    let info = hub.document(&format!("{}/nodeinfo/2.1", hub.base)).await;
    info.json()["metadata"]["nodeName"].clone()
}

on_both!(new_settings_are_taken_whole_or_not_at_all, |kind| {
    let mut hub = Hub::new(kind);
    hub.start().await;
    assert_eq!(name_of(&hub).await, "First name");

    hub.change_settings("First name", "Second name");
    hub.signal("HUP");
    eventually("the second name", async || {
        (name_of(&hub).await == "Second name").then_some(())
    })
    .await;

    hub.change_settings("Second name", "Third name");
    hub.change_settings("development = true", "development = true\nno_such_key = 1");
    hub.signal("HUP");
    eventually("the unknown key in the log", async || {
        hub.log().contains("no_such_key").then_some(())
    })
    .await;
    assert_eq!(name_of(&hub).await, "Second name", "nothing of a bad file");

    hub.change_settings("no_such_key = 1", "");
    hub.change_settings("data\"", "other\"");
    hub.signal("HUP");
    eventually("the restart that is needed in the log", async || {
        hub.log().contains("server.data_dir").then_some(())
    })
    .await;
    assert_eq!(
        name_of(&hub).await,
        "Second name",
        "nothing without the rest"
    );

    hub.change_settings("other\"", "data\"");
    hub.signal("HUP");
    eventually("the third name", async || {
        (name_of(&hub).await == "Third name").then_some(())
    })
    .await;
});

/// Stops the hub with deliveries pending at a server that answers `status` (0: never), and finds
/// them made after the next start.
async fn stops_and_delivers_later(kind: Kind, status: u16) {
    let follower = Peer::start("lemmy").await;
    let mut hub = Hub::with(
        kind,
        "[delivery]\nbackoff_base = \"200ms\"\nbackoff_cap = \"1s\"",
    );
    hub.user("anna", "admin");
    hub.group("tea", "anna");
    hub.start().await;
    let group = format!("{}/c/tea", hub.base);
    follower.join(&follower.person("leo"), &group).await;
    follower.answer_with(status);
    let mut uris = Vec::new();
    for number in 0..20 {
        let text = json!({"title": format!("Post {number}"), "body": "Later."});
        let post = hub
            .api("POST", "/groups/tea/posts", "anna", text)
            .await
            .expect(201);
        uris.push(post["ap_id"].clone());
    }
    hub.signal("TERM");
    let code = hub.ended(Duration::from_secs(20)).await;
    assert_eq!(code, Some(Some(0)), "in time and without a fault");

    follower.answer_with(202);
    hub.start().await;
    eventually_within(Duration::from_mins(1), "all deliveries", async || {
        let received = follower.received();
        let told = |post: &Value| {
            received
                .iter()
                .any(|r| uri(&r.body["object"]["object"]) == post.as_str())
        };
        uris.iter().all(told).then_some(())
    })
    .await;
}

on_both!(sigterm_ends_the_hub_though_a_server_refuses, |kind| {
    stops_and_delivers_later(kind, 503).await;
});

on_both!(sigterm_ends_the_hub_though_a_server_hangs, |kind| {
    stops_and_delivers_later(kind, 0).await;
});
