# Marks and small questions: what is asked before something goes, languages, times, pictures.

sure-message = Nobody in this conversation can read it any more, and it cannot be brought back.
sure-message-do = Delete the message
sure-filter = What has these words is shown again as if nothing were set.
sure-filter-do = Delete the filter
sure-rule = Nobody can name it in a report any more, and it cannot be brought back.
sure-rule-do = Delete the rule
sure-wording = It is gone for all moderators, and cannot be brought back.
sure-wording-do = Delete the text
sure-announcement = Nobody is shown it any more, and it cannot be shown again.
sure-announcement-do = End it for everybody

event-own = Where you are:
poll-results-show = Show the results so far
groups-shared = Groups to read along in and to join, with an account here or on your own server.
questions-shared = Questions from all groups, and the answers that helped.
events-shared = When and where people meet, from all groups.

pictures-alt-hint = Say in a sentence or two what one has to know of it. Who cannot see it hears your words instead.

language-of = { $code ->
    [ar] Arabic
    [bg] Bulgarian
    [ca] Catalan
    [cs] Czech
    [da] Danish
    [de] German
    [el] Greek
    [en] English
    [eo] Esperanto
    [es] Spanish
    [et] Estonian
    [eu] Basque
    [fa] Persian
    [fi] Finnish
    [fr] French
    [ga] Irish
    [gl] Galician
    [he] Hebrew
    [hi] Hindi
    [hr] Croatian
    [hu] Hungarian
    [id] Indonesian
    [it] Italian
    [ja] Japanese
    [ko] Korean
    [lt] Lithuanian
    [lv] Latvian
    [nb] Norwegian
    [nl] Dutch
    [no] Norwegian
    [pl] Polish
    [pt] Portuguese
    [ro] Romanian
    [ru] Russian
    [sk] Slovak
    [sl] Slovenian
    [sr] Serbian
    [sv] Swedish
    [th] Thai
    [tr] Turkish
    [uk] Ukrainian
    [vi] Vietnamese
    [zh] Chinese
   *[other] { $code }
}
