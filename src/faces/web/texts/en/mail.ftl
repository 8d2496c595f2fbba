account-title = Account
account-address = Email address
account-address-now = Letters go to { $email }.
field-new-email = New email address
field-new-email-hint = A letter goes there. Your address changes when you open the link in it.
change-address = Change the address
sessions-heading = Where you are signed in
sessions-about = If you do not know one of these, end it and change your password.
session-unknown = A browser
session-current = this one
session-seen = last seen
session-since = signed in
session-end = Sign out
session-end-others = Sign out everywhere else

confirm-title = Confirm your address
confirm-about = One more step: press the button, and your account is made.
confirm-address-title = Confirm your new address
confirm-address-about = Press the button, and letters go to your new address from now on.
forgot-title = Forgot your password?
forgot-about = Write the email address of your account. If it is known here, a letter with a link goes there.
forgot-send = Send the letter
forgot-again = Ask for a new letter
reset-title = Set a new password
reset-unusable = This link is no longer good

invitations-title = Invitations
invitation-link = The link of your invitation
invitation-link-once = Copy it now and pass it on. It cannot be looked up again.
invitation-new = Invite somebody
invitation-about = Who opens the link can join at once, without waiting for a moderator.
field-invitation-note = For whom
field-invitation-note-hint = For you to remember; nobody else sees it.
field-invitation-uses = How many people may join with it
field-invitation-days = For how many days
invitation-make = Make a link
invitations-mine = Your invitations
invitations-none = You have not invited anybody yet.
invitation-unnamed = An invitation
invitation-over = over
invitation-used = { $uses } of { $most } used
invitation-take-back = Take back
invited-heading = Who came by your invitations
invited-none = Nobody yet.
invited-by = Invited by

mail-unsent = This hub sends no mail: letters are written as files into its data directory. Set mail.smtp_host to send them.
letters-waiting = { $count ->
    [one] { $count } letter waits to be sent.
   *[other] { $count } letters wait to be sent.
}
letters-dead = Letters that were given up

note-address-changed = Letters go to your new address now.
note-confirmed = Your address is confirmed. You can sign in now.
note-invitation-ended = The invitation is taken back.
note-letter-address = A letter is on its way to the new address. Please open the link in it.
note-letter-reset = If this address is known here, a letter is on its way to it. Please open the link in it.
note-letter-sign-up = A letter is on its way to you. Please open the link in it to finish signing up.
note-reset = Your password is set. You can sign in with it now.
note-session-ended = Signed out there.
note-sessions-ended = You are signed out everywhere else.

notifications-title = Notifications
topics-heading = What you hear of, and how
topic-answers = Answers to what you wrote
topic-mentions = Mentions of you
topic-messages = Private messages
topic-threads = Threads you follow
topic-events = Who comes to events
topic-polls = Polls that end
topic-groups = Your membership of groups
topic-all = Letters about what happens
topic-digest = Digest
topic-by-mail = By mail
topic-by-push = In browsers where notifications are switched on
mail-off = not at all
mail-at-once = at once
mail-digest = with the digest
digest-heading = Digest
digest-rhythm = How often
digest-hint = The best threads of your groups, and what you have not seen.
digest-off = never
digest-daily = every day
digest-weekly = every week
unsubscribe-title = End these letters
unsubscribe-ask = You get no more letters of this sort: { $what }.
unsubscribe-done = Done. You get no more letters of this sort: { $what }.

push-heading = Notifications in this browser
push-about = Your browser can tell you what happens while no page of the hub is open. That needs JavaScript.
push-is-on = This browser tells you what happens, until you sign out here.
push-begin = Switch on in this browser
push-end = Switch off in this browser
push-refused = Your browser did not allow it.
note-push-on = Notifications are switched on in this browser.
note-push-off = Notifications are switched off in this browser.
