# Namen beim Schreiben, Antworten an ihrem Platz, was offen ist und wer dabei ist.
names-offered = Leute und Gruppen zum Erwähnen
live-put-one = Die neue Antwort steht an ihrem Platz: hin zu ihr
live-put-more = # neue Antworten stehen an ihrem Platz: zur ersten
close = Schließen
group-you-are-in = Du bist dabei. Neues von hier steht auf der Startseite unter „{ scope-joined }“.
group-you-are-in-from = Du bist mit deinem Konto { $address } dabei.
