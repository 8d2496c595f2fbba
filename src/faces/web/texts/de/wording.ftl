quoted-comment = Kommentar
quotes-in-answer = Deine Antwort zitiert
edit-standing = Was jetzt dort steht
refusal-edit-conflict = Das wurde inzwischen geändert, in einem anderen Fenster oder von einem Programm. Von dir ist nichts verloren: Bitte sieh dir beides an und speichere noch einmal.
