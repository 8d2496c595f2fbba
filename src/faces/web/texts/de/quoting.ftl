quoted-comment = Kommentar
quotes-in-answer = Deine Antwort zitiert
