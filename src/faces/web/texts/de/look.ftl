# Der Rahmen jeder Seite, und wie sie aussieht.
nav-home = Start
nav-new = Schreiben
nav-news = Neues
nav-me = Du
nav-mine = Dein Menü
nav-short = Kurze Wege
nav-run = Den Hub betreiben
search-hint = Suchen oder Adresse einfügen
keys = Tasten: j und k gehen durch die Liste, / sucht, n schreibt
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
welcome-join = Einer Gruppe beitreten
welcome-profile = Sagen, wer du bist
groups-lead = Finde die Menschen, die sich für dasselbe begeistern.
group-private-mark = privat
settings-look = Aussehen
settings-look-hint = Wird in diesem Browser gemerkt.
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
