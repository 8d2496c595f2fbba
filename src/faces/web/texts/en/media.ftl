# Pictures: of posts and comments, of people and groups.

pictures-add = { $count ->
    [one] Add a picture
   *[other] Add pictures (up to { $count })
}
pictures-hint = JPEG, PNG, GIF, WebP or AVIF, up to { $limit } each. Where and with what a picture was taken is removed. Of a moving picture, the first frame is kept.
pictures-drop = Several can be chosen at once, dropped here, or pasted into the text.
pictures-many = There is no room for all of these; what did not fit was left out.
picture-number = Picture { $number }
picture-file = File
picture-alt = What it shows, for people who cannot see it
picture-drop = Take this picture out
picture-sending = This picture is on its way.
picture-sent = The picture is there. Please say what it shows.
picture-failed = It did not get there this way; it goes with the form.
files-sending = This is on its way.
files-failed = This did not get there. What you chose is still here; please try again.
gallery-place = Picture { $number } of { $count }
gallery-close = Close
gallery-before = Previous
gallery-after = Next
gallery-alone = On its own
settings-pictures = Picture and cover
group-pictures = Picture and cover of the group
shown-hint = JPEG, PNG, GIF, WebP or AVIF, up to { $limit } each. Where and with what a picture was taken is removed.
shown-icon = Picture beside the name
shown-icon-now = The picture as it is now
shown-icon-drop = Show no picture
shown-image = Cover above the page
shown-image-now = The cover as it is now
shown-image-drop = Show no cover
