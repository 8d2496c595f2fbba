# Writing and reading: composer, drafts, questions, history, threads.

kind-text = Text
kind-link = Link
kind-question = Question
kind-poll = Poll
kind-event = Event
field-group = Group
group-choose = Choose a group
question-hint = You or a moderator can mark the answer that helped. It is then shown right below your question.
similar-heading = Similar threads
travel-open = { $count ->
    [0] Everybody can read this. It stands on this hub and can be fetched from everywhere.
    [one] Everybody can read this. It is also sent to one other server on which people follow the group.
   *[other] Everybody can read this. It is also sent to { $count } other servers on which people follow the group.
}
travel-private = Only members of this group can read this, here and on the servers where members live.
travel-elsewhere = This goes to { $host }, and from there to everybody who follows the group.

drafts-title = Drafts
drafts-planned = Planned
drafts-begun = Begun
drafts-none-planned = Nothing is planned.
drafts-none = No drafts. What you keep while writing stands here, on all your devices.
drafts-answers = Answers begun
drafts-answers-hint = What you type into an answer stays here for 30 days, but pictures do not.
answer-kept-here = Your draft, not sent yet
answer-kept-now = Saved
answer-not-kept = Not saved
answer-kept-to-post = Answer to the post
answer-kept-to-comment = Answer to a comment
answer-kept-lost = A thread that you can no longer see
quote-wrote = wrote:
answer-kept-whole = The whole text
draft-untitled = Without a title
draft-keep = Keep as draft
draft-kept-now = Draft kept just now
draft-goes-out = goes out
draft-withdraw = Withdraw
draft-discard = Discard
draft-discard-sure = It cannot be brought back.
draft-discard-do = Discard it for good
draft-not-posted = It could not be posted:
draft-refused = The group does not take it.
plan-heading = Post it later
plan-it = Plan it
field-publish-at = Day and time
note-draft-kept = Draft kept. You can go on with it here or on another device.
note-draft-planned = Planned. Until then you can change it or withdraw it.
note-draft-discarded = The draft is gone.

questions-title = Questions
questions-open = Unanswered
questions-answered = Answered
questions-none-open = Every question has an answer.
questions-none-answered = No question has an answer yet.
questions-ask = Ask a question
mark-answered = answered
mark-open = open question
answer-accepted = The answer that helped
answer-in-place = See it in the discussion
answer-accept = This helped
answer-unaccept = It did not help after all
note-accepted = Marked as the answer that helped.
note-unaccepted = The question is open again.
notice-accepted = says that your answer helped

history-title = What it said before
history-about = Each version beside the one before: what was added is underlined, what went away is struck through.
history-now = as it is now
history-first = as it was at first

sort-best = Best
sort-old = Oldest
thread-news = { $count ->
    [one] One new answer since you were here: go to it
   *[other] { $count } new answers since you were here: go to the first
}
thread-fresh = { $count ->
    [one] one new
   *[other] { $count } new
}
thread-fold = Answers
thread-deeper = { $count ->
    [one] Go on reading: one more answer
   *[other] Go on reading: { $count } more answers
}
thread-follow = Follow
thread-unfollow = Follow no longer
thread-mute = Mute
thread-unmute = Mute no longer
note-thread-followed = You hear of every new answer in this thread.
note-thread-muted = You hear nothing more of this thread.
note-thread-left = You hear of this thread when somebody answers or mentions you.
live-one = One new answer: show it
live-more = # new answers: show them

saved-title = Saved
saved-none = Nothing saved yet. Press “Save” below a post or comment.
keep = Save for later
unsave = Saved: take it out
keep-short = Save
unsave-short = Saved
note-kept = Saved for later.
note-unkept = No longer saved.
undo = Undo
toolbar-label = Format
toolbar-bold = Bold
toolbar-italic = Italic
toolbar-heading = Heading
toolbar-quote = Quote
toolbar-link = Link
toolbar-bullets = List
toolbar-numbers = Numbered list
toolbar-code = Code
more-tools = More
events-title = Events
events-coming = To come
events-over = Past
events-subscribe = Subscribe to the calendar
events-write = Announce an event
events-none-coming = Nothing is planned yet. Announce the first meeting.
events-none-over = There was no event yet.
event-calendar = Add to calendar
