# Schreiben und Lesen: Verfassen, Entwürfe, Fragen, Verlauf, Themen.

kind-text = Text
kind-link = Link
kind-question = Frage
kind-poll = Umfrage
kind-event = Treffen
field-group = Gruppe
group-choose = Gruppe wählen
question-hint = Du oder die Moderation könnt die Antwort kennzeichnen, die geholfen hat. Sie steht dann gleich unter deiner Frage.
similar-heading = Ähnliche Themen
travel-open = { $count ->
    [0] Das können alle lesen. Es steht auf diesem Hub und lässt sich von überall abrufen.
    [one] Das können alle lesen. Es geht auch an einen anderen Server, auf dem Menschen der Gruppe folgen.
   *[other] Das können alle lesen. Es geht auch an { $count } andere Server, auf denen Menschen der Gruppe folgen.
}
travel-private = Das lesen nur Mitglieder der Gruppe, hier und auf den Servern, auf denen Mitglieder zu Hause sind.
travel-elsewhere = Das geht an { $host } und von dort an alle, die der Gruppe folgen.

drafts-title = Entwürfe
drafts-planned = Geplant
drafts-begun = Angefangen
drafts-none-planned = Nichts ist geplant.
drafts-none = Keine Entwürfe. Was du beim Schreiben behältst, steht hier, auf allen deinen Geräten.
drafts-answers = Angefangene Antworten
drafts-answers-hint = Was du in eine Antwort tippst, bleibt 30 Tage hier stehen, Bilder nicht.
answer-kept-here = Dein Entwurf, noch nicht abgeschickt
answer-kept-now = Gespeichert
answer-not-kept = Nicht gespeichert
answer-kept-to-post = Antwort auf den Beitrag
answer-kept-to-comment = Antwort auf einen Kommentar
answer-kept-lost = Ein Gespräch, das du nicht mehr sehen kannst
quote-wrote = schrieb:
answer-kept-whole = Ganzer Text
draft-untitled = Ohne Titel
draft-keep = Entwurf sichern
draft-kept-now = Entwurf gerade gespeichert
draft-goes-out = erscheint am
draft-withdraw = Zurückziehen
draft-discard = Verwerfen
draft-discard-sure = Das lässt sich nicht zurückholen.
draft-discard-do = Endgültig verwerfen
draft-not-posted = Er konnte nicht veröffentlicht werden:
draft-refused = Die Gruppe nimmt ihn nicht an.
plan-heading = Später veröffentlichen
plan-it = Planen
field-publish-at = Tag und Uhrzeit
note-draft-kept = Entwurf gespeichert. Du kannst hier oder auf einem anderen Gerät weiterschreiben.
note-draft-planned = Geplant. Bis dahin kannst du es ändern oder zurückziehen.
note-draft-discarded = Der Entwurf ist weg.

questions-title = Fragen
questions-open = Unbeantwortet
questions-answered = Beantwortet
questions-none-open = Jede Frage hat eine Antwort.
questions-none-answered = Noch keine Frage hat eine Antwort.
questions-ask = Eine Frage stellen
mark-answered = beantwortet
mark-open = offene Frage
answer-accepted = Die Antwort, die geholfen hat
answer-in-place = Im Gespräch ansehen
answer-accept = Das hat geholfen
answer-unaccept = Hat doch nicht geholfen
note-accepted = Als die Antwort gekennzeichnet, die geholfen hat.
note-unaccepted = Die Frage ist wieder offen.
notice-accepted = sagt, dass deine Antwort geholfen hat

history-title = Was vorher dastand
history-about = Jede Fassung neben der davor: Neues ist unterstrichen, Weggefallenes durchgestrichen.
history-now = wie jetzt
history-first = wie am Anfang

sort-best = Beste
sort-old = Älteste
thread-news = { $count ->
    [one] Eine neue Antwort, seit du hier warst: hin zu ihr
   *[other] { $count } neue Antworten, seit du hier warst: hin zur ersten
}
thread-fresh = { $count ->
    [one] eine neu
   *[other] { $count } neu
}
thread-fold = Antworten
thread-deeper = { $count ->
    [one] Weiterlesen: noch eine Antwort
   *[other] Weiterlesen: noch { $count } Antworten
}
thread-follow = Folgen
thread-unfollow = Nicht mehr folgen
thread-mute = Stumm schalten
thread-unmute = Nicht mehr stumm
note-thread-followed = Du erfährst von jeder neuen Antwort in diesem Thema.
note-thread-muted = Du hörst nichts mehr von diesem Thema.
note-thread-left = Du erfährst von diesem Thema, wenn dir jemand antwortet oder dich erwähnt.
live-one = Eine neue Antwort: anzeigen
live-more = # neue Antworten: anzeigen

saved-title = Gemerkt
saved-none = Noch nichts gemerkt. Drück „Merken“ unter einem Beitrag oder Kommentar.
keep = Für später merken
unsave = Gemerkt: wieder herausnehmen
keep-short = Merken
unsave-short = Gemerkt
note-kept = Für später gemerkt.
note-unkept = Nicht mehr gemerkt.
undo = Rückgängig

refusal-draft-full = Du hast schon zu viele Entwürfe. Bitte veröffentliche oder verwirf erst einen.
refusal-draft-group = Bitte wähle die Gruppe, in die es soll.
refusal-draft-not_found = Einen solchen Entwurf gibt es nicht.
refusal-draft-time = Bitte wähle eine Zeit innerhalb des nächsten Jahres.
refusal-history-closed = Was vorher dastand, sehen nur die Moderation und wer es geschrieben hat.
refusal-live-full = Gerade lesen zu viele mit. Die Seite geht auch ohne das.
refusal-post-no_link = Bitte sag, um welche Seite es geht.
refusal-question-asker = Welche Antwort geholfen hat, sagen nur die Moderation und wer gefragt hat.
refusal-question-none = Dieser Beitrag fragt nach keiner Antwort.
toolbar-label = Formatieren
toolbar-bold = Fett
toolbar-italic = Kursiv
toolbar-heading = Überschrift
toolbar-quote = Zitat
toolbar-link = Link
toolbar-bullets = Liste
toolbar-numbers = Nummerierte Liste
toolbar-code = Code
more-tools = Mehr
events-title = Termine
events-coming = Kommende
events-over = Vergangene
events-subscribe = Kalender abonnieren
events-write = Termin ankündigen
events-none-coming = Noch ist nichts geplant. Kündige das erste Treffen an.
events-none-over = Noch gab es keinen Termin.
event-calendar = In den Kalender
