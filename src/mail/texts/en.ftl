greeting = Hello { $name },
closing = This email was sent by { $hub }.
unsubscribe = No more emails of this sort

confirm-subject = Please confirm your address for { $hub }
confirm-text = somebody, hopefully you, wants to join { $hub } with this address. Please confirm that it is yours.

    The link works for a day. If it was not you, do nothing: without it there will be no account.
confirm-button = Confirm the address

member-subject = You have an account at { $hub } already
member-text = somebody, hopefully you, wanted to join { $hub } with this address. It belongs to your account { $name } already, so there is no new one.

    Sign in with it. If you no longer know your password, you can set a new one.
member-button = Set a new password

reset-subject = A new password for { $hub }
reset-text = somebody, hopefully you, wants to set a new password for your account { $name }.

    The link works once, for an hour. If it was not you, do nothing: your password stays as it is.
reset-button = Set a new password

password-changed-subject = Your password at { $hub } was changed
password-changed-text = the password of your account { $name } was changed just now, and all other devices were signed out.

    If it was not you, set a new password at once and tell the admins of the hub.
password-changed-button = Set a new password

new-address-subject = Please confirm your new address for { $hub }
new-address-text = emails about your account { $name } are to go to this address. Please confirm that it is yours.

    The link works for a day. If you know nothing of this, do nothing.
new-address-button = Confirm the address

address-changed-subject = { $hub } writes to another address now
address-changed-text = emails about your account { $name } go to { $detail } from now on, no longer to this address.

    If it was not you, tell the admins of the hub at once.

approved-subject = Welcome to { $hub }
approved-text = the moderators have let you in. You can sign in with the name { $name } and your password now.
approved-button = Sign in

turned-down-subject = Your request to join { $hub }
turned-down-text = thank you for wanting to join { $hub }. The moderators have decided not to let you in.

leaving-subject = Your account at { $hub } will be deleted
leaving-text = as you asked, your account { $name } will be deleted on { $detail }. Until then everything stays as it is, and you are signed out.

    If you think better of it, or if it was not you, sign in before that day and choose to keep your account.
leaving-button = Keep my account

left-subject = Your account at { $hub } is deleted
left-text = your account { $name } is deleted now, as you asked. Thank you for having been with us; farewell!

notices-subject = { $count ->
    [one] { $detail }
   *[other] { $count } news for you at { $hub }
}
notices-text = this happened at { $hub }:
notices-button = See all notices

digest-subject = What was new at { $hub }
digest-text = this is what you may have missed.
digest-button = Open { $hub }
digest-threads = The best threads of your groups
digest-waiting = Waiting for you

item-answer = { $who } answered you
item-mention = { $who } mentioned you
item-message = { $who } wrote to you
item-poll_ended = A poll of { $who } has ended
item-join_asked = { $who } wants to come
item-join_answered = { $who } answered whether you may come
item-refused = { $who } turned your request down
item-thread = in { $who }
item-accepted = { $who } says that your answer helped
item-watched = { $who } wrote in a thread you follow
item-new_thread = { $who } began a thread in a group you follow
item-liked = { $who } likes what you wrote
item-signed_up = { $who } wants to join the hub
item-followed = { $who } follows you
