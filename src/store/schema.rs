//! The tables as diesel sees them, for both databases; a test compares them with the migrations.

diesel::table! {
    instances (id) {
        id -> BigInt,
        host -> Text,
        software -> Nullable<Text>,
        version -> Nullable<Text>,
        state -> Text,
        fails -> Integer,
        next_at -> BigInt,
        last_ok_at -> Nullable<BigInt>,
        last_seen_at -> Nullable<BigInt>,
        checked_at -> Nullable<BigInt>,
        created_at -> BigInt,
        severity -> Text,
        paused -> Bool,
    }
}

diesel::table! {
    actors (id) {
        id -> BigInt,
        uri -> Text,
        url -> Text,
        kind -> Text,
        name -> Text,
        host -> Text,
        instance_id -> BigInt,
        local -> Bool,
        title -> Text,
        summary_html -> Text,
        summary_source -> Nullable<Text>,
        icon_url -> Nullable<Text>,
        image_url -> Nullable<Text>,
        inbox -> Text,
        shared_inbox -> Nullable<Text>,
        outbox -> Nullable<Text>,
        followers -> Nullable<Text>,
        moderators -> Nullable<Text>,
        featured -> Nullable<Text>,
        discoverable -> Bool,
        indexable -> Bool,
        manually_approves -> Bool,
        posting_restricted -> Bool,
        followers_count -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        fetched_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        approval -> Text,
    }
}

diesel::table! {
    old_handles (name) {
        name -> Text,
        actor_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    keys (uri) {
        uri -> Text,
        actor_id -> BigInt,
        public_der -> Binary,
        private_der -> Nullable<Binary>,
        fetched_at -> BigInt,
    }
}

diesel::table! {
    accounts (actor_id) {
        actor_id -> BigInt,
        email -> Text,
        password_hash -> Text,
        role -> Text,
        standing -> Text,
        language -> Nullable<Text>,
        created_at -> BigInt,
        look -> Nullable<Text>,
        shows_followers -> Bool,
    }
}

diesel::table! {
    departures (actor_id) {
        actor_id -> BigInt,
        leaves_at -> BigInt,
        keeps_words -> Bool,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Text,
        actor_id -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        device -> Text,
        seen_at -> BigInt,
    }
}

diesel::table! {
    remote_apps (host) {
        host -> Text,
        client_id -> Text,
        client_secret -> Text,
        scope -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    links (remote_id) {
        remote_id -> BigInt,
        actor_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    tokens (token_hash) {
        token_hash -> Text,
        actor_id -> BigInt,
        scopes -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    follows (target_id, follower_id) {
        target_id -> BigInt,
        follower_id -> BigInt,
        state -> Text,
        uri -> Text,
        created_at -> BigInt,
        ask_at -> Nullable<BigInt>,
        asks -> Integer,
        level -> Nullable<Text>,
    }
}

diesel::table! {
    thread_news (post_id) {
        post_id -> BigInt,
        after_id -> BigInt,
    }
}

diesel::table! {
    follower_instances (target_id, instance_id) {
        target_id -> BigInt,
        instance_id -> BigInt,
        followers -> BigInt,
        since -> BigInt,
        group_followers -> BigInt,
    }
}

diesel::table! {
    private_groups (group_id) {
        group_id -> BigInt,
        local -> Bool,
    }
}

diesel::table! {
    moderators (group_id, actor_id) {
        group_id -> BigInt,
        actor_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    bans (group_id, actor_id) {
        group_id -> BigInt,
        actor_id -> BigInt,
        reason -> Text,
        until -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        uri -> Text,
        url -> Text,
        group_id -> BigInt,
        author_id -> BigInt,
        kind -> Text,
        title -> Text,
        source -> Nullable<Text>,
        html -> Text,
        link_url -> Nullable<Text>,
        language -> Nullable<Text>,
        sensitive -> Bool,
        warning -> Nullable<Text>,
        attachments -> Text,
        published_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        locked -> Bool,
        featured_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
        removal_reason -> Nullable<Text>,
        upvotes -> BigInt,
        downvotes -> BigInt,
        comment_count -> BigInt,
        score -> Double,
        hot_rank -> Double,
        new_rank -> Double,
        active_rank -> Double,
        local -> Bool,
    }
}

diesel::table! {
    comments (id) {
        id -> BigInt,
        uri -> Text,
        url -> Text,
        post_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        author_id -> BigInt,
        depth -> Integer,
        path -> Text,
        source -> Nullable<Text>,
        html -> Text,
        language -> Nullable<Text>,
        published_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
        removal_reason -> Nullable<Text>,
        upvotes -> BigInt,
        downvotes -> BigInt,
        distinguished -> Bool,
        local -> Bool,
        locked -> Bool,
        sensitive -> Bool,
        warning -> Nullable<Text>,
        attachments -> Text,
    }
}

diesel::table! {
    held_posts (id) {
        id -> BigInt,
        uri -> Text,
        group_id -> BigInt,
        author_id -> BigInt,
        instance_id -> BigInt,
        title -> Text,
        html -> Text,
        link_url -> Nullable<Text>,
        warning -> Nullable<Text>,
        attachments -> Text,
        draft -> Text,
        held_at -> BigInt,
    }
}

diesel::table! {
    unannounced (object_id) {
        object_id -> BigInt,
    }
}

diesel::table! {
    votes (object_id, actor_id) {
        object_id -> BigInt,
        actor_id -> BigInt,
        value -> SmallInt,
        created_at -> BigInt,
        uuid -> Nullable<Text>,
        via_group -> Bool,
        deed -> Nullable<BigInt>,
    }
}

diesel::table! {
    reactions (object_id, actor_id, content) {
        object_id -> BigInt,
        actor_id -> BigInt,
        content -> Text,
        created_at -> BigInt,
        uuid -> Nullable<Text>,
        deed -> Nullable<BigInt>,
    }
}

diesel::table! {
    shares (object_id, actor_id) {
        object_id -> BigInt,
        actor_id -> BigInt,
        created_at -> BigInt,
        deed -> Nullable<BigInt>,
    }
}

diesel::table! {
    confirmations (object_id) {
        object_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    quotes (id) {
        id -> BigInt,
        uuid -> Text,
        object_id -> BigInt,
        author_id -> BigInt,
        quoter_id -> BigInt,
        uri -> Text,
        request -> Text,
        state -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    quoting (object_id) {
        object_id -> BigInt,
        uri -> Text,
        author_id -> Nullable<BigInt>,
        stamp -> Nullable<Text>,
    }
}

diesel::table! {
    submissions (actor_id, key) {
        actor_id -> BigInt,
        key -> Text,
        object_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    quote_policies (actor_id) {
        actor_id -> BigInt,
        policy -> Text,
    }
}

diesel::table! {
    personal_blocks (actor_id, target_id) {
        actor_id -> BigInt,
        target_id -> BigInt,
        kind -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    personal_host_blocks (actor_id, instance_id) {
        actor_id -> BigInt,
        instance_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    message_policies (actor_id) {
        actor_id -> BigInt,
        policy -> Text,
    }
}

diesel::table! {
    aliases (actor_id, uri) {
        actor_id -> BigInt,
        uri -> Text,
    }
}

diesel::table! {
    moves (actor_id) {
        actor_id -> BigInt,
        target_id -> BigInt,
        moved_at -> BigInt,
    }
}

diesel::table! {
    moved_threads (post_id) {
        post_id -> BigInt,
        from_id -> BigInt,
        moved_at -> BigInt,
    }
}

diesel::table! {
    hashtags (name, object_id) {
        name -> Text,
        object_id -> BigInt,
    }
}

diesel::table! {
    mentions (object_id, actor_id) {
        object_id -> BigInt,
        actor_id -> BigInt,
    }
}

diesel::table! {
    notices (id) {
        id -> BigInt,
        actor_id -> BigInt,
        kind -> Text,
        by_id -> BigInt,
        object_id -> BigInt,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    flags (id) {
        id -> BigInt,
        uri -> Text,
        group_id -> Nullable<BigInt>,
        reporter_id -> BigInt,
        subject_id -> BigInt,
        reason -> Text,
        created_at -> BigInt,
        resolved_at -> Nullable<BigInt>,
        resolved_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    flag_objects (flag_id, object_id) {
        flag_id -> BigInt,
        object_id -> BigInt,
    }
}

diesel::table! {
    host_rules (source_id, host) {
        source_id -> BigInt,
        host -> Text,
        severity -> Text,
        reject_media -> Bool,
        reject_reports -> Bool,
        comment -> Text,
        obfuscate -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    block_lists (id) {
        id -> BigInt,
        url -> Text,
        created_at -> BigInt,
        refreshed_at -> Nullable<BigInt>,
        next_at -> BigInt,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    moderation_log (id) {
        id -> BigInt,
        group_id -> BigInt,
        moderator_id -> BigInt,
        action -> Text,
        object_id -> Nullable<BigInt>,
        actor_id -> Nullable<BigInt>,
        reason -> Text,
        created_at -> BigInt,
        host -> Nullable<Text>,
    }
}

diesel::table! {
    inbox (id) {
        id -> BigInt,
        digest -> Binary,
        uri -> Text,
        actor_uri -> Text,
        body -> Text,
        trusted -> Bool,
        received_at -> BigInt,
        attempts -> Integer,
        next_at -> BigInt,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    seen (digest) {
        digest -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        seq -> Nullable<BigInt>,
        actor_id -> BigInt,
        group_id -> Nullable<BigInt>,
        lane -> SmallInt,
        order_key -> BigInt,
        uuid -> Text,
        activity -> Text,
        relay -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    outbox_targets (outbox_id, actor_id) {
        outbox_id -> BigInt,
        actor_id -> BigInt,
        instance_id -> BigInt,
        inbox -> Text,
    }
}

diesel::table! {
    cursors (instance_id, lane) {
        instance_id -> BigInt,
        lane -> SmallInt,
        seq -> BigInt,
    }
}

diesel::table! {
    dead_letters (instance_id, seq, inbox) {
        instance_id -> BigInt,
        seq -> BigInt,
        inbox -> Text,
        attempts -> Integer,
        error -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    search_texts (object_id) {
        object_id -> BigInt,
        body -> Text,
    }
}

diesel::table! {
    polls (post_id) {
        post_id -> BigInt,
        multiple -> Bool,
        ends_at -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
        voters -> BigInt,
        changed_at -> Nullable<BigInt>,
        told_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    poll_choices (post_id, position) {
        post_id -> BigInt,
        position -> Integer,
        name -> Text,
        votes -> BigInt,
    }
}

diesel::table! {
    poll_votes (post_id, actor_id, position) {
        post_id -> BigInt,
        actor_id -> BigInt,
        position -> Integer,
        created_at -> BigInt,
    }
}

diesel::table! {
    conversations (id) {
        id -> BigInt,
        members -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    conversation_members (conversation_id, actor_id) {
        conversation_id -> BigInt,
        actor_id -> BigInt,
        last_id -> BigInt,
        read_id -> BigInt,
    }
}

diesel::table! {
    messages (id) {
        id -> BigInt,
        uri -> Text,
        conversation_id -> BigInt,
        author_id -> BigInt,
        source -> Nullable<Text>,
        html -> Text,
        published_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        local -> Bool,
    }
}

diesel::table! {
    events (post_id) {
        post_id -> BigInt,
        starts_at -> BigInt,
        ends_at -> Nullable<BigInt>,
        timezone -> Text,
        place -> Nullable<Text>,
        online_url -> Nullable<Text>,
        join_mode -> Text,
        capacity -> Nullable<BigInt>,
        attendees -> BigInt,
    }
}

diesel::table! {
    attendees (post_id, actor_id) {
        post_id -> BigInt,
        actor_id -> BigInt,
        accepted -> Bool,
        uri -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    absences (actor_id) {
        actor_id -> BigInt,
        since -> BigInt,
    }
}

diesel::table! {
    drafts (id) {
        id -> BigInt,
        author_id -> BigInt,
        group_id -> Nullable<BigInt>,
        content -> Text,
        publish_at -> Nullable<BigInt>,
        refusal -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    kept_answers (author_id, object_id) {
        author_id -> BigInt,
        object_id -> BigInt,
        post_id -> BigInt,
        body -> Text,
        kept_at -> BigInt,
    }
}

diesel::table! {
    time_zones (actor_id) {
        actor_id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    questions (post_id) {
        post_id -> BigInt,
        answer_id -> Nullable<BigInt>,
        chosen_by -> Nullable<BigInt>,
        chosen_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    versions (object_id, written_at) {
        object_id -> BigInt,
        written_at -> BigInt,
        title -> Text,
        source -> Nullable<Text>,
        html -> Text,
        replaced_at -> BigInt,
    }
}

diesel::table! {
    visits (actor_id, post_id) {
        actor_id -> BigInt,
        post_id -> BigInt,
        last_id -> BigInt,
        visited_at -> BigInt,
    }
}

diesel::table! {
    saves (actor_id, object_id) {
        actor_id -> BigInt,
        object_id -> BigInt,
        saved_at -> BigInt,
    }
}

diesel::table! {
    watches (post_id, actor_id) {
        post_id -> BigInt,
        actor_id -> BigInt,
        muted -> Bool,
    }
}

diesel::table! {
    brand (id) {
        id -> BigInt,
        colour -> Nullable<Text>,
        light -> Nullable<Text>,
        dark -> Nullable<Text>,
        chosen_at -> BigInt,
        name -> Nullable<Text>,
        description -> Nullable<Text>,
        logo -> Nullable<Text>,
        favicon -> Nullable<Text>,
        font -> Nullable<Text>,
    }
}

diesel::table! {
    letters (id) {
        id -> BigInt,
        recipient -> Text,
        subject -> Text,
        text -> Text,
        html -> Text,
        unsubscribe -> Nullable<Text>,
        created_at -> BigInt,
        due_at -> BigInt,
        expires_at -> BigInt,
        attempts -> Integer,
        problem -> Nullable<Text>,
        died_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_ups (token_hash) {
        token_hash -> Text,
        name -> Text,
        email -> Text,
        password_hash -> Text,
        language -> Nullable<Text>,
        answer -> Text,
        invitation_hash -> Nullable<Text>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    mail_proofs (token_hash) {
        token_hash -> Text,
        actor_id -> BigInt,
        purpose -> Text,
        email -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    invitations (id) {
        id -> BigInt,
        token_hash -> Text,
        author_id -> BigInt,
        note -> Text,
        most_uses -> Integer,
        uses -> Integer,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    arrivals (actor_id) {
        actor_id -> BigInt,
        inviter_id -> Nullable<BigInt>,
        answer -> Text,
    }
}

diesel::table! {
    wishes (actor_id, topic) {
        actor_id -> BigInt,
        topic -> Text,
        mail -> Text,
        push -> Bool,
    }
}

diesel::table! {
    digests (actor_id) {
        actor_id -> BigInt,
        rhythm -> Nullable<Text>,
        since -> BigInt,
        due_at -> BigInt,
    }
}

diesel::table! {
    push_subscriptions (id) {
        id -> BigInt,
        actor_id -> BigInt,
        session_hash -> Text,
        endpoint -> Text,
        public_key -> Text,
        secret -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    pushes (id) {
        id -> BigInt,
        subscription_id -> BigInt,
        payload -> Text,
        due_at -> BigInt,
        expires_at -> BigInt,
        attempts -> Integer,
    }
}

diesel::table! {
    media (id) {
        id -> BigInt,
        owner_id -> BigInt,
        key -> Text,
        kind -> Text,
        bytes -> BigInt,
        width -> Integer,
        height -> Integer,
        blurhash -> Text,
        alt -> Nullable<Text>,
        state -> Text,
        attached_to -> Nullable<BigInt>,
        created_at -> BigInt,
        changed_at -> BigInt,
        focus_x -> Integer,
        focus_y -> Integer,
    }
}

diesel::table! {
    picture_blocks (id) {
        id -> BigInt,
        url -> Nullable<Text>,
        likeness -> Nullable<Text>,
        reason -> Text,
        blocked_by -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    hub_secrets (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    marks (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    filters (id) {
        id -> BigInt,
        actor_id -> BigInt,
        phrase -> Text,
        effect -> Text,
        until -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    reading_languages (actor_id, language) {
        actor_id -> BigInt,
        language -> Text,
    }
}

diesel::table! {
    pages (name, language) {
        name -> Text,
        language -> Text,
        title -> Text,
        source -> Text,
        html -> Text,
        written_at -> BigInt,
        author_id -> BigInt,
    }
}

diesel::table! {
    page_versions (name, language, written_at) {
        name -> Text,
        language -> Text,
        written_at -> BigInt,
        title -> Text,
        source -> Text,
        author_id -> BigInt,
    }
}

diesel::table! {
    claims (task) {
        task -> Text,
        actor_id -> BigInt,
        claimed_at -> BigInt,
    }
}

diesel::table! {
    wordings (id) {
        id -> BigInt,
        title -> Text,
        text -> Text,
    }
}

diesel::table! {
    rules (id) {
        id -> BigInt,
        group_id -> BigInt,
        place -> Integer,
        title -> Text,
        text -> Text,
    }
}

diesel::table! {
    announcements (id) {
        id -> BigInt,
        source -> Text,
        html -> Text,
        audience -> Text,
        starts_at -> BigInt,
        ends_at -> Nullable<BigInt>,
        author_id -> BigInt,
    }
}

diesel::table! {
    dismissals (announcement_id, actor_id) {
        announcement_id -> BigInt,
        actor_id -> BigInt,
    }
}

diesel::table! {
    post_links (post_id) {
        post_id -> BigInt,
        page -> BigInt,
        url -> Text,
        picture -> Nullable<Text>,
    }
}

diesel::table! {
    link_previews (page) {
        page -> BigInt,
        url -> Text,
        title -> Nullable<Text>,
        description -> Nullable<Text>,
        site -> Nullable<Text>,
        picture -> Nullable<Text>,
        due_at -> Nullable<BigInt>,
        fetched_at -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    instances,
    actors,
    absences,
    departures,
    old_handles,
    keys,
    accounts,
    sessions,
    tokens,
    follows,
    follower_instances,
    private_groups,
    moderators,
    bans,
    posts,
    comments,
    held_posts,
    unannounced,
    votes,
    reactions,
    shares,
    confirmations,
    quotes,
    quoting,
    quote_policies,
    submissions,
    personal_blocks,
    personal_host_blocks,
    message_policies,
    aliases,
    moves,
    moved_threads,
    hashtags,
    mentions,
    notices,
    flags,
    flag_objects,
    host_rules,
    block_lists,
    moderation_log,
    inbox,
    seen,
    outbox,
    outbox_targets,
    cursors,
    dead_letters,
    search_texts,
    remote_apps,
    links,
    polls,
    poll_choices,
    poll_votes,
    conversations,
    conversation_members,
    messages,
    events,
    attendees,
    drafts,
    kept_answers,
    time_zones,
    questions,
    versions,
    visits,
    saves,
    watches,
    thread_news,
    brand,
    letters,
    sign_ups,
    mail_proofs,
    invitations,
    arrivals,
    wishes,
    digests,
    push_subscriptions,
    pushes,
    hub_secrets,
    marks,
    media,
    filters,
    reading_languages,
    pages,
    page_versions,
    claims,
    wordings,
    rules,
    announcements,
    dismissals,
    post_links,
    link_previews,
);
