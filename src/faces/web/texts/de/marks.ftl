# Marken und kleine Fragen: was gefragt wird, ehe etwas geht, Sprachen, Zeiten, Bilder.

sure-message = Niemand in dieser Unterhaltung kann sie dann noch lesen, und sie lässt sich nicht zurückholen.
sure-message-do = Nachricht löschen
sure-filter = Was diese Wörter hat, wird wieder gezeigt, als wäre nichts gesetzt.
sure-filter-do = Filter löschen
sure-rule = Niemand kann sie mehr in einer Meldung nennen, und sie lässt sich nicht zurückholen.
sure-rule-do = Regel löschen
sure-wording = Er ist für alle Moderatoren weg und lässt sich nicht zurückholen.
sure-wording-do = Text löschen
sure-announcement = Niemand bekommt sie mehr zu sehen, und sie lässt sich nicht noch einmal zeigen.
sure-announcement-do = Für alle beenden

event-own = Bei dir:
poll-results-show = Bisherige Ergebnisse zeigen
groups-shared = Gruppen zum Mitlesen und Mitmachen, mit einem Konto hier oder auf deinem eigenen Server.
questions-shared = Fragen aus allen Gruppen und die Antworten, die geholfen haben.
events-shared = Wann und wo man sich trifft, aus allen Gruppen.

pictures-alt-hint = Sag in ein, zwei Sätzen, was man davon wissen muss. Wer es nicht sehen kann, hört stattdessen deine Worte.
refusal-media-undescribed = Ein Bild hat noch niemand beschrieben. Wer es nicht sehen kann, erfährt so nichts davon: Bitte sag, was darauf zu sehen ist. Schmückt es nur, schick es noch einmal so, wie es ist.

language-of = { $code ->
    [ar] Arabisch
    [bg] Bulgarisch
    [ca] Katalanisch
    [cs] Tschechisch
    [da] Dänisch
    [de] Deutsch
    [el] Griechisch
    [en] Englisch
    [eo] Esperanto
    [es] Spanisch
    [et] Estnisch
    [eu] Baskisch
    [fa] Persisch
    [fi] Finnisch
    [fr] Französisch
    [ga] Irisch
    [gl] Galicisch
    [he] Hebräisch
    [hi] Hindi
    [hr] Kroatisch
    [hu] Ungarisch
    [id] Indonesisch
    [it] Italienisch
    [ja] Japanisch
    [ko] Koreanisch
    [lt] Litauisch
    [lv] Lettisch
    [nb] Norwegisch
    [nl] Niederländisch
    [no] Norwegisch
    [pl] Polnisch
    [pt] Portugiesisch
    [ro] Rumänisch
    [ru] Russisch
    [sk] Slowakisch
    [sl] Slowenisch
    [sr] Serbisch
    [sv] Schwedisch
    [th] Thailändisch
    [tr] Türkisch
    [uk] Ukrainisch
    [vi] Vietnamesisch
    [zh] Chinesisch
   *[other] { $code }
}

