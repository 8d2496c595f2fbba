# What members do with their own account, with notices and messages.

# Leaving
delete-account = Delete my account
delete-account-goes = You are signed out everywhere and leave all groups, your email address, your password and your profile are deleted, your page is closed, and other servers are told that you are gone. Your name stays taken, so that nobody can pretend to be you.
delete-account-later = { $count ->
    [one] This happens after one day. Until then you can sign in and keep your account.
   *[other] This happens after { $count } days. Until then you can sign in and keep your account.
}
delete-account-now = This happens at once, and nobody can undo it.
delete-words = What is to become of what you wrote?
delete-words-remove = Take it away
delete-words-remove-hint = Your posts and comments disappear here. Answers of others stay.
delete-words-keep = Let it stand
delete-words-keep-hint = Your posts and comments stay for others to read, under “deleted account” instead of your name, without your pictures. Other servers may take them away all the same.
leaving-title = You are leaving
leaving-when = Your account will be deleted on
leaving-keeps = What you wrote stays, under “deleted account”.
leaving-takes = What you wrote is taken away.
leaving-meanwhile = Until then everything is as before. If you stay, nothing is lost.
leaving-keep = Keep my account
leaving-go = Sign out and leave
leaving-export = Take all that you wrote with you
note-leaving = Your account will be deleted. An email tells you when, and how to keep it.
note-left_hub = Your account is deleted. Farewell!
note-account-kept = Good to have you. Your account stays.
face-gone = deleted account

# Taking everything along
export-title = Take everything with you
export-what = One archive with
export-words = all posts, comments and messages that you wrote, with their Markdown
export-choices = your votes, reactions, saved posts, drafts and filters
export-people = whom you follow and whom you keep away
export-pictures = your pictures, with their descriptions
export-forms = The archive is a ZIP file. Texts are JSON (also as ActivityStreams), and lists of people are CSV files that Mastodon and others can read in.
export-hint = Because all of your messages are in it.
export-do = Download the archive
export-last = Your last archive
export-running = It is being made and sent.
export-done = It is complete.
export-broken = It broke off before its end. Please download it again.
export-parts = Made: { $made } of { $count } parts; sent: { $size }
export-look = See how far it is

# Notices
notices-show = Show
notices-all = All
notices-answers = Answers
notices-mentions = Mentions
notices-votes = Votes
notices-dates = Events and polls
notices-moderation = Moderation
notices-none-here = Nothing of this sort.
notices-all-do = See all notices
notice-others = { $count ->
    [one] and one other
   *[other] and { $count } others
}
notice-answer-by = { $people ->
    [one] answered you
   *[other] answered you
}
notice-liked-by = { $people ->
    [one] likes what you wrote
   *[other] like what you wrote
}
notice-mention-by = { $people ->
    [one] mentioned you
   *[other] mentioned you
}
notice-thread-by = { $people ->
    [one] wrote in a thread that you follow
   *[other] wrote in a thread that you follow
}
notice-join-asked-by = { $people ->
    [one] wants to come to your event
   *[other] want to come to your event
}
notice-times = { $count } times
notice-mark = Mark as read
note-read = Marked as read.
day-today = Today
day-yesterday = Yesterday

# Messages
messages-choose = Choose a conversation, or begin one.

# People of the hub
people-search = Find people of this hub
people-search-label = Name or address
people-show = Which people
people-all = Everybody
people-waiting = Waiting
people-moderators = Moderators and admins
people-nobody = Nobody of this sort.
role-admin = Admin
role-moderator = Moderator
standing-waits = waits
standing-suspended = shut out

# Threads
related-heading = Related threads
level-label = What you hear of it
level-all = All new threads
level-own = What concerns me
level-nothing = Nothing
levels-heading = Your groups
levels-group = Group
levels-hint = What concerns you are answers, mentions and threads that you follow. Of a group with “Nothing” you hear only of threads that you follow, and its posts stay off your home page.
notices-threads = New threads
notice-new-thread = began a thread
