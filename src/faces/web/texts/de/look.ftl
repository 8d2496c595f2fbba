# Der Rahmen jeder Seite, und wie sie aussieht.
nav-home = Start
nav-new = Neu
nav-news = Neues
nav-me = Du
nav-mine = Dein Menü
nav-short = Kurze Wege
more-actions = Mehr
nav-run = Den Hub betreiben
search-hint = Suchen oder Adresse einfügen
keys = Tasten: j und k gehen durch die Liste, / sucht, n schreibt, q zitiert, was markiert ist
copy = Kopieren
copied = Kopiert
look-theme = Hell oder dunkel
look-auto = Wie das Gerät es sagt
look-light = Hell
look-dark = Dunkel
look-density = Wie dicht
look-comfortable = Luftig
look-compact = Dicht

ask-hint = Frag etwas, zeig deine Arbeit …
hero-join = Mitmachen
hero-look = Umsehen
proof-members = { $count ->
    [one] Mitglied
   *[other] Mitglieder
}
proof-active = { $count ->
    [one] davon schrieb in diesem Monat
   *[other] davon schrieben in diesem Monat
}
proof-written = { $count ->
    [one] Beitrag oder Antwort
   *[other] Beiträge und Antworten
}
welcome-heading = Komm an
welcome-done = (erledigt)
welcome-look = Sagen, worum es hier geht, und Farben wählen
welcome-found = Eine Gruppe gründen
welcome-invite = Leute einladen
welcome-join = Einer Gruppe beitreten
welcome-profile = Sagen, wer du bist
groups-lead = Finde die Menschen, die sich für dasselbe begeistern.
group-private-mark = privat
settings-look = Aussehen
settings-look-hint = Wird mit deinem Konto gemerkt, wo immer du dich anmeldest.
month-short = { $month ->
    [1] Jan.
    [2] Feb.
    [3] März
    [4] Apr.
    [5] Mai
    [6] Juni
    [7] Juli
    [8] Aug.
    [9] Sep.
    [10] Okt.
    [11] Nov.
   *[other] Dez.
}

appearance-title = Erscheinungsbild
appearance-lead = Gib dem Hub deinen Namen, deine Bilder und die Farbe deiner Marke. Alle anderen Farben werden daraus gemacht, sodass alle sie lesen können. Was hier gewählt ist, geht der Einstellungsdatei vor.
appearance-exact = Genaue Farben wählen
appearance-exact-hint = Für Marken, deren Farbe sich nicht ändern darf. Was sich nicht lesen ließe, wird abgelehnt.
appearance-reset = Wie in der Einstellungsdatei
appearance-chosen = Diese Farben wurden hier gewählt und gehen der Einstellungsdatei vor.
appearance-settings = Diese Farben kommen aus der Einstellungsdatei.
appearance-words = So sehen Wörter aus, und das, was man drücken kann.
appearance-pairs = Wie gut sich Farben unterscheiden lassen
appearance-pair = Wo
appearance-theme = Seiten
appearance-colours = Farben
appearance-contrast = Kontrast
appearance-on-page = Links auf der Seite
appearance-on-accent = Wörter auf Knöpfen
appearance-on-soft = Wörter auf Gewähltem
field-brand = Farbe der Marke
field-brand-hint = Heller oder dunkler, wo es zum Lesen nötig ist.
field-brand-light = Auf hellen Seiten
field-brand-dark = Auf dunklen Seiten
refusal-brand-malformed = Das ist keine Farbe. Bitte schreibe eine wie #0f6b66.
refusal-brand-light_unreadable = Diese Farbe ist auf hellen Seiten nicht zu lesen. Bitte wähle eine dunklere, oder lass das Feld leer.
refusal-brand-dark_unreadable = Diese Farbe ist auf dunklen Seiten nicht zu lesen. Bitte wähle eine hellere, oder lass das Feld leer.
styleguide-title = Stilkunde
styleguide-lead = Jedes Stück, aus dem Seiten gemacht sind. Neue Seiten verwenden diese und bringen keinen eigenen Stil mit.
